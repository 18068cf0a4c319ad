"""Loads the glossary's files into terms, which stay editable in the CMS.

Idempotent, and never over an editor's or a translator's words: a row is written again only where
its file changed and the row is still as it was loaded. A term that an editor deleted stays deleted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wagtail.models import Locale
from wagtail_localize.models import StringTranslation, Translation

from tutela.kit.deferring import upkeep_deferred

from ..models import LoadedText, Standing, Term, TermLanguage, as_lines
from .files import SOURCE
from .loading import CURRICULUM, digest_of, loaded_texts, remember_text, translate_instance
from .rendering import key_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from uuid import UUID

    from .reading import Node
    from .terms import Glossary

TEXTS = ("term", "definition", "note")
PARTICULAR = ("alternatives", "avoided", "usage", "confirmed")


@dataclass(frozen=True, slots=True)
class _Run:
    """One language of one run: where to, when, and what was loaded before."""

    locale: Locale
    at: datetime
    known: dict[str, str]

    @property
    def language(self) -> str:
        return str(self.locale.language_code)

    def remember(self, name: str, digest: str) -> None:
        remember_text(name, digest, self.language, self.at)


def load_glossary(terms: Glossary, *, at: datetime, say: Callable[[str], None]) -> int:
    """Write what changed of the glossary in every language of the site, and return how much."""
    locales = {locale.language_code: locale for locale in Locale.objects.all()}
    written = 0
    for language, rows in terms.items():
        if language not in locales:
            continue
        run = _Run(locales[language], at, loaded_texts(language))
        write = _write_source if language == SOURCE else _write_translation
        count = sum(write(row, run) for row in rows) + sum(_write_words(row, run) for row in rows)
        say(f"glossary ({language}): {count} written")
        written += count
    return written


def key_of_term(code: str) -> UUID:
    """Return the translation key that a term has on every instance."""
    return key_of("glossary", code)


def _write_source(row: Node, run: _Run) -> bool:
    """Write a term in the source language, unless nothing changed or an editor did."""
    name, fields = f"term-{row['code']}", _source_fields(row)
    digest, before = digest_of(fields), run.known.get(name)
    if digest == before:
        return False
    key = key_of_term(row["code"])
    term = Term.objects.filter(translation_key=key, locale=run.locale).first()
    if before and (term is None or term.has_unpublished_changes):
        return False
    if term and digest_of({field: getattr(term, field) for field in fields}) != before:
        return False
    with upkeep_deferred():
        term = term or Term(translation_key=key, locale=run.locale)
        for field, value in fields.items():
            setattr(term, field, value)
        term.live = True
        term.save()
        term.save_revision(changed=False).publish()
        run.remember(name, digest)
    return True


def _source_fields(row: Node) -> dict[str, str]:
    return {
        "code": row["code"],
        "standing": row.get("standing") or str(Standing.PREFERRED.value),
        "replaced_by": row.get("replaced_by") or "",
        **_texts(row),
    }


def _texts(row: Node) -> dict[str, str]:
    return {field: (row.get(field) or "").strip() for field in TEXTS}


def _write_translation(row: Node, run: _Run) -> bool:
    """Write a term in another language through wagtail-localize, unless a translator did already."""
    name, texts = f"term-{row['code']}", _texts(row)
    key = key_of_term(row["code"])
    origin = LoadedText.objects.filter(code=name, locale=SOURCE).values_list("digest").first()
    digest = digest_of([texts, origin])
    before = run.known.get(name)
    source = Term.objects.filter(translation_key=key, locale__language_code=SOURCE).first()
    if digest == before or source is None or _is_translators(key, run, before=before):
        return False
    with upkeep_deferred():
        words = Term(translation_key=key, locale=run.locale, code=row["code"], **texts)
        translate_instance(source, words, run.locale)
    # Only now is it published: a run that was killed before this line does it again.
    run.remember(name, digest)
    return True


def _is_translators(key: UUID, run: _Run, *, before: str | None) -> bool:
    """Tell whether somebody translated or deleted this term in the CMS: then it stays as it is."""
    if before and not Term.objects.filter(translation_key=key, locale=run.locale).exists():
        return True
    theirs = StringTranslation.objects.filter(locale=run.locale, context__object_id=key)
    detached = Translation.objects.filter(
        source__object_id=key, target_locale=run.locale, enabled=False
    )
    return bool(theirs.exclude(tool_name=CURRICULUM).exists() or detached.exists())


def _write_words(row: Node, run: _Run) -> bool:
    """Write what is particular to a term in this language, unless nothing changed or an editor did."""
    name, fields = f"words-{row['code']}", _words(row)
    digest, before = digest_of(fields), run.known.get(name)
    if digest == before:
        return False
    where = {"code": row["code"], "locale": run.language}
    found = TermLanguage.objects.filter(**where).first()
    if before and found is None:
        return False
    if found and digest_of({field: getattr(found, field) for field in fields}) != before:
        return False
    words = found or TermLanguage(**where)
    for field, value in fields.items():
        setattr(words, field, value)
    with upkeep_deferred():
        words.save()
        run.remember(name, digest)
    return True


def _words(row: Node) -> dict[str, Any]:
    return {
        field: (row.get(field) or "").strip()
        if field == "usage"
        else as_lines(row.get(field) or [])
        for field in PARTICULAR
    }
