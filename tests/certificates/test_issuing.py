"""Issuing, replacing, revoking and withdrawing certificates."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from certificates.issuing import (
    NameMissingError,
    ReasonMissingError,
    issue_certificate,
    revoke_certificate,
    withdraw_certificates,
)
from certificates.models import Certificate, CertificateEvent, State
from certificates.signals import certificate_issued, certificate_revoked
from certificates.verifying import state_of
from courses.models import Completion
from courses.signals import course_completed
from tutela.accounts.models import Event, User

from .rows import AT, TODAY, make_certificate, make_completion, make_person

pytestmark = pytest.mark.django_db


def test_a_certificate_is_frozen_from_the_completion() -> None:
    completion = make_completion(make_person(name="Ани Пример"))

    certificate = issue_certificate(completion, at=AT)

    frozen = {"subtitle": "", "objectives": [], "minutes": 75, "reviewed": False}
    assert certificate.texts == {
        "en": {"title": "Foundation", **frozen},
        "fr": {"title": "Socle commun", **frozen},
    }
    assert certificate.holder == "Ани Пример"
    assert certificate.issuer == "Tutela"
    assert (certificate.issued_at, certificate.issued_on) == (AT, TODAY)
    assert certificate.expires_on == completion.expires_on


def test_a_completion_has_one_certificate_however_often_it_is_asked() -> None:
    completion = make_completion(make_person())
    heard: list[Certificate] = []
    certificate_issued.connect(
        lambda certificate, **_: heard.append(certificate), weak=False, dispatch_uid="once"
    )

    first = issue_certificate(completion, at=AT)
    second = issue_certificate(completion, at=AT + timedelta(days=1))
    certificate_issued.disconnect(dispatch_uid="once")

    assert (first, [first]) == (second, heard)
    assert Event.objects.filter(kind="certificate.issued").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_certificate_comes() -> None:
    completion = make_completion(make_person())
    start, codes = Barrier(4), []

    def issue() -> None:
        start.wait()
        codes.append(issue_certificate(completion, at=AT).code)
        connection.close()

    threads = [Thread(target=issue) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert codes == [Certificate.objects.get().code] * 4


def test_completing_a_course_issues_its_certificate() -> None:
    completion = make_completion(make_person())

    course_completed.send(Completion, completion=completion, at=AT)

    assert Certificate.objects.get().completion == completion


@pytest.mark.parametrize(
    ("printed", "first", "last", "holder"),
    [
        ("  Anna Maria ", "A.", "M.", "Anna Maria"),
        ("", "Anna", "Maria", "Anna Maria"),
    ],
)
def test_the_name_asked_for_is_printed_else_the_accounts(
    printed: str, first: str, last: str, holder: str
) -> None:
    person = User.objects.create_user(
        "a@example.org", certificate_name=printed, first_name=first, last_name=last
    )

    assert issue_certificate(make_completion(person), at=AT).holder == holder


def test_without_a_name_nothing_is_issued() -> None:
    completion = make_completion(make_person(name=""))

    with pytest.raises(NameMissingError):
        issue_certificate(completion, at=AT)

    assert not Certificate.objects.exists()


def test_a_completion_without_titles_is_certified_by_its_code() -> None:
    certificate = make_certificate(titles={})

    assert {code: text["title"] for code, text in certificate.texts.items()} == {"en": "foundation"}


def test_a_new_cycle_replaces_the_older_certificate_of_the_same_course() -> None:
    anna = make_person()
    first, second, other = (
        make_certificate(anna),
        make_certificate(anna, cycle=2),
        make_certificate(anna, course="policing"),
    )

    third = make_certificate(anna, cycle=3)

    events = CertificateEvent.objects.order_by("pk").values_list("certificate", "successor")
    assert list(events) == [(first.pk, second.pk), (second.pk, third.pk)]
    assert state_of(other, on=TODAY) == State.VALID
    assert state_of(third, on=TODAY) == State.VALID


def test_another_persons_certificate_is_not_replaced() -> None:
    annas = make_certificate(make_person())

    make_certificate(make_person("b@example.org"), cycle=2)

    assert state_of(annas, on=TODAY) == State.VALID


def test_revoking_needs_a_reason_and_happens_once() -> None:
    certificate, admin = make_certificate(), make_person("admin@example.org")
    heard: list[Certificate] = []
    certificate_revoked.connect(
        lambda certificate, **_: heard.append(certificate), weak=False, dispatch_uid="once"
    )

    with pytest.raises(ReasonMissingError):
        revoke_certificate(certificate, by=admin, reason=" ", at=AT)
    first = revoke_certificate(certificate, by=admin, reason="Issued in error", at=AT)
    again = revoke_certificate(certificate, by=admin, reason="Other", at=AT)
    certificate_revoked.disconnect(dispatch_uid="once")

    assert (first, heard) == (again, [certificate])
    assert again.reason == "Issued in error"
    assert Event.objects.get(kind="certificate.revoked").actor == admin


def test_withdrawing_empties_the_certificate_and_keeps_it_countable() -> None:
    anna, bert = make_person(), make_person("b@example.org", name="Bert Other")
    annas, berts = make_certificate(anna), make_certificate(bert)
    revoke_certificate(annas, by=bert, reason="Anna asked", at=AT)

    assert withdraw_certificates(anna, at=AT) == 1

    annas.refresh_from_db()
    assert (annas.person, annas.holder) == (None, "")
    assert state_of(annas, on=TODAY) == State.WITHDRAWN
    assert set(annas.events.values_list("reason", flat=True)) == {""}
    assert state_of(berts, on=TODAY) == State.VALID
