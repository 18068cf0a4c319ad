"""A language that nobody speaks, to prove that another one is translation only.

It is called Arabic, so it runs from right to left and has Django's own Arabic dates and errors. Its
words are made of ours: in Arabic letters, which nothing untranslated has, and two fifths longer.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polib
from django.conf import settings
from django.test import override_settings
from django.utils.functional import lazystr

if TYPE_CHECKING:
    from pathlib import Path

CODE = "ar"
LETTERS = dict(zip("abcdefghijklmnopqrstuvwxyz", "ابتثجحخدذرزسشصضطظعغفقكلمنه", strict=True))
# What a translator leaves as it is.
KEPT = re.compile(r"(%\(\w+\)[sd]|%[sd%]|\{\w*\}|<[^>]*>|&\w+;)")
MORE = "مممم"


def pretended(text: str) -> str:
    """Return a text as the language that nobody speaks says it."""
    parts = KEPT.split(text)
    parts[::2] = ["".join(LETTERS.get(one, one) for one in part.lower()) for part in parts[::2]]
    length = sum(map(len, parts[::2]))
    words = -(-length * 2 // 5) // (len(MORE) + 1) + 1
    end = "\n" if text.endswith("\n") else ""
    return "".join(parts).removesuffix("\n") + f" {MORE}" * words + end


def make_catalogue(folder: Path) -> Path:
    """Write a compiled catalogue of every text that a real one has, and return its folder."""
    source = polib.pofile(str(settings.ROOT / "locale" / "fr" / "LC_MESSAGES" / "django.po"))
    made = polib.POFile()
    made.metadata = {
        "Content-Type": "text/plain; charset=utf-8",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    for entry in source:
        said = pretended(entry.msgid)
        made.append(
            polib.POEntry(
                msgid=entry.msgid,
                msgctxt=entry.msgctxt,
                msgid_plural=entry.msgid_plural,
                **({"msgstr_plural": {0: said}} if entry.msgid_plural else {"msgstr": said}),
            )
        )
    target = folder / CODE / "LC_MESSAGES"
    target.mkdir(parents=True)
    made.save_as_mofile(str(target / "django.mo"))
    return folder


def speaking(folder: Path) -> override_settings:
    """Let the site speak this language, too."""
    return override_settings(
        LANGUAGES=[*settings.LANGUAGES, (CODE, lazystr("Arabic"))],
        LOCALE_PATHS=[make_catalogue(folder), *settings.LOCALE_PATHS],
    )
