"""The tests are tested: each defect is planted into a sound page, and a look must find it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .looking import (
    EVERY,
    RESTYLE,
    look,
    look_at_focus,
    look_at_motion,
    look_at_sizes,
    look_for_timers,
)
from .spoken import differences, file_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SOUND = "/accounts/login/?lang={}"
PUT = "document.querySelector('main').insertAdjacentHTML('beforeend', `{}`)"
FIRST = "document.querySelector('main input:not([type=hidden])')"


def every(page: Page) -> list[str]:
    """Look at what holds at every size."""
    return look(page, *EVERY, "targets")


def put(html: str) -> str:
    """Return a script that adds this to the main part."""
    return PUT.format(html)


def style(css: str) -> str:
    """Return a script that adds this to the page's style."""
    return f"({RESTYLE})(`{css}`)"


# What is planted, and how the finding begins.
DEFECTS: dict[str, tuple[str, str]] = {
    "wrong language": ("document.documentElement.lang = 'de'", "lang: de"),
    "no direction": ("document.documentElement.removeAttribute('dir')", "dir: "),
    "wrong direction": ("document.documentElement.dir = 'rtl'", "dir: rtl"),
    "language link without direction": (
        "document.querySelector('a[hreflang]').removeAttribute('dir')",
        "dir: missing or wrong at <a",
    ),
    "language link without language": (
        "document.querySelector('a[hreflang]').removeAttribute('lang')",
        "lang: a link to another language",
    ),
    "foreign text, unmarked": (
        put("<p>Vous pouvez lire toutes les leçons pour apprendre.</p>"),
        "lang: not en",
    ),
    "foreign script, unmarked": (put("<p>Войти на этот сайт</p>"), "lang: not en"),
    "no skip link": ("document.querySelector('.skip').remove()", "skip link"),
    "no way out": ("document.querySelector('.exit').remove()", "quick exit"),
    "no help in the footer": ("document.querySelector('footer nav').remove()", "footer: no help"),
    "positive tabindex": (f"{FIRST}.tabIndex = 3", "tabindex"),
    "second title": (put("<h1>Another</h1>"), "h1: there are 2"),
    "heading jump": (put("<h4>Deep</h4>"), "heading: h2 is followed by"),
    "id twice": (put("<p id='main'>Twice</p>"), "id: main twice"),
    "dangling description": (f"{FIRST}.setAttribute('aria-describedby', 'gone')", "id: no gone"),
    "dead link": (put("<p><a href='#gone'>There</a></p>"), "dead link"),
    "no label": (
        "document.querySelectorAll('main label').forEach((one) => one.remove())",
        "label: missing",
    ),
    "placeholder": (f"{FIRST}.placeholder = 'E-mail'", "label: a placeholder"),
    "no purpose": (f"{FIRST}.removeAttribute('autocomplete')", "purpose"),
    "paste refused": (f"{FIRST}.onpaste = (event) => event.preventDefault()", "paste"),
    "form without token": (
        "document.querySelector('main [name=csrfmiddlewaretoken]').remove()",
        "form: no token",
    ),
    "nameless progress": (put("<progress value=1 max=2></progress>"), "label: missing, <progress"),
    "colour-only error": (f"{FIRST}.style.border = '2px solid var(--bad)'", "error: said by"),
    "error marked by an attribute alone": (f"{FIRST}.ariaInvalid = 'true'", "error: said by"),
    "drag-only ordering": (
        put("<ol><li draggable=true>Listen</li><li draggable=true>Write down</li></ol>"),
        "dragging",
    ),
    "video without captions": (put("<video controls></video>"), "media: no captions"),
    "autoplaying sound": (put("<audio autoplay controls></audio>"), "media: it plays"),
    "bare table": (put("<table><tr><td>1</td></tr></table>"), "table: in no region"),
    "table without caption": (put("<table><tr><th>A</th></tr></table>"), "table: no caption"),
    "chart without table": (put("<svg class=chart></svg>"), "chart: no table"),
    "picture without text": (put("<img src='/static/kit/mark.svg'>"), "picture"),
    "hover-only help": (put("<p title='More'>Help</p>"), "hover"),
    "single-key shortcut": (put("<button accesskey=s>Save</button>"), "shortcut"),
    "name without its label": (put("<a href='/' aria-label='Go'>Home</a>"), "name: without"),
    "new window": (put("<a href='/' target=_blank>Home</a>"), "window"),
    "tiny target": (
        put("<button style='inline-size:20px;block-size:20px;min-block-size:0'>x</button>"),
        "target",
    ),
    "refreshing page": (
        "document.head.insertAdjacentHTML('beforeend', '<meta http-equiv=refresh content=900>')",
        "timer",
    ),
    "endless motion": (
        (
            "document.querySelector('h1').animate([{opacity: 0}, {opacity: 1}], "
            "{duration: 900, iterations: Infinity})"
        ),
        "motion",
    ),
}


@pytest.fixture
def sound(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """Give a sound page, into which anything can be put."""
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 1280, "height": 600}, bypass_csp=True
    )
    page = context.new_page()
    page.goto(SOUND.format("en"))
    yield page
    context.close()


def plant(page: Page, defect: str) -> None:
    """Put a defect into the page."""
    page.evaluate(f"() => {{ {defect}; }}")


def test_sound_page_passes_every_look(sound: Page) -> None:
    found = every(sound) + look(sound, "change") + look_at_motion(sound)
    found += look_at_focus(sound) + look_at_sizes(sound)

    assert found == []


def test_every_defect_is_found(sound: Page) -> None:
    missed = []
    for name, (defect, finding) in DEFECTS.items():
        sound.goto(SOUND.format("en"), wait_until="domcontentloaded")
        plant(sound, defect)
        if not any(line.startswith(finding) for line in every(sound)):
            missed.append(name)

    assert missed == []


# What is planted where the window's size, the keyboard or the reader's wishes count.
ELSEWHERE: dict[str, tuple[Callable[[Page], list[str]], str, str]] = {
    "no focus ring": (
        look_at_focus,
        style(":focus-visible { outline: 0 !important; box-shadow: none !important; }"),
        "focus: no ring",
    ),
    "covered focus": (
        look_at_focus,
        "document.documentElement.style.scrollPaddingBlockStart = '0';"
        + style(".bar { position: sticky; inset-block-start: 0; block-size: 300px; }"),
        "focus: covered",
    ),
    "too wide": (
        look_at_sizes,
        put("<div style='inline-size:400px'>Wide</div>"),
        "at 320 px , scroll",
    ),
    "cut text": (
        look_at_sizes,
        put("<p style='block-size:1.2em;overflow:hidden'>" + "A long line. " * 30 + "</p>"),
        "at 320 px , clipped",
    ),
    "cut text where it is spaced": (
        look_at_sizes,
        put(
            "<p style='inline-size:200px;font-size:10px;overflow:hidden;white-space:nowrap'>"
            "Keep what you heard in her own words.</p>"
        ),
        "at 320 px spaced, clipped",
    ),
    "cut text where it is large": (
        look_at_sizes,
        put("<p style='block-size:40px;overflow:hidden'>Twice as large</p>"),
        "at 640 px 200 %, clipped",
    ),
    "navigation on change": (
        lambda page: look(page, "change"),
        f"{FIRST}.addEventListener('change', () => location.assign('/en/'))",
        "change: it leads to",
    ),
    "navigation on focus": (
        lambda page: look(page, "change"),
        f"{FIRST}.addEventListener('focus', () => location.assign('/en/'))",
        "change: it leads to",
    ),
    "motion that was not wanted": (
        look_at_motion,
        "document.querySelector('h1').animate([{opacity: 0}, {opacity: 1}], 2000)",
        "motion: not wanted",
    ),
}


def test_every_defect_of_size_focus_and_motion_is_found(sound: Page) -> None:
    found = {}
    for name, (looks, defect, finding) in ELSEWHERE.items():
        sound.set_viewport_size({"width": 1280, "height": 600})
        sound.goto(SOUND.format("en"))
        plant(sound, defect)
        lines = looks(sound)
        if not any(line.startswith(finding) for line in lines):
            found[name] = lines

    assert found == {}


# What is planted into a page whose form was refused.
REFUSED: dict[str, tuple[str, str]] = {
    "dead error link": (
        "document.querySelector('.error-summary a').href = '#gone'",
        "error link: it leads",
    ),
    "error link to no control": (
        "document.querySelector('.error-summary a').href = '#main'",
        "error link: it leads",
    ),
    "another text at the field": (
        "document.querySelector('.error p').textContent = 'Wrong'",
        "error link: the field",
    ),
    "no word for an error at the field": (
        "document.querySelector('.error .visually-hidden').remove()",
        "error: at a field",
    ),
    "no word for an error in the title": ("document.title = 'Sign in'", "error: the title"),
    "no alert": (
        "document.querySelector('.error-summary').role = 'note'",
        "error summary: it is no",
    ),
    "focus elsewhere": (f"{FIRST}.focus()", "error summary: it has not"),
    "summary below the title": (
        (
            "document.querySelector('h1').after(document.querySelector('.error-summary'));"
            "document.querySelector('.error-summary').focus()"
        ),
        "error summary: it is not the first",
    ),
}


# A2
def test_every_defect_of_a_refused_form_is_found(sound: Page) -> None:
    found = {}
    for name, (defect, finding) in REFUSED.items():
        sound.goto(SOUND.format("en"))
        sound.locator("main form button").first.click()
        sound.locator(".error-summary:focus").wait_for()
        assert every(sound) == []
        plant(sound, defect)
        lines = every(sound)
        if not any(line.startswith(finding) for line in lines):
            found[name] = lines

    assert found == {}


def test_english_in_a_french_page_is_found(sound: Page) -> None:
    sound.goto(SOUND.format("fr"))
    plant(sound, put("<p>You can read every lesson, and this is not what you have asked for.</p>"))

    found = look(sound, "language", language="fr")

    assert [line.partition(":")[2][:7] for line in found] == [" not fr"]


def test_timer_is_found(sound: Page) -> None:
    sound.clock.install()
    sound.goto(SOUND.format("en"))
    assert look_for_timers(sound) == []

    plant(sound, "setTimeout(() => history.pushState({}, '', '/en/'), 1_200_000)")

    assert [line[:5] for line in look_for_timers(sound)] == ["timer"]


def test_arrow_that_points_the_wrong_way_is_found(sound: Page) -> None:
    arrow = "<svg class=icon><use href='/static/kit/icons.svg#next'/></svg>"
    plant(sound, "document.documentElement.dir = 'rtl';" + put(f"<p>{arrow}</p>"))

    found = look(sound, "mirroring")

    assert any(line.startswith("icon: ") for line in found)
    assert any(line.startswith("left in Latin: ") for line in found)


def test_other_order_is_heard() -> None:
    kept = file_of("home").read_text(encoding="utf-8")
    first, _, rest = kept.partition("\n")

    assert differences(kept, kept) == []
    assert differences(kept, f"{rest}{first}\n") != []
