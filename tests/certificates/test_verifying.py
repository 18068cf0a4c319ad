"""Who is told what about a certificate."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from certificates.codes import new_code
from certificates.models import CertificateEvent, Fate, State
from certificates.verifying import (
    find_certificate,
    finding_of,
    holders_address,
    is_holders_token,
    knows_the_name,
    shown_language,
    verification_address,
)

from .rows import AT, TODAY, make_certificate


@pytest.mark.parametrize(
    ("typed", "holder", "known"),
    [
        ("Example", "Anna Example", True),
        ("eXaMPLE", "Anna Example", True),
        ("Anna", "Anna Example", True),
        ("van der Berg", "Anna van der Berg", True),
        ("der  berg", "Anna van der Berg", True),
        ("Smith", "Anna Smith-Jones", True),
        ("smith jones", "Anna Smith-Jones", True),
        ("Dupre", "Zoé Dupré", True),
        ("ДЕМ'ЯНЧУК", "Ірина Дем’янчук", True),
        ("Straße", "Anna STRASSE", True),
        ("\uff25\uff58ample", "Anna Example", True),
        ("Պողոսյան", "Անի Պողոսյան", True),
        ("كاتب", "ليلى كَاتِب", True),
        ("Exampl", "Anna Example", False),
        ("Anna Exam", "Anna Example", False),
        ("Example Anna", "Anna Example", False),
        ("", "Anna Example", False),
        ("-", "Anna Example", False),
        ("Anna", "", False),
    ],
)
def test_a_word_of_the_name_is_enough_and_no_less(typed: str, holder: str, *, known: bool) -> None:
    assert knows_the_name(typed, holder=holder) is known


@pytest.mark.django_db
def test_the_addresses_lead_to_the_code_and_name_nobody() -> None:
    certificate = make_certificate()

    assert verification_address(certificate) == f"http://localhost:8000/verify/{certificate.code}/"
    assert holders_address(certificate).startswith(verification_address(certificate) + "?holder=")
    assert "Anna" not in holders_address(certificate)


@pytest.mark.django_db
def test_a_holders_link_opens_her_certificate_only() -> None:
    certificate = make_certificate()
    token = holders_address(certificate).partition("?holder=")[2]

    assert is_holders_token(token, code=certificate.code)
    assert not is_holders_token(token, code=new_code())
    assert not is_holders_token("", code=certificate.code)
    assert not is_holders_token(
        token[:-1] + ("a" if token[-1] != "a" else "b"), code=certificate.code
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fates", "days", "state", "since_days"),
    [
        ([], 0, State.VALID, None),
        ([], 1, State.EXPIRED, 0),
        ([Fate.REVOKED], 1, State.REVOKED, 7),
        ([Fate.REVOKED, Fate.WITHDRAWN], 0, State.WITHDRAWN, 8),
    ],
)
def test_a_state_comes_with_its_day(
    fates: list[Fate], days: int, state: State, since_days: int | None
) -> None:
    certificate = make_certificate(expires_on=TODAY)
    for number, fate in enumerate(fates):
        at = AT + timedelta(days=7 + number)
        CertificateEvent.objects.create(certificate=certificate, kind=fate, at=at)

    finding = finding_of(certificate, on=TODAY + timedelta(days=days))

    since = None if since_days is None else TODAY + timedelta(days=since_days)
    assert (finding.state, finding.since) == (state, since)


@pytest.mark.django_db
def test_an_unknown_code_asks_the_database_the_same(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    certificate = make_certificate()

    with django_assert_num_queries(2):
        assert find_certificate(new_code(), on=TODAY) is None
    with django_assert_num_queries(2):
        found = find_certificate(certificate.code, on=TODAY)

    assert found is not None
    assert (found.certificate, found.state) == (certificate, State.VALID)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("titles", "preferred", "shown"),
    [
        ({"en": "A", "fr": "B"}, ["fr"], "fr"),
        ({"en": "A", "fr": "B"}, ["hy"], "en"),
        ({"fr": "B"}, ["hy"], "fr"),
    ],
)
def test_the_readers_language_else_the_one_it_was_learned_in(
    titles: dict[str, str], preferred: list[str], shown: str
) -> None:
    assert shown_language(make_certificate(titles=titles), preferred) == shown
