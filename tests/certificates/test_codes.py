"""Codes that are read and typed by people."""

from __future__ import annotations

import pytest

from certificates.codes import ALPHABET, grouped, is_code, new_code, normalise

CODE = "0123456789ABCDEFGHJKMNPQRS"


def test_a_code_has_130_random_bits() -> None:
    codes = {new_code() for _ in range(1000)}

    assert len(codes) == 1000
    assert {len(code) for code in codes} == {26}
    assert set("".join(codes)) == set(ALPHABET)
    assert len(ALPHABET) == 2**5


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (CODE, CODE),
        (CODE.lower(), CODE),
        (grouped(CODE), CODE),
        ("oil OIL", "011011"),
        (" 0123 – 4567\u00a0\n89ab ", "0123456789AB"),
        ("", ""),
    ],
)
def test_a_typed_code_is_read_as_it_was_meant(typed: str, stored: str) -> None:
    assert normalise(typed) == stored


@pytest.mark.parametrize(
    ("code", "formed"),
    [(CODE, True), (CODE[:-1], False), (CODE + "0", False), (CODE[:-1] + "U", False), ("", False)],
)
def test_only_26_characters_of_the_alphabet_are_a_code(code: str, *, formed: bool) -> None:
    assert is_code(code) is formed


def test_a_code_is_printed_in_groups_of_four() -> None:
    assert grouped(CODE) == "0123-4567-89AB-CDEF-GHJK-MNPQ-RS"
