"""The code of a certificate: 26 characters of Crockford's base 32, made to be read and typed.

The alphabet leaves out I, L, O and U, which look like 1, 1, 0 and V (Crockford, "Base 32").
"""

from __future__ import annotations

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 26
GROUP = 4
# Dashes and spaces of all kinds that come along when a code is copied from a PDF or a chat.
SEPARATORS = " \t\r\n\u00a0\u200b\u202f-\u2010\u2011\u2012\u2013\u2014_."
CORRECTIONS = str.maketrans({**dict.fromkeys(SEPARATORS), "O": "0", "I": "1", "L": "1"})


def new_code() -> str:
    """Return a new code: 130 random bits, so it cannot be guessed or counted up."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normalise(code: str) -> str:
    """Return a typed code as it is stored: upper case, no separators, O as 0, I and L as 1."""
    return code.upper().translate(CORRECTIONS)


def is_code(code: str) -> bool:
    """Return whether this has the form of a stored code; it may still be nobody's."""
    return len(code) == LENGTH and all(character in ALPHABET for character in code)


def grouped(code: str) -> str:
    """Return a code in groups of four, as it is printed: `XXXX-XXXX-…`."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))
