"""The welfare of learners in mails, documents, stylesheet, script and texts (W1 to W16).

`tests/test_welfare.py` reads the pages; `docs/care.md` says what each rule asks for.
"""

from __future__ import annotations

import re
from pathlib import Path

import allauth
import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from tutela.accounts.checking import SUBJECT

ROOT: Path = settings.ROOT
ROOMS = ("site", "quizzes", "courses", "certificates", "organisations")
LANGUAGES = [code for code, _name in settings.LANGUAGES]

# What no title of a learner's page and no mail's subject may say, in any language.
TELLING = re.compile(
    r"""sexu|sessu|сексуальн|exploit|explot|ausbeut|sfrutt|эксплуатац
    |abus|missbrauch|насили|\bchild|enfant|\bkind|minderjähr|mineur|minor|bambin|niñ
    |\bребён|\bребен|\bдет(?:и|ей|ям|ьми|ск)|victim|opfer|vittim|víctim|жертв|traffick""",
    re.IGNORECASE | re.VERBOSE,
)


def templates(suffix: str = ".html") -> list[Path]:
    return [path for room in ROOMS for path in (ROOT / room).rglob(f"templates/**/*{suffix}")]


def subjects(language: str) -> dict[str, str]:
    """Return the subject of every mail that this site can send."""
    context = {"site_name": settings.SITE_NAME, "current_site": {"name": settings.SITE_NAME}}
    folder = Path(str(allauth.__file__)).parent / "templates"
    theirs = [
        f"{room}/email/{path.name}"
        for room in ("account", "mfa")
        for path in (folder / room / "email").glob("*_subject.txt")
    ]
    ours = [
        f"accounts/mail/{path.name}" for path in templates(".txt") if path.parent.name == "mail"
    ]
    ours = [name for name in ours if (ROOT / "site/tutela/accounts/templates" / name).exists()]
    with translation.override(language):
        found = {name: render_to_string(name, context).strip() for name in theirs + ours}
        found["invitation"] = gettext("Your training at %(organisation)s")
        found["test of the mail"] = SUBJECT
    return {name: text.partition("\n")[0] for name, text in found.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_W6_no_mails_subject_tells_anything(language: str) -> None:
    found = subjects(language)
    assert len(found) > 20
    assert {name: text for name, text in found.items() if not text or TELLING.search(text)} == {}


def test_W6_mails_are_written_in_the_places_that_are_read_here() -> None:
    sends = re.compile(r"\b(send_mail|EmailMessage|EmailMultiAlternatives|mail_admins)\(")
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    found = {path.name for path in files if sends.search(path.read_text(encoding="utf-8"))}
    assert found <= {"letters.py", "mails.py", "posting.py", "adapter.py", "checking.py"}


def test_W8_the_procedure_is_written_and_asks_for_a_named_person() -> None:
    text = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
    _before, found, after = text.partition("## If a learner writes about a child at risk\n")
    assert found
    assert "name one person" in after.partition("\n## ")[0]


def test_W10_nothing_says_failed_or_wrong_to_a_learner() -> None:
    harsh = re.compile(r"\b(fail(ed|ure)?|wrong|incorrect|bad|poor)\b", re.IGNORECASE)
    rooms = ("courses", "quizzes", "certificates")
    for path in [path for path in templates() if path.relative_to(ROOT).parts[0] in rooms]:
        text = path.read_text(encoding="utf-8")
        said = re.findall(r"""translate ["'](.*?)["']""", text)
        said += re.findall(r"blocktranslate.*?%}(.*?){% endblock", text, re.DOTALL)
        assert not [line for line in said if harsh.search(line)], path.name


def stylesheet() -> str:
    files = (ROOT / "site" / "tutela" / "kit" / "static").rglob("*.css")
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(files))


def test_W10_no_area_is_filled_with_red() -> None:
    assert re.findall(r"background(?:-color)?: *var\(--bad\)", stylesheet()) == []
    assert re.findall(r"error-summary \{[^}]*background: *var\(--bad\)", stylesheet()) == []


def test_W11_the_script_plays_and_counts_nothing() -> None:
    scripts = (ROOT / "site" / "tutela" / "kit" / "static").rglob("*.js")
    said = "\n".join(path.read_text(encoding="utf-8") for path in scripts)
    assert (
        re.findall(r"setInterval|requestAnimationFrame|new Audio|\.play\(|\.animate\(", said) == []
    )


def test_W11_what_moves_asks_first_whether_it_may() -> None:
    may = r"@media \(prefers-reduced-motion: no-preference\) \{(?:[^{}]|\{[^{}]*\})*\}"
    rest = re.sub(may, "", stylesheet())
    assert re.findall(r"(?:transition|animation)[\w-]*:|@keyframes|scroll-behavior", rest) == []


def test_W16_nobody_is_addressed_as_a_victim() -> None:
    phrases = re.compile(
        r"""(?:victims?|survivors?|people|those)\ like\ you\b|as\ a\ (?:victim|survivor),\ you
        |(?:victimes?|survivant\w*|personnes?)\ comme\ (?:vous|toi)\b|en\ tant\ que\ victime,\ vous
        |(?:Opfer|Überlebende|Menschen)\ wie\ (?:Sie|du|dich)\b
        |(?:vittim\w|sopravvissut\w)\ come\ (?:lei|te|voi)\b
        |(?:víctimas?|supervivientes?|personas)\ como\ (?:usted\w*|tú|vosotr\w+)\b
        |(?:жертв\w*|пострадавш\w*),?\ (?:как|подобн\w+)\ (?:вы|вам|ты|тебе)\b""",
        re.IGNORECASE | re.VERBOSE,
    )
    kinds = ("*.html", "*.txt", "*.po", "*.yaml")
    folders = [ROOT / room for room in (*ROOMS, "locale")]
    files = [path for folder in folders for kind in kinds for path in folder.rglob(kind)]
    assert len(files) > 100
    said = {path.name: phrases.findall(path.read_text(encoding="utf-8")) for path in files}
    assert {name: found for name, found in said.items() if found} == {}
