"""What a certificate is worth on a day."""

from __future__ import annotations

from datetime import date

import pytest

from certificates.validity import decide

LAST = date(2029, 11, 24)
AFTER = date(2029, 11, 25)


@pytest.mark.parametrize(
    ("fates", "on", "state"),
    [
        (set(), LAST, "valid"),
        (set(), AFTER, "expired"),
        ({"superseded"}, LAST, "superseded"),
        ({"superseded"}, AFTER, "superseded"),
        ({"superseded", "revoked"}, AFTER, "revoked"),
        ({"superseded", "revoked", "withdrawn"}, AFTER, "withdrawn"),
        ({"withdrawn"}, LAST, "withdrawn"),
    ],
)
def test_the_heaviest_fate_decides(fates: set[str], on: date, state: str) -> None:
    assert decide(fates, expires_on=LAST, on=on) == state


def test_a_certificate_without_a_last_day_never_expires() -> None:
    assert decide(set(), expires_on=None, on=date(2999, 1, 1)) == "valid"
