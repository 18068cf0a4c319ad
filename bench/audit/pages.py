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
from tests.e2e.looking import EVERYTHING, Traffic, look_with_axe, stand_on
from tests.e2e.scene import make_scene

from .tools import PACKAGES, lighthouse, nu_errors

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "measured.md"
HEAD = ["page", "axe", "Nu", "performance", "accessibility", "best practices", "SEO"]


@dataclass
class Finding:
    """What the checkers found on one page kind in one language."""

    kind: Kind
    language: str
    html: bytes = b""
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

    def row(self) -> list[str]:
        scores = [str(score) for score in self.scores] or ["–"] * 4
        if self.scores and not self.kind.indexed:
            scores[-1] = f"({scores[-1]})"
        return [self.name, str(self.axe), str(self.nu), *scores]


def audit(folder: Path, *, chromium: str, times: int, only: str) -> None:
    """Look at every page kind; write the table unless only a part was asked for."""
    scene = make_scene("en")
    sessions = scene.sessions()
    findings = [
        Finding(kind, language)
        for language, _ in settings.LANGUAGES
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
    if times and not only:
        write(text)


def visit(findings: list[Finding], sessions: dict[str, str], chromium: str) -> None:
    """Open every page in a browser, let axe look at it, and keep its HTML as it was sent."""
    with browsers.chromium(chromium) as browser:
        for language, _ in settings.LANGUAGES:
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
    for number, result in enumerate(lighthouse(pages, chromium=chromium, times=times), start=1):
        named[result["name"]].scores = result["medians"]
        lost = ", ".join(result["lost"])
        print(f"{number}/{len(pages)} {result['name']}: {result['medians']} {lost}", flush=True)


def cookie_of(session: str) -> dict[str, str] | None:
    """Return the cookie of a session, None for a visitor."""
    return {"name": settings.SESSION_COOKIE_NAME, "value": session} if session else None


def report(findings: list[Finding], times: int) -> str:
    """Return the section of the document."""
    measured = [one for one in findings if one.scores]
    full = sum(one.scores[:3] == [100, 100, 100] for one in measured)
    indexed = [one for one in measured if one.kind.indexed]
    seo = sum(one.scores[3] == 100 for one in indexed)
    made = (
        f"Measured on {timezone.localdate().isoformat()} at commit {commit()} by `make audit` with "
        f"{' and '.join(PACKAGES)} on {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} "
        "(performance scores fall on a machine that does other things meanwhile)."
    )
    said = (
        f"axe: {sum(one.axe for one in findings)} violations on {len(findings)} pages. "
        f"Nu HTML checker: {sum(one.nu for one in findings)} errors. "
        f"Lighthouse, mobile, median of {times}: 100 in performance, accessibility and best "
        f"practices on {full} of {len(measured)} pages; 100 in SEO on {seo} of {len(indexed)} "
        "pages that are indexed (in brackets: those that ask not to be)."
    )
    rows = table(HEAD, [one.row() for one in findings])
    return f"## Audit\n\n{made}\n\n{said}\n\n{rows}\n"


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
