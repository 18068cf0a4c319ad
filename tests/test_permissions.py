"""Every address against every role: what is missing here fails.

Our own addresses are held in one table, whole. Wagtail brings 270 more below `/cms/`: they are
addressed by the resolver itself and held by area (`tests/cms.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve
from django.utils import translation

from tests.cms import Area, address_of, area_of
from tests.resolver import Pattern, every_pattern
from tests.stage import EMPLOYER, MARKS, ROLES, Answer, Stage, ask, set_stage

pytestmark = MARKS

type Expected = dict[str, int]


def each(status: int, **others: int) -> Expected:
    """Return the same status for every role but these."""
    assert set(others) <= set(ROLES)
    return dict.fromkeys(ROLES, status) | others


def sent(expected: Expected, status: int = 303) -> Expected:
    """Return what a form answers to whom its page is shown."""
    return {role: status if found == 200 else found for role, found in expected.items()}


# Who is let in. A visitor is asked to sign in; whom it is not for, learns not even that it exists.
EVERYBODY = each(200)
NOBODY = each(404)
SIGNED_IN = each(200, visitor=302)
ENTRANCE = each(302, visitor=200)  # who is in already is sent on
LEARNER = each(404, visitor=302, learner=200)  # the owner of what is addressed
STRANGER = each(404, visitor=302, stranger=200)
MANAGER = each(404, visitor=302, manager=200)
OTHER_MANAGER = each(404, visitor=302, other_manager=200)
OVERVIEW = each(404, visitor=302, manager=200, auditor=200)
NO_METHOD = each(405)
NO_METHOD_SIGNED_IN = each(405, visitor=302)


@dataclass(frozen=True)
class Row:
    """One address: what each role gets for reading it, and for sending `data` there.

    `named` are the roles to whom it may name the learner; an address that is a secret itself `tells`
    whom it lets in who the employer is. `writes` are tables that a reading may write to.
    """

    address: str
    get: Expected
    post: Expected = field(default_factory=lambda: NO_METHOD)
    data: dict[str, Any] = field(default_factory=dict)
    named: tuple[str, ...] = ("learner",)
    tells: bool = False
    writes: frozenset[str] = frozenset()


OURS = ("learner", "manager")
MACHINE = [
    Row("/healthz", EVERYBODY),
    Row("/readyz", EVERYBODY),
    Row("/metrics", NOBODY),  # it asks for a token, and for no person
    Row("/robots.txt", EVERYBODY),
    Row("/sitemap.xml", EVERYBODY),
]
PUBLIC = [
    Row("/en/", EVERYBODY),
    Row("/en/about/", EVERYBODY),
    Row("/en/accessibility/", EVERYBODY),  # closed by a password, which it asks for
    Row("/en/courses/", EVERYBODY),
    Row("/en/courses/foundation/", EVERYBODY),
    Row("/en/courses/foundation/respond/", EVERYBODY),
    Row("/fr/courses/foundation/respond/when-a-child-tells-you/", EVERYBODY),
    Row("/en/courses/foundation/respond/quiz/", EVERYBODY),
    Row("/en/no-such-page/", NOBODY),
    Row("/en/sectors/", EVERYBODY),
    Row("/en/glossary/", EVERYBODY),
    Row("/en/search/?q=child", EVERYBODY),
    Row("/en/sectors/policing/", EVERYBODY),
    Row("/ru/help-for-children/", EVERYBODY),
    Row("/en/worried-about-a-child/", EVERYBODY),
    Row("/en/worried-about-yourself/", EVERYBODY),
    Row("/en/support/", EVERYBODY),
    Row("/en/contact/", EVERYBODY),
    Row("/en/leaving-quickly/", EVERYBODY),
    Row("/en/trainers-welfare/", EVERYBODY),
    Row("/en/privacy/", EVERYBODY),
    Row("/en/sectors/none/", NOBODY),
    Row("/en/help/", EVERYBODY),
    Row("/en/help/?country=AT", each(302)),
    Row("/en/help/?country=nowhere", each(422)),
    Row("/en/help/at/", EVERYBODY),
    Row("/en/help/zz/", NOBODY),
    Row("/media/{drawn}", EVERYBODY),
    Row("/media/images/none.png", NOBODY),
    Row("/documents/{open_document}", EVERYBODY, EVERYBODY),
    Row("/documents/{locked_document}", EVERYBODY, EVERYBODY),
    Row(
        "/documents/authenticate_with_password/{restriction}/",
        EVERYBODY,
        each(302),
        {"password": "open", "return_url": "//evil.example"},
    ),
    Row(
        "/en/_util/authenticate_with_password/{page_restriction}/{closed_page}/",
        EVERYBODY,
        each(302),
        {"password": "open", "return_url": "//evil.example"},
    ),
    Row("/en/_util/login/?next=/en/", each(302), each(302)),
]
VERIFYING = [
    Row("/verify/", EVERYBODY, each(200), {"code": "{code}", "surname": "One"}, named=ROLES),
    Row("/verify/{code}/", EVERYBODY, each(200), {"surname": "Two"}),
    Row("/verify/0123456789ABCDEFGHJKMNPQRS/", NOBODY, each(404), {"surname": "One"}),
    Row("{holders_link}", EVERYBODY, each(200), {"surname": "One"}, named=ROLES),
]
LEARNING = [
    Row("/en/learning/", SIGNED_IN, NO_METHOD_SIGNED_IN),
    Row("/en/learning/foundation/enrol/", NO_METHOD, sent(SIGNED_IN)),
    Row("/en/learning/none/enrol/", NO_METHOD, NOBODY),
    Row("/en/learning/foundation/lessons/{lesson}/", NO_METHOD, sent(SIGNED_IN)),
    Row("/en/learning/policing/lessons/{lesson}/", NO_METHOD, each(404, visitor=302)),
    Row("/en/learning/policing/quizzes/{open_quiz}/", NO_METHOD, sent(SIGNED_IN)),
    Row("/en/learning/policing/quizzes/{quiz}/", NO_METHOD, each(404, visitor=302)),
    Row("/en/learning/attempts/{open}/1/", LEARNER, sent(LEARNER), {"choice": "1"}),
    Row("/en/learning/attempts/{open}/99/", each(404, visitor=302), each(404, visitor=302)),
    Row("/en/learning/attempts/{open}/check/", LEARNER, NO_METHOD_SIGNED_IN),
    Row("/en/learning/attempts/{open}/submit/", NO_METHOD_SIGNED_IN, sent(LEARNER)),
    Row("/en/learning/attempts/{open}/result/", sent(LEARNER), NO_METHOD_SIGNED_IN),
    Row("/en/learning/attempts/{submitted}/1/", sent(LEARNER), sent(LEARNER), {"choice": "1"}),
    Row("/en/learning/attempts/{submitted}/check/", sent(LEARNER), NO_METHOD_SIGNED_IN),
    Row("/en/learning/attempts/{submitted}/submit/", NO_METHOD_SIGNED_IN, sent(LEARNER)),
    Row("/en/learning/attempts/{submitted}/result/", LEARNER, NO_METHOD_SIGNED_IN),
    Row("/en/learning/certificates/", SIGNED_IN),
    Row("/en/learning/certificates/name/", SIGNED_IN, sent(SIGNED_IN), {"name": "Ada Example"}),
    Row("/en/learning/certificates/{code}/", LEARNER),
    Row("/en/learning/certificates/{code}/en.pdf", LEARNER, NO_METHOD),
    Row("/en/learning/certificates/{code}/xx.pdf", each(404, visitor=302), NO_METHOD),
]
EXPORTED = frozenset({"accounts_event"})  # that somebody took the records is logged
ORGANISATIONS = [
    Row("/en/organisations/", SIGNED_IN, NO_METHOD_SIGNED_IN),
    Row(
        "/en/organisations/join/{token}/",
        each(403, visitor=200, stranger=200),
        each(403, visitor=302, stranger=303),
        {"name": "Stranger Two"},
        tells=True,
    ),
    Row("/en/organisations/join/no-such-token/", NOBODY, NOBODY),
    Row("{stop_invitations}", EVERYBODY, each(303), tells=True),
    Row("/en/organisations/join/1:forged/stop/", NOBODY, NOBODY),
    Row("/en/organisations/ours/leave/", LEARNER, sent(LEARNER)),
    Row("/en/organisations/theirs/leave/", STRANGER, sent(STRANGER)),
    Row("/en/organisations/ours/", OVERVIEW, NO_METHOD_SIGNED_IN),
    Row("/en/organisations/theirs/", OTHER_MANAGER, NO_METHOD_SIGNED_IN),
    Row("/en/organisations/none/", each(404, visitor=302), NO_METHOD_SIGNED_IN),
    Row("/en/organisations/ours/people/", MANAGER, NO_METHOD_SIGNED_IN, named=OURS),
    Row("/en/organisations/theirs/people/", OTHER_MANAGER, NO_METHOD_SIGNED_IN),
    Row("/en/organisations/ours/records/", MANAGER, NO_METHOD_SIGNED_IN, named=OURS),
    Row("/en/organisations/theirs/records/", OTHER_MANAGER, NO_METHOD_SIGNED_IN),
    *(
        Row(
            f"/en/organisations/{slug}/records/export.{kind}",
            who,
            NO_METHOD_SIGNED_IN,
            named=OURS if slug == "ours" else (),
            writes=EXPORTED,
        )
        for slug, who in (("ours", MANAGER), ("theirs", OTHER_MANAGER))
        for kind in ("csv", "xlsx")
    ),
    Row(
        "/en/organisations/ours/invitations/",
        MANAGER,
        sent(MANAGER),
        {"lines": "somebody@example.org", "unit": "ours", "language": "en"},
    ),
    Row("/en/organisations/theirs/invitations/", OTHER_MANAGER, sent(OTHER_MANAGER, 422)),
    Row(
        "/en/organisations/ours/invitations/{invitation}/withdraw/",
        NO_METHOD_SIGNED_IN,
        sent(MANAGER),
    ),
    Row(
        "/en/organisations/ours/invitations/{foreign_invitation}/withdraw/",
        NO_METHOD_SIGNED_IN,
        each(404, visitor=302),
    ),
    Row(
        "/en/organisations/ours/members/{member}/move/",
        MANAGER,
        sent(MANAGER),
        {"unit": "ours"},
        named=OURS,
    ),
    Row("/en/organisations/ours/members/{member}/end/", MANAGER, sent(MANAGER), named=OURS),
    *(
        Row(address, each(404, visitor=302), each(404, visitor=302), {"unit": "ours"})
        for address in (
            "/en/organisations/ours/members/{foreign_member}/move/",
            "/en/organisations/ours/members/{foreign_member}/end/",
            "/en/organisations/theirs/members/{member}/move/",
            "/en/organisations/theirs/members/{member}/end/",
            "/en/organisations/none/members/{member}/end/",
        )
    ),
]
# The cast's second factors: the learner has a passkey, the stranger none, all others an app.
WITH_APP = each(200, visitor=302, learner=302, stranger=302)
WITHOUT_APP = each(302, learner=200, stranger=200)
OF_APP = each(200, visitor=302, learner=404, stranger=404)
ACCOUNT = [
    Row("/accounts/", SIGNED_IN),
    Row("/accounts/start/", each(302)),
    Row(
        "/accounts/preferences/",
        SIGNED_IN,
        sent(SIGNED_IN),
        {"first_name": "Ada", "language": "fr", "time_zone": "Europe/Paris"},
    ),
    Row("/accounts/data/", SIGNED_IN),
    Row("/accounts/data/file/", SIGNED_IN),
    Row("/accounts/close/", SIGNED_IN, sent(SIGNED_IN, 422)),
    Row("/accounts/closed/", EVERYBODY),
    Row("{stop}", EVERYBODY, each(303)),
    Row("/accounts/reset/1:forged/", NOBODY, NOBODY),
    Row("{stop_notices}", EVERYBODY, each(303)),
    Row("/accounts/notices/1:forged/", NOBODY, NOBODY),
    Row("/accounts/logout/", each(200, visitor=302), each(302)),
    Row("/accounts/login/", ENTRANCE, sent(ENTRANCE, 422)),
    Row("/accounts/inactive/", EVERYBODY),
    Row("/accounts/signup/", ENTRANCE, sent(ENTRANCE, 422)),
    Row("/accounts/reauthenticate/", SIGNED_IN, sent(SIGNED_IN, 422)),
    Row("/accounts/email/", SIGNED_IN, each(302)),
    Row("/accounts/confirm-email/", each(302), each(302)),
    Row("/accounts/password/change/", SIGNED_IN, sent(SIGNED_IN, 422)),
    Row("/accounts/password/set/", each(302), each(302)),
    Row("/accounts/password/reset/", EVERYBODY, sent(EVERYBODY, 422)),
    Row("/accounts/login/code/confirm/", each(302), each(302)),
    Row("/accounts/password/reset/confirm/", each(302), each(302)),
    Row("/accounts/password/reset/complete/", each(302), each(302)),
    Row("/accounts/password/reset/done/", EVERYBODY),
    Row("/accounts/login/code/", ENTRANCE, sent(ENTRANCE, 422)),
    Row("/accounts/2fa/", SIGNED_IN, NO_METHOD_SIGNED_IN),
    Row("/accounts/2fa/authenticate/", each(302), each(302)),
    Row("/accounts/2fa/reauthenticate/", WITH_APP, sent(WITH_APP, 422)),
    Row("/accounts/2fa/totp/activate/", WITHOUT_APP, sent(WITHOUT_APP, 422)),
    Row("/accounts/2fa/totp/deactivate/", OF_APP, sent(OF_APP, 302)),
    Row("/accounts/2fa/recovery-codes/", each(404, visitor=302), NO_METHOD_SIGNED_IN),
    Row("/accounts/2fa/recovery-codes/generate/", SIGNED_IN, each(302, stranger=422)),
    Row("/accounts/2fa/recovery-codes/download/", each(404, visitor=302), each(404, visitor=302)),
    Row("/accounts/2fa/webauthn/", SIGNED_IN, NO_METHOD_SIGNED_IN),
    Row("/accounts/2fa/webauthn/add/", SIGNED_IN, sent(SIGNED_IN, 422)),
    Row("/accounts/2fa/webauthn/reauthenticate/", each(302, learner=200), each(302)),
    Row("/accounts/2fa/webauthn/keys/{passkey}/remove/", LEARNER, sent(LEARNER, 302)),
    Row("/accounts/2fa/webauthn/keys/{passkey}/edit/", LEARNER, sent(LEARNER, 422)),
    Row("/accounts/2fa/webauthn/login/", each(302), each(302)),
    Row("/accounts/sessions/", SIGNED_IN, sent(SIGNED_IN, 302)),
]
TABLE = [*MACHINE, *PUBLIC, *VERIFYING, *LEARNING, *ORGANISATIONS, *ACCOUNT]
# Tables that any request may write to.
SESSIONS = frozenset({"django_session", "usersessions_usersession"})


@pytest.fixture
def stage() -> Stage:
    """Give the site in use."""
    return set_stage()


def breaches(row: Row, stage: Stage, role: str, method: str) -> list[str]:
    """Return what is wrong with the answer to one role."""
    expected = (row.get if method == "get" else row.post)[role]
    # As a browser's form, it is never empty.
    data = {"sent": "1"} | {name: stage.address(value) for name, value in row.data.items()}
    address = stage.address(row.address)
    answer = ask(stage.clients[role], method, address, data if method == "post" else None)
    wrong = []
    if answer.status != expected:
        wrong.append(f"{answer.status} instead of {expected} {answer.location}")
    done = answer.status in {200, 303, 422} or (answer.status == 302 and not answer.asks_to_sign_in)
    allowed = SESSIONS | row.writes if method == "get" or not done else None
    if allowed is not None and answer.written - allowed:
        wrong.append(f"it wrote to {sorted(answer.written - allowed)}")
    if role not in row.named or not done:
        secrets = [stage.cast.learner.certificate_name, stage.cast.learner.email]
        secrets += [] if done or row.tells else [EMPLOYER]
        wrong += [f"it says {name}" for name in secrets if name in answer.body]
    return [f"{method.upper()} {row.address} as {role}: {found}" for found in wrong]


@pytest.mark.parametrize("method", ["get", "post"])
def test_every_role_gets_what_the_table_says(stage: Stage, method: str) -> None:
    wrong = [
        found for row in TABLE for role in ROLES for found in breaches(row, stage, role, method)
    ]
    assert not wrong, "\n".join(wrong)


CMS = [pattern for pattern in every_pattern() if pattern.route.startswith("cms/")]
# What a form of the CMS sends at least, and where it wants to be led.
FORM = {
    "sent": "1",
    "next": "/cms/reports/",
    "external-link-chooser-url": "https://example.org/",
}
# Wagtail notes at a reading who edits, remembers settings, and draws images once.
BOOKKEEPING = SESSIONS | {
    "wagtailadmin_editingsession",
    "wagtailcore_pagesubscription",
    "wagtaildocs_document",  # the size and the fingerprint of a file
    "wagtailimages_image",
    "wagtailimages_rendition",
    "wagtailsearch_indexentry",
    "wagtailusers_userprofile",
}


def route_of(address: str) -> str:
    """Return the route of the pattern that answers an address."""
    path = address.partition("?")[0]
    with translation.override(translation.get_language_from_path(path) or "en"):
        return resolve(path).route.replace("^", "")


def test_no_address_is_missing(stage: Stage) -> None:
    ours = {pattern.route for pattern in every_pattern()} - {pattern.route for pattern in CMS}
    answered = {route_of(stage.address(row.address)) for row in TABLE}
    missing = sorted(route for route in ours if route.replace("^", "") not in answered)
    assert not missing, f"give these a row in TABLE: {missing}"


def is_reached(answer: Answer) -> bool:
    """Return whether the CMS let somebody in, whatever it made of the request."""
    refused = answer.status in {403, 404, 405} or answer.location == "/cms/"
    return not refused and not answer.asks_to_sign_in


def cms_breaches(pattern: Pattern, stage: Stage, method: str) -> Iterator[str]:
    """Return what is wrong with one address of the CMS, for whom."""
    found, address = area_of(pattern), address_of(pattern, stage)
    if found is None or address is None:
        yield f"{pattern.route}: tests/cms.py knows no area or no object for it"
        return
    if found.see and route_of(address) != pattern.route.replace("^", ""):
        yield f"{pattern.route}: {address} leads elsewhere"
    for role in visitors_of(found, method):
        answer = ask(stage.clients[role], method, address, FORM if method == "post" else None)
        yield from (
            f"{method.upper()} {pattern.route} as {role}: {wrong}"
            for wrong in cms_judgement(answer, role, found, method)
        )


def visitors_of(area: Area, method: str) -> list[str]:
    """Return all whom an area is closed to, and of the others, whose pages take long, two.

    They are the humblest, and the administrator, who is let in by her group as far as it goes.
    """
    let_in = area.let_in(method)
    shown = {*let_in[:1], "deputy" if "deputy" in let_in else "administrator"}
    return [role for role in ROLES if role not in let_in or role in shown]


def cms_judgement(answer: Answer, role: str, area: Area, method: str) -> Iterator[str]:
    """Return what is wrong with an answer of the CMS."""
    let_in = role in area.let_in(method)
    if answer.status >= 500:
        yield f"{answer.status}"
    elif let_in and not is_reached(answer) and answer.status != 405:
        yield f"is refused: {answer.status} {answer.location}"
    elif not let_in and is_reached(answer):
        yield f"is let in: {answer.status} {answer.location}"
    allowed = BOOKKEEPING if let_in else SESSIONS
    if (method == "get" or not let_in) and answer.written - allowed:
        yield f"it wrote to {sorted(answer.written - allowed)}"


@pytest.mark.sweep
@pytest.mark.parametrize("method", ["get", "post"])
def test_every_area_of_the_cms_is_closed_to_whom_it_is_not_for(stage: Stage, method: str) -> None:
    wrong = [found for pattern in CMS for found in cms_breaches(pattern, stage, method)]
    assert not wrong, "\n".join(wrong)


# A page that is not there; and what mail programs post to, which have no cookie: the address itself
# is the secret (RFC 8058).
WITHOUT_TOKEN = {
    "/en/no-such-page/",
    "{stop_invitations}",
    "/en/organisations/join/1:forged/stop/",
    "{stop_notices}",
    "/accounts/notices/1:forged/",
}


def test_no_form_is_taken_without_its_token(stage: Stage) -> None:
    addresses = [stage.address(row.address) for row in TABLE if row.address not in WITHOUT_TOKEN]
    addresses += [address for found in CMS if (address := address_of(found, stage))]
    taken = []
    for role in ("learner", "administrator"):
        strict = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
        strict.cookies = stage.clients[role].cookies
        for address in addresses:
            answer = ask(strict, "post", address, FORM)
            if answer.status != 403 and not answer.asks_to_sign_in:
                taken.append(f"{role}: {address} {answer.status}")
    assert not taken, "\n".join(taken)


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_no_other_method_does_anything(stage: Stage, method: str) -> None:
    wrong = []
    for row in TABLE:
        answer = ask(stage.clients["learner"], method, stage.address(row.address))
        may_write = row.post["learner"] in {200, 302, 303}  # a few views take any method as a form
        if answer.status >= 500 or (answer.written - SESSIONS and not may_write):
            wrong.append(f"{row.address}: {answer.status} {sorted(answer.written)}")
    assert not wrong, "\n".join(wrong)
