#!/usr/bin/env python
"""Run one of Tutela's commands."""

import os
import sys
from pathlib import Path

if __name__ == "__main__":
    # `site/` is a plain folder, never a package: the standard library owns that name.
    sys.path.insert(1, str(Path(__file__).resolve().parent / "site"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tutela.settings.demonstration")

    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
    except ModuleNotFoundError:
        sys.exit("Tutela's packages are not installed for this Python: type `make run`.")

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
