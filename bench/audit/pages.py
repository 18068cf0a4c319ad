"""Every page kind in every language, as axe, the Nu HTML checker and Lighthouse see it."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.utils import timezone

from bench.figures import table
from tests import browser as browsers
from tests.e2e.kinds import Kind, every_kind
from tests.e2e.looking import EVERYTHING, KB, Traffic, Weight, look_with_axe, stand_on, weigh
from tests.e2e.scene import make_scene

from .tools import PACKAGES, lighthouse, nu_errors

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "measured.md"
NOTHING = Weight(0, 0, 0)
CATEGORIES = ["performance", "accessibility", "best practices", "SEO"]
HEAD = ["page", "HTML KB", "all KB", "requests", "axe", "Nu", *CATEGORIES]


@dataclass
class Finding:
    """What the checkers found on one page kind in one language."""

    kind: Kind
    language: str
    html: bytes = b""
    weight: Weight = NOTHING
    axe: int = 0
    nu: int = 0
    scores: list[int] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.kind.name} ({self.language})"

    @property
    def is_measured(self) -> bool:
        """Whether Lighthouse looks at it: only at what an address alone leads to."""
        return not (self.kind.press or self.kind.again or self.kind.status != 200)


def audit(
    folder: Path, *, chromium: str, times: int, only: str, languages: Collection[str]
) -> None:
    """Look at every page kind; write the table unless only a part was asked for."""
    scene = make_scene("en")
    sessions = scene.sessions()
    findings = [
        Finding(kind, language)
        for language in languages
        for kind in every_kind(replace(scene, language=language))
        if only in kind.name
    ]
    visit(findings, sessions, chromium)
    found = nu_errors({one.name: one.html for one in findings}, folder / "html")
    for one in findings:
        one.nu = found[one.name]
    if times:
        measure(findings, sessions, chromium=chromium, times=times)
    text = report(findings, times)
    print(text)
    if times and not only and len(languages) == len(settings.LANGUAGES):
        write(text)


def visit(findings: list[Finding], sessions: dict[str, str], chromium: str) -> None:
    """Open every page in a browser, let axe look at it, and keep its HTML as it was sent."""
    with browsers.chromium(chromium) as browser:
        for language in dict.fromkeys(one.language for one in findings):
            context = browser.new_context(
                base_url=settings.BASE_URL,
                locale=language,
                viewport={"width": 412, "height": 823},
            )
            context.add_init_script(AXE_SCRIPT)
            page = context.new_page()
            traffic = Traffic(settings.BASE_URL, page)
            for one in findings:
                if one.language == language:
                    look(page, one, traffic, sessions)
            context.close()


def look(page: Page, one: Finding, traffic: Traffic, sessions: dict[str, str]) -> None:
    """Open one page, and note what axe finds."""
    traffic.reset()
    stand_on(page, one.kind, sessions, settings.BASE_URL)
    sent = [
        answer
        for answer in traffic.answers
        if answer.request.resource_type == "document" and answer.status not in {301, 302, 303}
    ]
    one.html = sent[-1].body()
    one.weight = weigh(traffic)
    lines = look_with_axe(page, EVERYTHING)
    one.axe = len(lines)
    for line in lines:
        print(f"axe, {one.name}: {line}")


def measure(
    findings: list[Finding], sessions: dict[str, str], *, chromium: str, times: int
) -> None:
    """Let Lighthouse measure every page that an address alone leads to."""
    named = {one.name: one for one in findings if one.is_measured}
    pages = [
        {
            "name": name,
            "url": f"{settings.BASE_URL}{one.kind.path}",
            "cookie": cookie_of(sessions[one.kind.who]),
        }
        for name, one in named.items()
    ]
    for result in lighthouse(pages, chromium=chromium, times=times):
        named[result["name"]].scores = result["medians"]


def cookie_of(session: str) -> dict[str, str] | None:
    """Return the cookie of a session, None for a visitor."""
    return {"name": settings.SESSION_COOKIE_NAME, "value": session} if session else None


def report(findings: list[Finding], times: int) -> str:
    """Return the section of the document: a row a page kind, in its worst language."""
    measured = [one for one in findings if one.scores]
    full = sum(one.scores[:3] == [100, 100, 100] for one in measured)
    indexed = [one for one in measured if one.kind.indexed]
    seo = sum(one.scores[3] == 100 for one in indexed)
    languages = ", ".join(dict.fromkeys(one.language for one in findings))
    made = (
        f"Measured on {timezone.localdate().isoformat()} at commit {commit()} by `make audit` with "
        f"{' and '.join(PACKAGES)} on {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} "
        "(performance scores fall on a machine that does other things meanwhile)."
    )
    said = (
        f"axe: {sum(one.axe for one in findings)} violations on {len(findings)} pages "
        f"({languages}). Nu HTML checker: {sum(one.nu for one in findings)} errors. "
        f"Lighthouse, mobile, once where the first look is perfect, else the median of {times}: "
        "100 in performance, accessibility and best practices on "
        f"{full} of {len(measured)} pages; 100 in SEO on {seo} of {len(indexed)} that are indexed."
    )
    explained = (
        "Each row shows the worst of all languages. KB are compressed, without images. "
        "In brackets: pages that ask not to be indexed. –: a state of a page that no address alone "
        "leads to."
    )
    rows = [row(alike) for alike in by_kind(findings)]
    return f"## Audit\n\n{made}\n\n{said}\n\n{explained}\n\n{table(HEAD, rows)}\n"


def by_kind(findings: list[Finding]) -> Iterable[list[Finding]]:
    """Return the findings of each page kind, all its languages together."""
    kinds: dict[str, list[Finding]] = {}
    for one in findings:
        kinds.setdefault(one.kind.name, []).append(one)
    return kinds.values()


def row(alike: list[Finding]) -> list[str]:
    """Return the row of one page kind: its heaviest weight, all its errors, its lowest scores."""
    return [
        alike[0].kind.name,
        f"{max(one.weight.html for one in alike) / KB:.1f}",
        f"{max(one.weight.whole for one in alike) / KB:.1f}",
        str(max(one.weight.requests for one in alike)),
        str(sum(one.axe for one in alike)),
        str(sum(one.nu for one in alike)),
        *(lowest(alike, number) for number in range(len(CATEGORIES))),
    ]


def lowest(alike: list[Finding], number: int) -> str:
    """Return the lowest score in a category, and the languages that lose points in it."""
    scored = [one for one in alike if one.scores]
    if not scored:
        return "–"
    score = min(one.scores[number] for one in scored)
    if CATEGORIES[number] == "SEO" and not alike[0].kind.indexed:
        return f"({score})"
    losing = [one.language for one in scored if one.scores[number] < 100]
    return " ".join([str(score), *losing])


def commit() -> str:
    """Return the short name of the commit that is checked out."""
    command = ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return done.stdout.strip() or "unknown"


def write(text: str) -> None:
    """Put the section into the document, in place of the last one."""
    known = DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.exists() else "# Measured\n"
    sections = re.split(r"(?m)^(?=## )", known)
    kept = [part.strip() for part in sections if not part.startswith("## Audit")]
    DOCUMENT.write_text("\n\n".join([*kept, text.strip()]) + "\n", encoding="utf-8")
