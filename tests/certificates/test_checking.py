"""What `check_records` learns from this room."""

from __future__ import annotations

from datetime import date

import pytest

from certificates.checking import breaches
from certificates.issuing import withdraw_certificates
from certificates.models import Certificate
from courses.models import Completion

from .rows import AT, holder_of, make_certificate, make_completion, make_person

pytestmark = pytest.mark.django_db


def erase_completions() -> None:
    Completion.objects.all().erase(person=None)


def test_sound_records_have_no_breach() -> None:
    anna = make_person()
    make_certificate(anna, expires_on=None)
    make_certificate(anna, cycle=2)

    assert list(breaches()) == []


def test_a_whole_erasure_is_no_breach() -> None:
    anna = make_person()
    make_certificate(anna)

    withdraw_certificates(anna, at=AT)
    erase_completions()

    assert list(breaches()) == []


def test_a_completion_without_certificate_is_a_breach() -> None:
    completion = make_completion(make_person())

    assert list(breaches()) == [f"completion {completion.pk}: no certificate was issued for it"]


def test_half_an_erasure_is_a_breach() -> None:
    certificate = make_certificate()
    withdraw_certificates(holder_of(certificate), at=AT)

    assert list(breaches()) == [f"certificate {certificate.pk}: its person is not the completion's"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"code": "SHORT"}, "its code has not the form of a code"),
        ({"texts": {"en": {}}}, "it lacks the language fr"),
        ({"holder": ""}, "it names no holder"),
        ({"issued_on": date(2020, 1, 1)}, "its day is not the completion's"),
        ({"expires_on": None}, "its last day is not the completion's"),
        ({"expires_on": date(2030, 1, 1)}, "its last day is not the completion's"),
    ],
)
def test_what_differs_is_a_breach(change: dict[str, object], words: str) -> None:
    certificate = make_certificate()
    Certificate.objects.all().erase(**change)

    assert list(breaches()) == [f"certificate {certificate.pk}: {words}"]
