"""Forms of the CMS, sent as their pages would send them, and why."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.test import Client

WHY = {"reason": "Asked for by her employer"}
PERSON = {"first_name": "A", "last_name": "B", "is_active": "on"}
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?')


def sent(client: Client, address: str, form: dict[str, str], names: dict[str, Any]) -> Any:
    """Send a form as its page would, with the hidden fields that the page holds."""
    url = f"/cms/{address}".format(**names)
    shown = client.get(url).content.decode()
    hidden = {name: unescape(value) for name, value in HIDDEN.findall(shown)}
    return client.post(
        url, {**hidden, **{name: value.format(**names) for name, value in form.items()}}
    )
