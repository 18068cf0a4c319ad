"""A name is recognised by its words, and read by nobody."""

from __future__ import annotations

import pytest

from certificates.api import knows_the_name
from tutela.upkeep.digests import digest, digests, words

SALT = bytes(16)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("José Müller-Weiß", ["jose", "muller", "weiss"]),
        ("  O'Neill ", ["o", "neill"]),
        ("Ὀδυσσεύς", ["οδυσσευσ"]),
        ("Işıl", ["isil"]),
        ("Ёлкина", ["елкина"]),
        ("ﬁnn", ["finn"]),
        ("", []),
    ],
)
def test_words_are_compared_without_case_and_marks(name: str, found: list[str]) -> None:
    assert words(name) == found


@pytest.mark.parametrize(
    ("typed", "holder"),
    [("MULLER", "José Müller"), ("weiss", "Anna Weiß"), ("Елкина", "Вера Ёлкина"), ("نور", "نُور")],
)
def test_what_the_live_page_knows_is_known_here(typed: str, holder: str) -> None:
    assert knows_the_name(typed, holder=holder)
    assert set(words(typed)) <= set(words(holder))


def test_digests_are_salted_and_in_no_order() -> None:
    found = digests("Anna Example Anna", salt=SALT)

    assert found == sorted({digest("anna", salt=SALT), digest("example", salt=SALT)})
    assert not set(found) & set(digests("Anna Example", salt=b"1" * 16))


def test_digest_is_the_one_that_the_instructions_compute() -> None:
    salt = bytes.fromhex("00112233445566778899aabbccddeeff")

    assert digest("example", salt=salt) == "e6704be1ec0ab09d7e84aae7f3a112ab"
