"""Every kind of page, and somebody to whom it is shown: what accessibility is measured on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from courses.outline import LESSON, QUIZ
from organisations.stopping import stop_url
from quizzes.models import Kind as QuestionKind
from tutela.accounts.notices import stop_url as stop_url_of_notices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .scene import Scene

BUTTON = "main form .button"
INFORMATION = (
    *("about", "accessibility", "contact", "help-for-children", "leaving-quickly", "privacy"),
    *("support", "trainers-welfare", "worried-about-a-child", "worried-about-yourself"),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of page.

    `who` names a session of the scene. `fill` and `press` are what has to be done before the page
    is as it is meant; the title of a page in a mere state of another may be the same (`again`).
    """

    name: str
    path: str
    who: str = "visitor"
    fill: tuple[str, str] | None = None
    press: str = ""
    status: int = 200
    again: bool = False
    indexed: bool = False
    has_table: bool = False


def every_kind(scene: Scene) -> list[Kind]:
    """Return every kind of page of the site, in the scene's language."""
    parts = (public, around, entrance, learning, certificates, account, organisation)
    return [kind for part in parts for kind in part(scene)]


def public(scene: Scene) -> Iterator[Kind]:
    """Yield what is open to everybody."""
    base = f"/{scene.language}/"
    foundation, policing = scene.foundation, scene.policing
    lesson = foundation.entry(foundation.outline.steps[0]).url
    quiz = next(step for step in foundation.outline.steps if step.kind == QUIZ)
    yield Kind("home", base, indexed=True)
    yield Kind("sector with a course", f"{base}sectors/policing/", indexed=True)
    yield Kind("sector without a course", f"{base}sectors/education/", indexed=True)
    yield Kind("catalogue", f"{base}courses/", indexed=True)
    yield Kind("course", foundation.url, indexed=True)
    yield Kind("course that needs another", policing.url, indexed=True)
    yield Kind("module", foundation.entry(foundation.outline.modules[0]).url)
    yield Kind("lesson", lesson, indexed=True)
    yield Kind("lesson, short version", lesson, press="#short summary", indexed=True, again=True)
    yield Kind("lesson, self-check", lesson, press=".block-check summary", indexed=True, again=True)
    word = ".block-terms button"
    yield Kind("lesson, word explained", lesson, press=word, indexed=True, again=True)
    yield Kind("lesson with a scenario", scenario_of(scene), indexed=True)
    decide = ".scenario-node:first-of-type .decisions a"
    yield Kind("scenario, decided", scenario_of(scene), press=decide, indexed=True, again=True)
    yield Kind("quiz, visitor", foundation.entry(quiz).url)


def around(scene: Scene) -> Iterator[Kind]:
    """Yield the pages around the courses: information, help, the glossary, search."""
    base = f"/{scene.language}/"
    yield Kind("sectors", f"{base}sectors/", indexed=True)
    for name in INFORMATION:
        yield Kind(f"information: {name}", f"{base}{name}/", indexed=True)
    yield Kind("choice of a country", f"{base}help/", indexed=True)
    yield Kind("choice of a country, none", f"{base}help/", press=BUTTON, indexed=True)
    yield Kind("country with records", f"{base}help/at/", indexed=True)
    yield Kind("country without records", f"{base}help/ad/", indexed=True)
    yield Kind("glossary", f"{base}glossary/", indexed=True)
    yield Kind("search", f"{base}search/")
    yield Kind("search, found", f"{base}search/?q=child", again=True)
    yield Kind("search, nothing found", f"{base}search/?q=xyzzy", again=True)
    yield Kind("no such page", f"{base}nothing-here/", status=404)


def scenario_of(scene: Scene) -> str:
    """Return the address of the lesson that holds the scenario: the only one not in a quiz's way."""
    steps = [step for step in scene.policing.outline.steps if step.kind == LESSON]
    return scene.policing.entry(next(step for step in steps if step.code == "P5")).url


def entrance(scene: Scene) -> Iterator[Kind]:
    """Yield the pages of signing up and in."""
    here = f"?lang={scene.language}"
    yield Kind("sign-up", f"/accounts/signup/{here}")
    yield Kind("sign-up, refused", f"/accounts/signup/{here}", press=BUTTON)
    yield Kind("sign-in", f"/accounts/login/{here}")
    yield Kind("sign-in, refused", f"/accounts/login/{here}", press=BUTTON)
    yield Kind("sign-in by code", f"/accounts/login/code/{here}")
    yield Kind("code of sign-in", f"/accounts/login/code/confirm/{here}", who="halfway")
    yield Kind("code of an address", f"/accounts/confirm-email/{here}", "unconfirmed", again=True)
    yield Kind("second step of sign-in", f"/accounts/2fa/authenticate/{here}", who="second")
    yield Kind("reset of a password", f"/accounts/password/reset/{here}")
    reset = f"/accounts/password/reset/confirm/{here}"
    yield Kind("code of a reset", reset, who="resetting", again=True)
    yield Kind("account closed", f"/accounts/closed/{here}")


def learning(scene: Scene) -> Iterator[Kind]:
    """Yield what a learner sees."""
    base = f"/{scene.language}/learning/"
    foundation, policing = scene.foundation, scene.policing
    quiz = next(step for step in policing.outline.steps if step.kind == QUIZ)
    closed = next(step for step in foundation.outline.steps if step.kind == QUIZ)
    attempts = f"{base}attempts"
    yield Kind("my learning, empty", base, who="newcomer")
    yield Kind("my learning", base, who="learner", again=True)
    yield Kind("course, on the way", policing.url, "learner", indexed=True, again=True)
    yield Kind("course, completed", foundation.url, "learner", indexed=True, again=True)
    lesson = policing.entry(policing.outline.steps[0]).url
    yield Kind("lesson, signed in", lesson, who="learner", indexed=True)
    yield Kind("quiz, not open yet", foundation.entry(closed).url, who="newcomer", again=True)
    yield Kind("quiz, open", policing.entry(quiz).url, who="learner")
    single, several = scene.question(QuestionKind.SINGLE), scene.question(QuestionKind.SEVERAL)
    yield Kind("question, single", single, who="learner")
    yield Kind("question, several", several, who="learner")
    yield Kind("question, unanswered", several, who="learner", press=BUTTON)
    check = f"{attempts}/{scene.open.pk}/check/"
    yield Kind("check your answers", check, who="learner")
    yield Kind("check, answers missing", check, who="learner", press=BUTTON)
    yield Kind("result, passed", f"{attempts}/{scene.passed.pk}/result/", who="learner")
    yield Kind("result, not yet", f"{attempts}/{scene.missed.pk}/result/", who="learner")


def certificates(scene: Scene) -> Iterator[Kind]:
    """Yield the holder's pages, and those where anybody checks."""
    base, here = f"/{scene.language}/learning/certificates/", f"?lang={scene.language}"
    code = scene.certificate.code
    yield Kind("name on certificates", f"{base}name/", who="newcomer")
    yield Kind("name, missing", f"{base}name/", who="newcomer", fill=("name", ""), press=BUTTON)
    yield Kind("certificates, none", base, who="newcomer")
    yield Kind("certificates", base, who="learner", again=True)
    yield Kind("certificate", f"{base}{code}/", who="learner")
    yield Kind("verify", f"/verify/{here}")
    yield Kind("verify, no code", f"/verify/{here}", press=BUTTON)
    yield Kind("verify, valid", f"/verify/{code}/{here}")
    yield Kind("verify, unknown", f"/verify/{code[::-1]}/{here}", status=404)
    yield Kind("verify, revoked", f"/verify/{scene.revoked.code}/{here}")
    name = ("surname", "One")
    yield Kind("verify, surname", f"/verify/{code}/{here}", fill=name, press=BUTTON, again=True)
    yield Kind("verify, holder's link", f"{scene.holders_path}&lang={scene.language}", again=True)


def account(scene: Scene) -> Iterator[Kind]:
    """Yield the pages of a person's own account."""
    here = f"?lang={scene.language}"
    pages = {
        "account": "",
        "preferences": "preferences/",
        "e-mail addresses": "email/",
        "change of password": "password/change/",
        "second factor, none": "2fa/",
        "second factor, app": "2fa/totp/activate/",
        "second factor, passkey": "2fa/webauthn/add/",
        "sessions": "sessions/",
        "data we hold": "data/",
        "closing": "close/",
        "sign-out": "logout/",
    }
    for name, path in pages.items():
        yield Kind(name, f"/accounts/{path}{here}", who="newcomer")
    secret = stop_url_of_notices(scene.cast.trainer).split("/")[-2]
    yield Kind("stopping notices", f"/accounts/notices/{secret}/{here}")
    yield Kind("second factor", f"/accounts/2fa/{here}", who="careful", again=True)
    yield Kind("recovery codes", f"/accounts/2fa/recovery-codes/{here}", who="careful")
    yield Kind("closing, refused", f"/accounts/close/{here}", who="newcomer", press=BUTTON)
    again = f"/accounts/reauthenticate/{here}&next=/accounts/close/"
    yield Kind("who are you", again, who="forgotten")


def organisation(scene: Scene) -> Iterator[Kind]:
    """Yield what managers, auditors and members see."""
    base = f"/{scene.language}/organisations/"
    ours = f"{base}{scene.cast.organisation.slug}/"
    member = scene.membership().pk
    token = scene.invitation.token
    yield Kind("my organisations, none", base, who="newcomer")
    yield Kind("my organisations", base, who="learner", again=True)
    yield Kind("leaving", f"{ours}leave/", who="learner")
    yield Kind("invitation, visitor", f"{base}join/{token}/")
    yield Kind("invitation", f"{base}join/{token}/", who="newcomer", again=True)
    theirs = f"{base}join/{token}/"
    yield Kind("invitation, somebody else's", theirs, who="learner", status=403, again=True)
    secret = stop_url(scene.invitation).split("/")[-3]
    yield Kind("stopping invitations", f"{base}join/{secret}/stop/")
    yield Kind("organisation", ours, who="manager", has_table=True)
    yield Kind("organisation, auditor", ours, who="auditor", has_table=True, again=True)
    yield Kind("people", f"{ours}people/", who="manager", has_table=True)
    yield Kind("records", f"{ours}records/", who="manager", has_table=True)
    yield Kind("invitations", f"{ours}invitations/", who="manager", has_table=True)
    yield Kind("invitations, none typed", f"{ours}invitations/", "manager", press=BUTTON)
    yield Kind("moving a member", f"{ours}members/{member}/move/", who="manager")
    yield Kind("ending a membership", f"{ours}members/{member}/end/", who="manager")
