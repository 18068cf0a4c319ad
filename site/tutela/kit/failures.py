"""What is known about a database that cannot commit, and about a form that it refused."""

from __future__ import annotations

import sys
from errno import EDQUOT, ENOSPC, EROFS
from typing import TYPE_CHECKING

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import UnreadablePostError

if TYPE_CHECKING:
    from django.http import HttpRequest

NO_ROOM = {ENOSPC, EDQUOT, EROFS}
UNREADABLE = (UnreadablePostError, RequestDataTooBig, SuspiciousOperation)


def is_database_failure(error: BaseException | None) -> bool:
    """Return whether the database itself failed: full, locked, stopped, out of reach."""
    return isinstance(error, OperationalError | InterfaceError)


def is_store_failure(error: BaseException | None) -> bool:
    """Return whether the store of uploaded files failed: its disk is full, or its server away."""
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        return True
    # The library of a store on another machine is not loaded without one.
    library = sys.modules.get("botocore.exceptions")
    return library is not None and isinstance(error, library.BotoCoreError | library.ClientError)


def kept_fields(request: HttpRequest) -> list[tuple[str, str]] | None:
    """Return the posted fields, to be sent again; None where the page must not or cannot hold them.

    A password does not belong into a page, a file cannot be put there, and a form sent again
    without one of its fields would lose something.
    """
    if request.method != "POST":
        return None
    try:
        fields = [(name, value) for name, values in request.POST.lists() for value in values]
        has_files = bool(request.FILES)
    except UNREADABLE:
        return None
    if has_files or any("password" in name.lower() for name, _value in fields):
        return None
    return [(name, value) for name, value in fields if name != "csrfmiddlewaretoken"]
