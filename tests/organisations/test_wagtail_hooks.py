from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from organisations.founding import ForeignUnitError, UnitBelowItselfError, move_unit
from organisations.models import Appointment, Organisation, Unit
from tests.organisations.rows import Place, enter, make_person, make_place, make_record
from tutela.accounts.models import Event, User

pytestmark = pytest.mark.django_db
WHY = {"reason": "Asked for by letter"}


@pytest.fixture
def place() -> Place:
    return make_place()


@pytest.fixture
def administrator() -> User:
    return User.objects.create_superuser("root@example.org")


@pytest.fixture
def cms(administrator: User) -> Client:
    return enter(administrator)


def tree() -> list[tuple[str, str]]:
    return list(Unit.objects.order_by("path").values_list("path", "code"))


@pytest.mark.parametrize("kind", ["organisation", "unit", "appointment"])
def test_the_lists_are_for_administrators(place: Place, cms: Client, kind: str) -> None:
    assert cms.get(f"/cms/{kind}/").status_code == 200
    assert cms.get(f"/cms/{kind}/new/").status_code == 200
    assert enter(place.manager).get(f"/cms/{kind}/").status_code in {302, 403}


@pytest.mark.parametrize("kind", ["organisation", "unit", "appointment"])
@pytest.mark.parametrize(("verb", "status"), [("delete", 302), ("copy", 404)])
def test_nothing_is_copied_or_deleted(
    place: Place, cms: Client, kind: str, verb: str, status: int
) -> None:
    models: dict[str, Any] = {
        "organisation": Organisation,
        "unit": Unit,
        "appointment": Appointment,
    }
    before = models[kind].objects.count()
    pk = models[kind].objects.latest("pk").pk

    response = cms.post(f"/cms/{kind}/{verb}/{pk}/")

    assert (response.status_code, models[kind].objects.count()) == (status, before)


def test_an_organisation_is_founded_with_its_top_unit(cms: Client, administrator: User) -> None:
    form = {
        "name": "Border service",
        "slug": "border",
        "language": "fr",
        "time_zone": "Europe/Warsaw",
        "retention_months": "24",
        **WHY,
        "contact": "Room 1",
    }

    assert cms.post("/cms/organisation/new/", form).status_code == 302

    founded = Organisation.objects.get()
    kept = (founded.name, founded.slug, founded.language, founded.time_zone)
    assert kept == ("Border service", "border", "fr", "Europe/Warsaw")
    assert (founded.retention_months, founded.contact) == (24, "Room 1")
    assert [unit.name for unit in founded.units.all()] == ["Border service"]
    event = Event.objects.get(kind="organisation.founded")
    assert (event.actor, event.data["reason"]) == (administrator, "Asked for by letter")


@pytest.mark.parametrize(
    ("field", "value"), [("slug", "join"), ("slug", "first"), ("time_zone", "Mars"), ("name", "")]
)
def test_what_cannot_be_founded_is_said(place: Place, cms: Client, field: str, value: str) -> None:
    form = {
        "name": "N",
        "slug": "n",
        "language": "en",
        "time_zone": "UTC",
        "retention_months": "12",
        **WHY,
    }

    response = cms.post("/cms/organisation/new/", {**form, field: value})

    assert list(response.context["form"].errors) == [field]


def test_the_slug_does_not_change(place: Place, cms: Client) -> None:
    form = {
        "name": "Renamed",
        "slug": "other",
        "language": "en",
        "time_zone": "UTC",
        "retention_months": "12",
        **WHY,
    }

    cms.post(f"/cms/organisation/edit/{place.organisation.pk}/", form)

    assert Organisation.objects.values_list("name", "slug").get() == ("Renamed", "first")


def test_a_unit_is_added_below_another(place: Place, cms: Client) -> None:
    form = {"parent": place.south.pk, "code": "SX", "name": "Station", **WHY}

    assert cms.post("/cms/unit/new/", form).status_code == 302

    added = Unit.objects.get(code="SX")
    assert (added.get_parent(), added.organisation) == (place.south, place.organisation)


def test_a_code_stands_once_in_an_organisation(place: Place, cms: Client) -> None:
    form = {"parent": place.south.pk, "code": "NH", "name": "Station", **WHY}

    response = cms.post("/cms/unit/new/", form)

    assert list(response.context["form"].errors) == ["code"]


def test_a_unit_is_moved_with_all_below(place: Place, cms: Client) -> None:
    form = {"parent": place.south.pk, "code": "N", "name": "North", **WHY}

    assert cms.post(f"/cms/unit/edit/{place.north.pk}/", form).status_code == 302

    place.harbour.refresh_from_db()
    assert [unit.code for unit in place.harbour.get_ancestors()] == ["first", "S", "N"]


def test_a_unit_cannot_stand_below_itself(place: Place, cms: Client) -> None:
    form = {"parent": place.harbour.pk, "code": "N", "name": "North", **WHY}
    before = tree()

    response = cms.post(f"/cms/unit/edit/{place.north.pk}/", form)

    assert list(response.context["form"].errors) == ["parent"]
    with pytest.raises(UnitBelowItselfError):
        move_unit(place.north, below=place.harbour)
    assert tree() == before


def test_a_unit_stays_in_its_organisation(place: Place, cms: Client) -> None:
    other = make_place("second")

    for unit, below in ((place.north, other.north), (place.root, other.root)):
        with pytest.raises(ForeignUnitError):
            move_unit(unit, below=below)


def test_the_top_unit_is_renamed_where_it_stands(place: Place, cms: Client) -> None:
    before = [path for path, _code in tree()]

    cms.post(f"/cms/unit/edit/{place.root.pk}/", {"code": "ALL", "name": "All", **WHY})

    assert [path for path, _code in tree()] == before
    assert Unit.objects.get(depth=1).name == "All"


def test_records_keep_the_unit_as_it_was_called(place: Place, cms: Client) -> None:
    record = make_record(place.harbour)

    cms.post(
        f"/cms/unit/edit/{place.harbour.pk}/",
        {"parent": place.north.pk, "code": "Q", "name": "Quay", **WHY},
    )

    record.refresh_from_db()
    assert (record.unit.name, record.unit_name) == ("Quay", "Harbour")


def test_a_person_is_appointed_by_her_address(
    place: Place, cms: Client, administrator: User
) -> None:
    person = make_person("new@example.org")
    form = {"email": "New@Example.org", "unit": place.south.pk, "role": "auditor", **WHY}

    assert cms.post("/cms/appointment/new/", form).status_code == 302

    made = Appointment.objects.get(person=person)
    assert (made.organisation, made.unit, made.role) == (place.organisation, place.south, "auditor")
    assert Event.objects.filter(kind="appointment.made").latest("pk").actor == administrator


@pytest.mark.parametrize("email", ["nobody@example.org", "manager@first.example"])
def test_who_cannot_be_appointed_is_said(place: Place, cms: Client, email: str) -> None:
    form = {"email": email, "unit": place.south.pk, "role": "manager", **WHY}

    response = cms.post("/cms/appointment/new/", form)

    assert list(response.context["form"].errors) == ["email"]


def test_an_appointment_is_ended_and_not_changed(place: Place, cms: Client) -> None:
    appointment = Appointment.objects.get()
    form = {"end": "on", "role": "auditor", "unit": place.south.pk, "email": "x@example.org", **WHY}

    assert cms.post(f"/cms/appointment/edit/{appointment.pk}/", form).status_code == 302

    ended = Appointment.objects.get()
    assert ended.until is not None
    assert (ended.role, ended.unit, ended.person) == ("manager", place.root, place.manager)
    event = Event.objects.get(kind="appointment.ended")
    assert event.data["reason"] == WHY["reason"]


def test_a_change_of_retention_is_told(place: Place, cms: Client, administrator: User) -> None:
    form = {"name": "First", "language": "en", "time_zone": "UTC", "retention_months": "6", **WHY}

    cms.post(f"/cms/organisation/edit/{place.organisation.pk}/", form)

    event = Event.objects.get(kind="organisation.changed")
    assert (event.actor, event.subject) == (administrator, f"organisation {place.organisation.pk}")
    assert event.data["reason"] == WHY["reason"]
    assert "retention_months" in event.data["fields"]
