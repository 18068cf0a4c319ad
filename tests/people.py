"""The named cast: one person a role, and two organisations that must never see each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client

from organisations.api import Charter, appoint, found_organisation, join, root_of
from organisations.models import Organisation, Role
from tutela.accounts.models import User
from tutela.accounts.roles import ADMINISTRATORS, AUTHORS, COUNTRY_EDITORS, PUBLISHERS, REVIEWERS
from tutela.accounts.second_factor import SESSION_KEY
from tutela.helplines.models import CountryEditor

if TYPE_CHECKING:
    from collections.abc import Callable

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Cast:
    """Everybody who appears in the permission table."""

    learner: User
    stranger: User
    trainer: User
    reviewer: User
    publisher: User
    manager: User
    other_manager: User
    auditor: User
    country_editor: User
    administrator: User
    organisation: Organisation
    other_organisation: Organisation


def make_person(name: str, *groups: str, **fields: object) -> User:
    """Return a person with a confirmed address, a second factor and these groups."""
    person = User.objects.create_user(
        f"{name}@example.org", "a pass phrase for tests", first_name=name.capitalize(), **fields
    )
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    person.groups.set(Group.objects.filter(name__in=groups))
    if name not in {"learner", "stranger"}:
        Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
    return person


@pytest.fixture
def cast(db: None) -> Cast:
    """Give the whole cast, on an otherwise empty database."""
    return make_cast()


def make_cast() -> Cast:
    """Make everybody: the learner is a member of the manager's organisation."""
    ours = found_organisation(Charter(slug="ours", name="Ours"), at=START)
    theirs = found_organisation(Charter(slug="theirs", name="Theirs"), at=START)
    cast = Cast(
        learner=make_person("learner", certificate_name="Learner One"),
        stranger=make_person("stranger", certificate_name="Stranger Two"),
        trainer=make_person("trainer", AUTHORS),
        reviewer=make_person("reviewer", REVIEWERS),
        publisher=make_person("publisher", PUBLISHERS),
        manager=make_person("manager"),
        other_manager=make_person("other-manager"),
        auditor=make_person("auditor"),
        country_editor=make_person("country-editor", COUNTRY_EDITORS),
        administrator=make_person("administrator", ADMINISTRATORS, is_superuser=True),
        organisation=ours,
        other_organisation=theirs,
    )
    appoint(cast.manager, unit=root_of(ours), role=Role.MANAGER, at=START)
    appoint(cast.auditor, unit=root_of(ours), role=Role.AUDITOR, at=START)
    appoint(cast.other_manager, unit=root_of(theirs), role=Role.MANAGER, at=START)
    join(cast.learner, unit=root_of(ours), name="Learner One", staff_number="7", at=START)
    CountryEditor.objects.create(person=cast.country_editor, country="AT")
    return cast


def signed_in(person: User | None, *, second_factor: bool = True) -> Client:
    """Return a client of this person, who gave her second factor; of a visitor without one."""
    client = Client(headers={"host": "localhost"})
    if person is None:
        return client
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    if second_factor:
        session = client.session
        session[SESSION_KEY] = person.pk
        session.save()
    return client


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    """Give a function that signs somebody in."""
    return signed_in
