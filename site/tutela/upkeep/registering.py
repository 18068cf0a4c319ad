"""The register that goes on verifying when the instance has closed: plain files, one a certificate."""

from __future__ import annotations

import hashlib
import secrets
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format

from certificates.api import State, finding_of, said
from certificates.models import Certificate
from tutela.kit.stylesheet import joined

from .digests import ROUNDS, digests

if TYPE_CHECKING:
    from datetime import datetime

    from certificates.api import Finding

# From so many on, a folder of them all is slow to walk: 1,024 folders hold them, by two letters.
SHARDED_FROM = 100_000
BATCH = 500
SALT = 16
OWN = Path(__file__).parent / "register"
INDEX = "SHA256SUMS"
FOLDER = "verify"
PICTURES = ("favicon.svg", "mark.svg")


@dataclass
class Register:
    """A register that is being written: where, as of when, and the sums of what stands in it."""

    folder: Path
    at: datetime
    sharded: bool
    sums: TextIO
    files: int = 0
    states: dict[str, int] = field(default_factory=dict)

    def write(self, path: str, text: str) -> None:
        """Write one file, and its sum into the index."""
        place = self.folder / FOLDER / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8", newline="\n")
        found = hashlib.sha256(text.encode()).hexdigest()
        self.sums.write(f"{found}  {FOLDER}/{path}\n")
        self.files += 1

    def path_of(self, code: str) -> str:
        """Return where the page of a code lies."""
        return f"{code[:2]}/{code}.html" if self.sharded else f"{code}/index.html"


class RegisterError(RuntimeError):
    """There is no register, for a reason that the operator can mend."""


def write_register(folder: Path, *, at: datetime, sharded: bool | None = None) -> Register:
    """Write the whole register; the folder gets its name when it is complete.

    Memory stays the same however many certificates there are.
    """
    if folder.exists():
        raise RegisterError(f"{folder} is there already.")
    draft = folder.with_name(f".{folder.name}.unfinished")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    if sharded is None:
        sharded = Certificate.objects.count() >= SHARDED_FROM
    # The index lists every code, and a code is what opens a page: it is not for everybody.
    (draft / INDEX).touch(mode=0o600)
    with (draft / INDEX).open("w", encoding="utf-8") as sums:
        register = Register(draft, at, sharded, sums)
        _write_frame(register)
        every = Certificate.objects.told().order_by("pk")
        for certificate in every.iterator(chunk_size=BATCH):
            _write_certificate(register, certificate)
    draft.rename(folder)
    register.folder = folder
    return register


def _write_frame(register: Register) -> None:
    """Write what is there once: the page that asks for a code, and what all pages share."""
    register.write("index.html", _page(register, "entry", root=""))
    register.write("404.html", _page(register, "unknown", root="/verify/"))
    register.write("withdrawn.html", _page(register, "withdrawn", root="../"))
    shown = "".join(
        f':root[data-shown="{code}"] [data-language]:not([data-language="{code}"]) {{ display: none; }}\n'
        for code, _name in settings.LANGUAGES
    )
    style = (OWN / "register.css").read_text(encoding="utf-8")
    register.write("register.css", f"{joined()}{style}{shown}")
    for name in ("register.js", "by-hand.txt"):
        register.write(name, (OWN / name).read_text(encoding="utf-8"))
    for name in PICTURES:
        register.write(name, Path(finders.find(f"kit/{name}") or "").read_text(encoding="utf-8"))


def _write_certificate(register: Register, certificate: Certificate) -> None:
    finding = finding_of(certificate, on=timezone.localdate(register.at))
    register.states[finding.state] = register.states.get(finding.state, 0) + 1
    if finding.state == State.WITHDRAWN:
        page = _page(register, "withdrawn", root="../")
    else:
        page = _page(register, "certificate", root="../", finding=finding)
    register.write(register.path_of(certificate.code), page)


def _page(register: Register, kind: str, *, root: str, finding: Finding | None = None) -> str:
    """Return a page that says the same in every language, one after the other."""
    context = {
        "root": root,
        "sections": [_section(register, kind, code, finding) for code in _languages()],
        "site_name": settings.SITE_NAME,
        **(_recognised(finding.certificate) if finding else {}),
    }
    with translation.override(settings.LANGUAGE_CODE):
        return render_to_string("upkeep/register/page.html", context)


def _section(
    register: Register, kind: str, language: str, finding: Finding | None
) -> dict[str, str]:
    """Return what a page says in one language."""
    with translation.override(language):
        context = {
            "shown": language,
            "kind": kind,
            "closed": date_format(timezone.localdate(register.at)),
            "address": f"{settings.BASE_URL}/{FOLDER}/",
            "emergency_number": settings.EMERGENCY_NUMBER,
            **(said(finding, preferred=language) if finding else {}),
        }
        parts = {
            part: render_to_string(f"upkeep/register/{template}.html", context).strip()
            for part, template in (("title", "title"), ("main", kind), ("foot", "foot"))
        }
        return {"code": language, **parts}


def _languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]


def _recognised(certificate: Certificate) -> dict[str, str | int]:
    """Return what lets who knows the holder's surname recognise it, and nobody read it."""
    salt = secrets.token_bytes(SALT)
    found = digests(certificate.holder, salt=salt)
    return {"salt": salt.hex(), "rounds": ROUNDS, "digests": " ".join(found)}
