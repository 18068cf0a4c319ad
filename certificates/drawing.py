"""The printed certificate: one A4 sheet, PDF/A-3a and PDF/UA-1, in every script of our fonts."""

from __future__ import annotations

import io
import json
import unicodedata
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, cast

import segno
import typst
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tutela.kit.templatetags.kit import direction, duration

from .codes import grouped
from .verifying import verification_address

if TYPE_CHECKING:
    from datetime import date

    from .models import Certificate

SHEETS = Path(__file__).resolve().parent / "sheet"
FONTS = Path(__file__).resolve().parent / "fonts"
INK = "#16202c"
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
STANDARDS: list[typst.PDFStandard] = ["a-3a", "ua-1"]
# A name that needs one of these is not one that is read as it is printed (bidi overrides, for one);
# the joiners that Persian and Kurdish names need are in no such list.
INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
JOINERS = frozenset("\u200c\u200d")
# The compiler is not made for two threads at once, and a second one would load the fonts again.
_one_at_a_time = Lock()


class LanguageMissingError(LookupError):
    """The certificate was not issued in this language."""


class CannotPrintError(RuntimeError):
    """The fonts lack a character of this text."""


@cache
def _compiler() -> typst.Compiler:
    """Return this process's compiler: it keeps fonts and template in memory."""
    return typst.Compiler(
        root=str(SHEETS),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
    )


def _compile(data: dict[str, Any], *, at: datetime, sheet: str = "certificate") -> bytes:
    """Return the PDF of a sheet filled with data.

    Raises `CannotPrintError` for a character that no font has: PDF/A refuses it.
    """
    with _one_at_a_time:
        try:
            pdf = _compiler().compile(
                str(SHEETS / f"{sheet}.typ"),
                format="pdf",
                sys_inputs={"d": json.dumps(data, ensure_ascii=False)},
                pdf_standards=STANDARDS,
                timestamp=int(at.timestamp()),
            )
        except typst.TypstError as error:
            raise CannotPrintError(str(error)) from error
    return cast("bytes", pdf)  # one PDF in memory: neither a list nor a file


def can_print(name: str) -> bool:
    """Return whether our fonts have every character of a name, and none of them is a trick."""
    plain = (letter for letter in name if letter not in JOINERS)
    if any(unicodedata.category(letter) in INVISIBLE for letter in plain):
        return False
    try:
        _compile({"name": name}, at=EPOCH, sheet="name")
    except CannotPrintError:
        return False
    return True


def draw_certificate(certificate: Certificate, *, language: str) -> bytes:
    """Return the certificate as PDF, in one of its languages; the same bytes every time.

    Raises `LanguageMissingError` for another language, and `CannotPrintError` where the fonts lack
    a character.
    """
    if language not in certificate.texts:
        raise LanguageMissingError(language)
    spoken = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(spoken):
        data = {**_texts(certificate, language), **_words(certificate, language)}
    data |= {"words_lang": spoken.partition("-")[0], "words_rtl": direction(spoken) == "rtl"}
    return _compile(data, at=certificate.issued_at)


def _texts(certificate: Certificate, language: str) -> dict[str, Any]:
    """Return what is frozen in the certificate, in this language."""
    frozen = certificate.texts[language]
    code, _dash, region = language.partition("-")
    return {
        "lang": code,
        # A region has two letters; `zh-hans` and `sr-latn` name a script, which the text itself shows.
        "region": region.upper() if len(region) == len("GB") else None,
        "direction": direction(language),
        "holder": certificate.holder,
        "course": frozen["title"],
        "subtitle": frozen["subtitle"],
        "objectives": frozen["objectives"],
        "code": grouped(certificate.code),
        "qr": qr_code(verification_address(certificate)),
    }


def _words(certificate: Certificate, language: str) -> dict[str, Any]:
    """Return what the site says around it, in the active language."""
    frozen = certificate.texts[language]
    issuer, percent = certificate.issuer, certificate.completion.pass_percent
    facts = [(_("Completed on"), _day(certificate.issued_on))]
    if certificate.expires_on:
        facts.append((_("Valid until"), _day(certificate.expires_on)))
    facts += [
        (_("Learning time"), duration(frozen["minutes"])),
        (_("Pass mark"), _("%(percent)d %%, every critical question right") % {"percent": percent}),
    ]
    return {
        "title": _("Certificate of completion: %(course)s") % {"course": frozen["title"]},
        "issuer": issuer,
        "facts": facts,
        "address": settings.BASE_URL + reverse("verify:start"),
        "words": {
            "heading": _("Certificate of completion"),
            "issued": _("Issued by %(issuer)s") % {"issuer": issuer},
            "completed": _("completed the training"),
            "objectives": _("Objectives of the training"),
            "verify": _(
                "Check this certificate: scan the square, or type its code at the address."
            ),
            "note": "" if frozen["reviewed"] else _("Text not yet reviewed by a professional"),
            "qr": _("QR code with the address where this certificate can be checked"),
        },
    }


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


def qr_code(address: str) -> str:
    """Return an address as an SVG image; a fixed mask, as trying all eight takes four times as long."""
    image = io.BytesIO()
    segno.make(address, error="m", micro=False, mask=3).save(
        image, kind="svg", border=0, xmldecl=False, svgclass=None, lineclass=None, dark=INK
    )
    return image.getvalue().decode()
