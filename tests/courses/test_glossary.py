"""The glossary: the right words in the reader's alphabet, never an avoided one bare."""

from __future__ import annotations

import pickle
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext, override_settings
from wagtail.models import Locale
from wagtail_localize.models import Translation, TranslationSource

from courses.curriculum.files import HERE
from courses.curriculum.terms import read_glossary
from courses.glossary import _sorting, by_letter, glossary, words_of
from courses.lending import ForeignText
from courses.models import Review, Standing, Term, TermLanguage, as_lines, lines
from tests.people import make_cast, signed_in

from .scene import lesson, publish

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.usefixtures("curriculum")
LANGUAGES = ["en", "fr", "de", "it", "ru", "es"]
NOW = datetime(2026, 12, 1, tzinfo=UTC)


def page_of(client: Client, language: str = "en") -> str:
    response = client.get(f"/{language}/glossary/")
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_terms_stand_in_every_language(client: Client, language: str) -> None:
    entries = glossary(language)
    assert len(entries) == 48
    assert {entry.term.language for entry in entries.values()} == {language}
    assert page_of(client, language).count('<article class="term"') == 48


def test_the_words_are_those_of_the_files() -> None:
    for language, rows in read_glossary(HERE).items():
        entries = glossary(language)
        for row in rows:
            entry = entries[row["code"]]
            assert entry.term.text == row["term"]
            assert [said.text for said in entry.alternatives] == row.get("alternatives", [])
            assert [said.text for said in entry.avoided] == row.get("avoided", [])


def test_only_what_a_published_text_has_is_confirmed() -> None:
    german = glossary("de")
    assert german["best-interests"].term.confirmed is True
    assert german["referral"].term.confirmed is False
    [legal] = german["sexual-abuse"].alternatives
    assert (legal.confirmed, german["sexual-abuse"].term.confirmed) == (True, False)
    assert not any(entry.term.confirmed for entry in glossary("en").values())


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ["abus", "école", "enfant", "État", "fort"]),
        ("es", ["nada", "niña", "niño", "nube", "ñandú", "oso"]),
        ("ru", ["ёж", "жук", "игла", "иск", "йод", "круг"]),
        ("de", ["Arzt", "Ärztin", "Bär", "Straße", "Strauß"]),
    ],
)
def test_words_stand_in_the_alphabet_of_their_language(language: str, words: list[str]) -> None:
    shuffled = words[1::2] + words[::2]
    assert sorted(shuffled, key=lambda word: _sorting(word, language)) == words


def test_terms_stand_under_their_letters() -> None:
    letters = by_letter(glossary("ru").values())
    names = [letter for letter, _ in letters]
    assert names == sorted(set(names))
    assert all(
        entry.heading.lstrip("«").upper().replace("Ё", "Е").startswith(letter)
        for letter, entries in letters
        for entry in entries
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_avoided_word_stands_bare(client: Client, language: str) -> None:
    articles = re.findall(
        r'<article class="term".*?</article>', page_of(client, language), re.DOTALL
    )
    avoided = [article for article in articles if "avoided" in article]
    assert len(avoided) == 3
    for article in avoided:
        assert '<q class="avoided">' in article
        code = re.search(r'<strong>[^<]+</strong> <a href="#([a-z-]+)">', article)
        assert code is not None
        assert code[1] in {"csam", "exploitation-in-prostitution", "exploitation-in-travel"}
    for entry in glossary(language).values():
        assert not entry.is_avoided or (entry.instead and entry.note)


def leave_undefined(code: str, language: str) -> None:
    Term.objects.filter(code=code, locale__language_code=language).update(definition="")
    caches["pages"].clear()


def test_a_definition_that_is_not_translated_is_the_sources_and_says_so(client: Client) -> None:
    leave_undefined("referral", "de")
    entry = glossary("de")["referral"]
    assert isinstance(entry.definition, ForeignText)
    assert entry.definition.language == "en"
    assert '<span lang="en" dir="ltr">Bringing a child' in page_of(client, "de")
    assert not isinstance(glossary("fr")["referral"].definition, ForeignText)
    assert glossary("fr")["referral"].definition.startswith("Conduire un enfant")


def test_marked_texts_survive_the_cache() -> None:
    leave_undefined("referral", "de")
    entry = pickle.loads(pickle.dumps(glossary("de")["referral"]))  # noqa: S301  (our own)
    assert entry.definition.language == "en"


def test_the_same_words_are_given_in_the_other_languages(client: Client) -> None:
    elsewhere = {said.language: said for said in glossary("en")["guardian"].elsewhere}
    assert list(elsewhere) == LANGUAGES[1:]
    assert (elsewhere["de"].text, elsewhere["de"].confirmed) == ("Vormund", True)
    assert '<bdi lang="ru" dir="ltr">опекун</bdi>' in page_of(client)


def test_the_page_is_public_indexed_and_shared(client: Client) -> None:
    response = client.get("/en/glossary/")
    assert "public" in response.headers["Cache-Control"]
    assert 'content="noindex"' not in response.content.decode()
    assert client.post("/en/glossary/").status_code == 405


def test_queries_do_not_grow_with_terms(client: Client) -> None:
    def asked() -> int:
        caches["pages"].clear()
        with CaptureQueriesContext(connection) as queries:
            page_of(client)
        return len(queries)

    before = asked()
    english = Locale.objects.get(language_code="en")
    for number in range(3):
        Term.objects.create(code=f"more-{number}", term=f"More {number}", locale=english)
    assert asked() == before
    with CaptureQueriesContext(connection) as queries:
        words_of(["child", "referral"], language="en")
    assert len(queries) == 0


def review(code: str, language: str, **fields: str) -> TermLanguage:
    """Note a professional's review of what a term says now."""
    row = TermLanguage.objects.get(code=code, locale=language)
    row.review, row.reviewed_by, row.reviewed_at = Review.PROFESSIONAL, "A. Example", NOW
    row.usage = fields.get("usage", row.usage)
    row.note_reviewed_words()
    row.save()
    return row


def reword(**texts: str) -> None:
    term = Term.objects.get(code="child", locale__language_code="en")
    for name, text in texts.items():
        setattr(term, name, text)
    term.save_revision().publish()


@pytest.mark.parametrize("name", ["term", "definition", "note"])
def test_words_published_after_the_review_have_none(name: str) -> None:
    before = getattr(Term.objects.get(code="child", locale__language_code="en"), name)
    review("child", "en")
    assert glossary("en")["child"].reviewed is True
    reword(**{name: "Other words."})
    assert glossary("en")["child"].reviewed is False
    with override_settings(OFFER_UNREVIEWED=False):
        caches["pages"].clear()
        assert glossary("en")["child"].definition == ""
    reword(**{name: before})
    assert glossary("en")["child"].reviewed is True


def test_a_usage_written_after_the_review_ends_it() -> None:
    row = review("child", "en")
    row.usage = "Unreviewed."
    row.save()
    assert glossary("en")["child"].reviewed is False


@pytest.mark.parametrize(
    ("changed", "reviewed"),
    [({"reviewed_at": "2026-12-02 10:00"}, True), ({"alternatives": "youth"}, False)],
)
def test_the_cms_notes_which_words_a_review_is_of(changed: dict[str, str], reviewed: bool) -> None:
    row = review("child", "en")
    reword(note="Other words.")
    sent = {
        "code": "child", "locale": "en", "review": "professional", "reviewed_by": "A. Example",
        "reviewed_at": "2026-12-01 00:00",
    }  # fmt: skip
    client = signed_in(make_cast().reviewer)
    answer = client.post(f"/cms/snippets/courses/termlanguage/edit/{row.pk}/", sent | changed)
    assert (answer.status_code, glossary("en")["child"].reviewed) == (302, reviewed)


def test_what_nobody_reviewed_is_marked_and_a_strict_instance_keeps_it_back(client: Client) -> None:
    assert page_of(client).count("not yet reviewed") == 48
    TermLanguage.objects.filter(code="referral", locale="en").update(usage="Unreviewed.")
    review("child", "en", usage="Say so in court.")
    with override_settings(OFFER_UNREVIEWED=False):
        caches["pages"].clear()
        entries = glossary("en")
        assert (bool(entries["child"].definition), entries["child"].usage) == (
            True,
            "Say so in court.",
        )
        referral = entries["referral"]
        assert (referral.definition, referral.note, referral.usage) == ("", "", "")
        html = page_of(client)
    assert html.count("waits for the review") == 47
    assert html.count("not yet reviewed") == 47


def test_a_draft_is_not_shown_and_a_publish_is_at_once(client: Client) -> None:
    term = Term.objects.get(code="child", locale__language_code="en")
    page_of(client)
    term.term = "child, that is: under 18"
    revision = term.save_revision()
    assert "that is" not in page_of(client)
    revision.publish()
    assert "that is: under 18" in page_of(client)
    term.refresh_from_db()
    term.unpublish()
    assert "child" not in glossary("en")
    assert "child" not in glossary("fr")


def test_a_confirmation_and_a_review_are_seen_at_once(client: Client) -> None:
    assert page_of(client).count(" · not yet reviewed") == 48
    row = review("child", "en")
    row.confirmed = "child (under 18)"
    row.save()
    assert page_of(client).count(" · not yet reviewed") == 47
    assert glossary("en")["child"].term.confirmed is True


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"standing": Standing.AVOID, "replaced_by": "csam"}, "Say why"),
        ({"replaced_by": "no-such-term"}, "No term to use"),
        ({"replaced_by": "child-pornography"}, "No term to use"),
        ({"standing": Standing.AVOID, "note": "It hurts."}, "Say which term"),
        ({"code": "child"}, "Another term has this code"),
    ],
)
def test_a_term_that_would_mislead_is_refused(fields: dict[str, str], message: str) -> None:
    english = Locale.objects.get(language_code="en")
    term = Term(**{"code": "new", "term": "New", "locale": english, **fields})
    with pytest.raises(ValidationError, match=message):
        term.full_clean()


def test_the_database_keeps_an_avoided_term_from_standing_bare() -> None:
    with pytest.raises(IntegrityError):
        Term.objects.filter(code="csam").update(standing=Standing.AVOID)


def test_a_review_names_its_reviewer() -> None:
    row = TermLanguage(code="child", locale="xx", review=Review.PROFESSIONAL)
    with pytest.raises(ValidationError, match="who reviewed"):
        row.full_clean()


def test_words_stand_one_a_line() -> None:
    assert lines(as_lines(["one", "two words"])) == ["one", "two words"]
    assert lines(" one \r\n\n two ") == ["one", "two"]


def test_a_translator_sees_words_and_no_structure() -> None:
    term = Term.objects.get(code="child", locale__language_code="en")
    source, _ = TranslationSource.update_or_create_from_instance(term)
    paths = set(source.stringsegment_set.values_list("context__path", flat=True))
    assert paths == {"term", "definition", "note"}
    assert Translation.objects.filter(source=source, enabled=True).count() == 5


def words_in(html: str) -> list[str]:
    return re.findall(r'popovertarget="term-([a-z-]+)"', html)


@pytest.mark.parametrize("language", ["en", "fr", "de"])
def test_a_lesson_explains_its_words_without_a_script(client: Client, language: str) -> None:
    response = client.get(f"/{language}/courses/foundation/recognise/words-matter/")
    html = response.content.decode()
    codes = words_in(html)
    assert codes == [block["value"] for block in terms_of("F2")]
    for code in codes:
        assert f'<div popover class="explained" id="term-{code}">' in html
        assert f'href="/{language}/glossary/#{code}"' in html
    assert glossary(language)["survivor"].heading in html


def terms_of(code: str) -> list[dict[str, str]]:
    [block] = [child for child in lesson(code).body.raw_data if child["type"] == "terms"]
    return list(block["value"])


def test_a_term_that_is_gone_leaves_no_gap(client: Client) -> None:
    Term.objects.filter(code="survivor").delete()
    html = client.get("/en/courses/foundation/recognise/words-matter/").content.decode()
    assert "survivor" not in words_in(html)
    assert len(words_in(html)) == 4


def test_no_code_of_a_term_reaches_a_translator() -> None:
    page = lesson("F2")
    publish(page)
    source, _ = TranslationSource.update_or_create_from_instance(page)
    ids = {item["id"] for item in terms_of("F2")}
    paths = source.stringsegment_set.values_list("context__path", flat=True)
    assert not [path for path in paths if any(key in path for key in ids)]
