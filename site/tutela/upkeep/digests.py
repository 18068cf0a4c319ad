"""Recognising a name without holding it: salted, slow digests of its words.

`register/register.js` does the same in a browser; a test compares the two.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

ROUNDS = 10_000
LENGTH = 16
WORD = re.compile(r"\w+")
FINAL_SIGMA = str.maketrans("ς", "σ")


def words(name: str) -> list[str]:
    """Return the words of a name as they are compared: without case, accents and vowel points.

    First into capitals and then back, because that is what browsers can do, too.
    """
    plain = unicodedata.normalize("NFKD", name).upper().lower().translate(FINAL_SIGMA)
    plain = unicodedata.normalize("NFKD", plain)
    letters = "".join(letter for letter in plain if unicodedata.category(letter) != "Mn")
    return WORD.findall(letters)


def digest(word: str, *, salt: bytes) -> str:
    """Return what recognises a word: PBKDF2 with SHA-256, so that trying many names takes a while."""
    found = hashlib.pbkdf2_hmac("sha256", word.encode(), salt, ROUNDS, LENGTH)
    return found.hex()


def digests(name: str, *, salt: bytes) -> list[str]:
    """Return the digests of a name's words, in an order that says nothing of the name's."""
    return sorted(digest(word, salt=salt) for word in set(words(name)))
