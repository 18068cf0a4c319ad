"""What is asked of a page that stands in a browser: by axe, and beyond what axe sees."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings
from playwright.sync_api import Error

if TYPE_CHECKING:
    from playwright.sync_api import Page, Response

    from .kinds import Kind

KB = 1024
# Every rule, best practices too, and the one of WCAG 2.2 that axe leaves out unless it is asked.
EVERYTHING = {
    "iframes": False,
    "resultTypes": ["violations"],
    "rules": {"target-size": {"enabled": True}},
}
CONTRAST = {"resultTypes": ["violations"], "runOnly": ["color-contrast", "link-in-text-block"]}
AXE = """async (options) => (await axe.run(document, options)).violations.flatMap(
  (rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")} ${node.html}`))"""

STRUCTURE = """(language) => {
  const found = [];
  const all = (selector) => [...document.querySelectorAll(selector)];
  if (all("h1").length !== 1) found.push(`h1: there are ${all("h1").length}`);
  if (document.documentElement.lang !== language)
    found.push(`lang: ${document.documentElement.lang}`);
  const reach = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  if (!document.querySelector(reach)?.matches("a.skip[href='#main']"))
    found.push("skip link: it is not the first stop of the Tab key");
  if (all("[tabindex]").some((one) => one.tabIndex > 0)) found.push("tabindex: greater than 0");
  const exit = document.querySelector("header a.exit[rel~=noreferrer]");
  if (!exit?.checkVisibility()) found.push("quick exit: missing");
  const footer = document.querySelector("footer");
  if (!footer?.innerText.includes("112")) found.push("footer: no number to call");
  if (all(".error-summary").length && !document.activeElement.closest(".error-summary"))
    found.push("error summary: it has not got the focus");
  if (document.querySelector("h1 ~ .error-summary, h1 ~ * .error-summary"))
    found.push("error summary: it is not the first thing in main");
  return found;
}"""
WIDTH = """() => {
  const excess = document.documentElement.scrollWidth - innerWidth;
  if (excess <= 0) return [];
  const wide = [...document.querySelectorAll("body *")].filter((one) =>
    !one.closest(".table-region") && one.getBoundingClientRect().right > innerWidth + 1);
  return [`scrolling: ${excess} px too wide, ${wide.at(-1)?.outerHTML.slice(0, 160)}`];
}"""
# A link within a line of text may be as low as the line (WCAG 2.5.8), a choice is as big as its label.
TARGETS = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
  .filter((one) => one.type !== "hidden" && !one.closest(".skip, .visually-hidden"))
  .filter((one) => one.checkVisibility() && getComputedStyle(one).display !== "inline")
  .map((one) => [one, (/^(radio|checkbox)$/.test(one.type) && one.labels[0]) || one])
  .map(([one, area]) => [one, area.getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.width < 24 || box.height < 24))
  .map(([one, box]) => `target: ${Math.round(box.width)} x ${Math.round(box.height)} ${one.outerHTML.slice(0, 160)}`)"""


@dataclass
class Traffic:
    """What a browser page asks for from its last reset on."""

    host: str
    page: Page
    answers: list[Response] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("response", lambda answer: self.answers.append(answer))  # noqa: PLW0108
        self.page.on("request", lambda request: self.judge(request.url))

    def judge(self, url: str) -> None:
        """Note an address that is not the site's."""
        if not url.startswith((self.host, "data:", "about:")):
            self.foreign.append(url)

    def reset(self) -> None:
        """Forget what was asked for so far."""
        self.answers.clear()
        self.foreign.clear()


def gzipped(answer: Response) -> int:
    """Return the size of an answer on the wire, in bytes.

    Of what the browser has thrown away meanwhile, another copy is weighed.
    """
    try:
        body = answer.body()
    except Error:
        page = answer.frame.page
        is_page = answer.request.resource_type == "document"
        body = page.content().encode() if is_page else page.request.get(answer.url).body()
    return len(gzip.compress(body, compresslevel=6))


def budget(kind: Kind, traffic: Traffic) -> list[str]:
    """Return where the page breaks its budget of bytes and requests (quality.md, section 3)."""
    found = [f"foreign host: {url}" for url in traffic.foreign]
    answers = [
        one
        for one in traffic.answers
        if one.request.resource_type != "image" and one.status not in {301, 302, 303}
    ]
    html = sum(gzipped(one) for one in answers if one.request.resource_type == "document")
    rest = sum(gzipped(one) for one in answers if one.request.resource_type != "document")
    most = 30 if kind.has_table else 14
    if html > most * KB:
        found.append(f"weight: {html / KB:.1f} KB of HTML, gate {most}")
    if html + rest > 50 * KB:
        found.append(f"weight: {(html + rest) / KB:.1f} KB, gate 50")
    if len(traffic.answers) > 10:
        found.append(f"requests: {len(traffic.answers)}, gate 10")
    return found


def stand_on(page: Page, kind: Kind, sessions: dict[str, str], host: str) -> int:
    """Open a page as the person it is for, do what has to be done, and return its status."""
    page.context.clear_cookies()
    if key := sessions[kind.who]:
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": host}]
        )
    answer = page.goto(kind.path)
    assert answer is not None
    if kind.fill:
        page.locator(f"main [name={kind.fill[0]}]").fill(kind.fill[1])
    if kind.press:
        page.locator(kind.press).first.click()
        page.wait_for_load_state()
    return answer.status


def look_with_axe(page: Page, options: dict[str, Any]) -> list[str]:
    """Return axe's violations, one line an element; its script comes with every page."""
    found: list[str] = page.evaluate(AXE, options)
    return found


def look_in_the_dark(page: Page) -> list[str]:
    """Return what is too faint where the reader asked for dark colours."""
    page.emulate_media(color_scheme="dark")
    found = look_with_axe(page, CONTRAST)
    page.emulate_media(color_scheme="light")
    return [f"dark, {line}" for line in found]


def look_beyond_axe(page: Page, *, language: str, indexed: bool) -> list[str]:
    """Return what is wrong with the page's structure and with what can be touched."""
    found: list[str] = page.evaluate(STRUCTURE, language)
    found += page.evaluate(TARGETS)
    is_indexed = page.locator("meta[name=robots][content=noindex]").count() == 0
    if is_indexed != indexed:
        found.append(f"robots: the page is {'' if is_indexed else 'not '}indexed")
    return found
