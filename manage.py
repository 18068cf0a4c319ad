#!/usr/bin/env python
"""Run one of Tutela's commands."""

import os
import re
import sqlite3
import sys
from pathlib import Path

if __name__ == "__main__":
    # `site/` is a plain folder, never a package: the standard library owns that name.
    sys.path.insert(1, str(Path(__file__).resolve().parent / "site"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tutela.settings.demonstration")

    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
        from django.db import DatabaseError
    except ModuleNotFoundError:
        sys.exit("Tutela's packages are not installed for this Python: type `make run`.")

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    except (PermissionError, NotADirectoryError) as error:
        sys.exit(
            f"{error.filename} cannot be written: give it to the user who runs this, "
            "or name another folder (TUTELA_VAR)."
        )
    except (DatabaseError, sqlite3.DatabaseError) as error:
        # What SQLite and PostgreSQL say of a table that nobody has made, and what the pool says.
        if re.search('no such table|relation ".+" does not exist', str(error)):
            sys.exit("The database has no tables yet: make them with `manage.py migrate`.")
        if "couldn't get a connection" in str(error):
            sys.exit(
                "The database takes no connection: is its server running, and are host, port, "
                "name, user and password in DATABASE_URL right? Its server's log says more."
            )
        raise
    except KeyboardInterrupt:
        sys.exit(130)
