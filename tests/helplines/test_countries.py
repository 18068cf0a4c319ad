"""Which countries there are, and how they are called."""

from __future__ import annotations

import pytest
from django.conf import settings

from tutela.helplines import countries


def test_every_participating_state_and_partner_is_there_once() -> None:
    assert (len(countries.PARTICIPATING), len(countries.PARTNERS)) == (57, 11)
    assert len(set(countries.COUNTRIES)) == 68


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_every_place_has_a_name_in_every_language(language: str) -> None:
    places = (*countries.COUNTRIES, *countries.WIDER)

    assert [p for p in places if countries.name_of(p, language=language) == p] == []


@pytest.mark.parametrize(
    ("language", "name"), [("en", "Austria"), ("ru", "Австрия"), ("xx", "Austria"), ("", "Austria")]
)
def test_names_are_the_readers(language: str, name: str) -> None:
    assert countries.name_of("AT", language=language) == name


def test_names_stand_in_the_order_of_their_letters() -> None:
    french = [name for _code, name in countries.named(language="fr")]

    assert french.index("Égypte") < french.index("Espagne") < french.index("Estonie")


@pytest.mark.parametrize(
    ("country", "near"),
    [("AT", ["AT", "150", "001"]), ("US", ["US", "001"]), ("JP", ["JP", "001"])],
)
def test_europes_numbers_reach_europe_only(country: str, near: list[str]) -> None:
    assert countries.reach(country) == near


def test_languages_are_named() -> None:
    assert countries.language_names("de, en,", language="fr") == ["allemand", "anglais"]
