"""What is asked of a page that stands in a browser: by axe, and beyond what axe sees."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import get_language_info
from playwright.sync_api import Error

if TYPE_CHECKING:
    from playwright.sync_api import Page, Response

    from .kinds import Kind

KB = 1024
HOUR = 3_600_000
# Every rule, best practices too, and the one of WCAG 2.2 that axe leaves out unless it is asked.
EVERYTHING = {
    "iframes": False,
    "resultTypes": ["violations"],
    "rules": {"target-size": {"enabled": True}},
}
CONTRAST = {"resultTypes": ["violations"], "runOnly": ["color-contrast", "link-in-text-block"]}
AXE = """async (options) => (await axe.run(document, options)).violations.flatMap(
  (rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")} ${node.html}`))"""

LOOKS = (Path(__file__).parent / "looking.js").read_text(encoding="utf-8")
LOOK = f"""async ([names, options]) => {{
  const looks = {LOOKS};
  const found = [];
  for (const name of names) found.push(...await looks[name](options));
  return found;
}}"""
# What holds at any size of the window, and what depends on it.
EVERY = ("structure", "ids", "language", "forms", "errors", "content", "motion")
FIT = ("overflow", "clipping")
# Readers' own sizes: WCAG 1.4.12 as it is written, and text twice as large (1.4.4).
SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
  p { margin-block-end: 2em !important; }"""
DOUBLED = "html { font-size: 200% !important; }"
RESTYLE = """(css) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [sheet];
}"""
SMALLEST, NARROW, SMALL, WIDE = 320, 640, 360, 1280


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


@dataclass(frozen=True, slots=True)
class Weight:
    """What a page puts on the wire: bytes without images, compressed, and requests with them."""

    html: int
    rest: int
    requests: int

    @property
    def whole(self) -> int:
        return self.html + self.rest


def weigh(traffic: Traffic) -> Weight:
    """Return what has been sent since the last reset; redirections weigh nothing."""
    sent = [
        one
        for one in traffic.answers
        if one.request.resource_type != "image" and one.status not in {301, 302, 303}
    ]
    html = sum(gzipped(one) for one in sent if one.request.resource_type == "document")
    rest = sum(gzipped(one) for one in sent if one.request.resource_type != "document")
    return Weight(html, rest, len(traffic.answers))


def budget(kind: Kind, traffic: Traffic) -> list[str]:
    """Return where the page breaks its budget of bytes and requests."""
    found = [f"foreign host: {url}" for url in traffic.foreign]
    weight = weigh(traffic)
    most = 30 if kind.has_table else 14
    if weight.html > most * KB:
        found.append(f"weight: {weight.html / KB:.1f} KB of HTML, gate {most}")
    if weight.whole > 50 * KB:
        found.append(f"weight: {weight.whole / KB:.1f} KB, gate 50")
    if weight.requests > 10:
        found.append(f"requests: {weight.requests}, gate 10")
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


def look(page: Page, *names: str, language: str = "en") -> list[str]:
    """Return what these looks of `looking.js` find on the page."""
    direction = "rtl" if get_language_info(language)["bidi"] else "ltr"
    options = {"language": language, "direction": direction}
    found: list[str] = page.evaluate(LOOK, [list(names), options])
    return found


def look_beyond_axe(page: Page, *, language: str, indexed: bool) -> list[str]:
    """Return what is wrong with the page at every size, and with whether it may be indexed."""
    found = look(page, *EVERY, language=language)
    is_indexed = page.locator("meta[name=robots][content=noindex]").count() == 0
    if is_indexed != indexed:
        found.append(f"robots: the page is {'' if is_indexed else 'not '}indexed")
    return found


def look_at_sizes(page: Page) -> list[str]:
    """Return what does not fit on a small telephone, with wide spaces, or in large letters."""
    found = []
    for name, width, css in (
        ("", SMALLEST, ""),
        ("spaced", SMALLEST, SPACED),
        ("200 %", NARROW, DOUBLED),
    ):
        page.set_viewport_size({"width": width, "height": 568})
        page.evaluate(RESTYLE, css)
        found += [f"at {width} px {name}, {line}" for line in look(page, *FIT)]
    page.evaluate(RESTYLE, "")
    return found


def look_at_focus(page: Page) -> list[str]:
    """Return the stops of the keyboard that are not seen, at the window's size."""
    page.keyboard.press("Tab")  # or the browser holds that a mouse is used, and shows no ring
    return look(page, "focus")


def look_at_motion(page: Page) -> list[str]:
    """Return what moves although the reader asked for stillness."""
    page.emulate_media(reduced_motion="reduce")
    found: list[str] = page.evaluate(
        "() => document.getAnimations().map((one) => `motion: not wanted, ${one.animationName}`)"
    )
    page.emulate_media(reduced_motion=None)
    return found


def look_for_timers(page: Page) -> list[str]:
    """Return what happened by itself within an hour; the page's clock must be a virtual one."""
    before = page.url
    page.evaluate("document.documentElement.dataset.before = ''")
    page.clock.run_for(HOUR)
    stays = page.url == before and page.locator("html[data-before]").count() == 1
    return [] if stays else [f"timer: after an hour the page is {page.url}"]
