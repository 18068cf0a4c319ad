"""What somebody who is let into the CMS, or has an account, may try to get more than she has.

Each attack has its counterpart: the role that may do it, so that no attack fails by a slip of ours.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from wagtail.models import Page, Site, Task, Workflow
from wagtail_localize.models import StringTranslation

from certificates.models import Certificate
from courses.models import Completion, Enrolment
from organisations.models import Membership
from quizzes.models import Attempt, AttemptItem, Question
from tests.accounts.signing_in import by_password, is_signed_in, mailed_code
from tests.courses.scene import lesson
from tests.people import make_person, signed_in
from tests.stage import MARKS, Stage, ask, set_stage
from tutela.accounts.models import User
from tutela.accounts.roles import ADMINISTRATORS, PUBLISHERS

pytestmark = MARKS
PASSWORD = "a pass phrase for tests"
OTHER_PASSWORD = "another pass phrase"


@pytest.fixture
def stage() -> Stage:
    """Give the site in use, a translation of which waits to be published."""
    stage = set_stage()
    waiting = StringTranslation.objects.filter(
        context__object_id=lesson("F5").translation_key, context__path="title"
    )
    assert waiting.update(data="Un autre titre") == 1
    return stage


def published() -> list[Any]:
    """Return all that readers see."""
    pages = Page.objects.filter(live=True).order_by("pk")
    questions = Question.objects.order_by("pk")
    return [
        *pages.values_list("pk", "title", "url_path", "live_revision_id", "alias_of_id"),
        *questions.values_list("pk", "stem", "live", "live_revision_id"),
    ]


def powers() -> list[Any]:
    """Return who may do what, and who may enter as whom."""
    people, groups = User.objects.order_by("pk"), Group.objects.order_by("pk")
    return [
        *people.values_list("pk", "email", "password", "is_superuser", "is_active", "groups"),
        *groups.values_list("name", "permissions").order_by("pk", "permissions"),
        *Task.objects.values_list("pk", "active"),
        *Workflow.objects.values_list("pk", "active"),
        *Site.objects.values_list("pk", "hostname"),
    ]


@dataclass(frozen=True)
class Attack:
    """A form that one role must not get through, and another one may."""

    name: str
    roles: tuple[str, ...]
    address: str
    data: dict[str, Any] = field(default_factory=dict)
    may: str = ""

    def send(self, stage: Stage, role: str) -> tuple[int, list[Any]]:
        """Return the status, and what readers saw and people could do afterwards."""
        data = {name: self.fill(value, stage) for name, value in self.data.items()}
        answer = ask(
            stage.clients[role],
            "post",
            stage.address(self.address),
            data,
            look=lambda: [published(), powers()],
        )
        return answer.status, answer.seen

    @staticmethod
    def fill(value: Any, stage: Stage) -> Any:
        """Return what is sent, with the stage's own objects."""
        return stage.address(value) if isinstance(value, str) else value


WRITERS, STAFF = ("trainer", "reviewer"), ("trainer", "reviewer", "publisher")
WHY = {"reason": "I like to"}
NEW = {"first_name": "New", "last_name": "Person", "email": "new@example.org", **WHY}
PERSON = {"first_name": "A", "last_name": "B", "is_active": "on", "groups": [], **WHY}
EDIT = "/cms/pages/{module}/edit/"
MODULE = {
    "title": "Taken over",
    "slug": "respond",
    "summary": "Other words",
    "code": "foundation-2",
    "seo_title": "",
    "search_description": "",
    "comments-TOTAL_FORMS": "0",
    "comments-INITIAL_FORMS": "0",
}
COPY = {"new_title": "Copy", "new_slug": "copy", "new_parent_page": "{other_module}"}
PUBLISHING = [
    Attack("publish a page", WRITERS, EDIT, {**MODULE, "action-publish": "1"}, may="publisher"),
    Attack("publish by the API", WRITERS, "/cms/api/main/pages/{page}/action/publish/"),
    Attack(
        "unpublish by the API",
        WRITERS,
        "/cms/api/main/pages/{page}/action/unpublish/",
        may="publisher",
    ),
    Attack("delete by the API", WRITERS, "/cms/api/main/pages/{page}/action/delete/"),
    Attack(
        "move by the API",
        WRITERS,
        "/cms/api/main/pages/{page}/action/move/",
        {"destination_page_id": "{other_module}", "position": "last-child"},
        may="publisher",
    ),
    Attack(
        "copy by the API, alive",
        WRITERS,
        "/cms/api/main/pages/{page}/action/copy/",
        {"destination_page_id": "{other_module}", "slug": "copy", "keep_live": "true"},
    ),
    Attack(
        "alias by the API",
        STAFF,
        "/cms/api/main/pages/{page}/action/create_alias/",
        {"destination_page_id": "{other_module}", "update_slug": "copy"},
    ),
    Attack(
        "copy, alive",
        WRITERS,
        "/cms/pages/{page}/copy/",
        {**COPY, "publish_copies": "on"},
        may="publisher",
    ),
    Attack("alias", STAFF, "/cms/pages/{page}/copy/", {**COPY, "alias": "on"}),
    *(
        Attack(
            f"{action} many",
            WRITERS,
            f"/cms/bulk/wagtailcore/page/{action}/?id={{page}}",
            {"chooser": "{other_module}", "include_descendants": "on"},
            may="deputy",
        )
        for action in ("unpublish", "delete", "move")
    ),
    Attack(
        "approve one's own page",
        ("trainer",),
        "/cms/pages/workflow/action/{waiting_page}/approve/{page_task}/",
        {"comment": "Fine."},
    ),
    Attack(
        "publish a translation",
        WRITERS,
        "/cms/pages/{french_page}/edit/",
        {"action": "publish"},
        may="publisher",
    ),
    Attack(
        "publish a translation with its source's changes",
        WRITERS,
        "/cms/localize/update/{source}/",
        {"publish_translations": "on"},
        may="publisher",
    ),
    Attack(
        "turn a translation into an alias",
        STAFF,
        "/cms/localize/page/{french_page}/convert_to_alias/",
        {"localize-convert-to-alias": "1"},
    ),
    Attack("unpublish a question", WRITERS, "/cms/snippets/quizzes/question/unpublish/{question}/"),
    Attack(
        "delete a question",
        STAFF,
        "/cms/snippets/quizzes/question/delete/{question}/",
        may="deputy",
    ),
    Attack(
        "delete many questions",
        STAFF,
        "/cms/bulk/quizzes/question/delete/?id={question}",
        may="deputy",
    ),
]
ROLE_FORM = {"role": "{administrators}", **WHY}
POWER = [
    Attack(
        "make oneself a superuser",
        ("deputy",),
        "/cms/users/edit/{deputy}/",
        {**PERSON, "is_superuser": "on", "groups": "{administrators}"},
    ),
    Attack(
        "make another a superuser",
        ("deputy",),
        "/cms/users/edit/{user}/",
        {**PERSON, "is_superuser": "on"},
        may="administrator",
    ),
    Attack("make a new superuser", STAFF, "/cms/users/new/", {**NEW, "is_superuser": "on"}),
    Attack(
        "set another's password",
        ("deputy", "administrator"),
        "/cms/users/edit/{user}/",
        {**PERSON, "password1": OTHER_PASSWORD, "password2": OTHER_PASSWORD},
    ),
    Attack(
        "set another's address",
        ("deputy", "administrator"),
        "/cms/users/edit/{user}/",
        {**PERSON, "email": "mine@example.org"},
    ),
    Attack(
        "lock a superuser out",
        ("deputy",),
        "/cms/users/edit/{ruler}/",
        {"first_name": "A", "last_name": "B", **WHY},
    ),
    Attack(
        "lock many out",
        (*STAFF, "deputy"),
        "/cms/bulk/accounts/user/set_active_state/?id={ruler}",
        {"mark_as_active": "False", **WHY},
    ),
    Attack(
        "lock somebody out",
        STAFF,
        "/cms/bulk/accounts/user/set_active_state/?id={user}",
        {"mark_as_active": "False", **WHY},
        may="deputy",
    ),
    Attack(
        "give a role", STAFF, "/cms/bulk/accounts/user/assign_role/?id={user}", ROLE_FORM, "deputy"
    ),
    Attack("delete a person", ("deputy", "administrator"), "/cms/users/delete/{stranger}/"),
    Attack(
        "delete many", ("deputy", "administrator"), "/cms/bulk/accounts/user/delete/?id={stranger}"
    ),
    Attack("copy a person", ("deputy", "administrator"), "/cms/users/copy/{user}/", NEW),
    Attack(
        "copy a site",
        ("administrator",),
        "/cms/sites/copy/{site}/",
        {"hostname": "evil", **WHY},
    ),
    Attack(
        "take rights for one's group",
        STAFF,
        "/cms/groups/edit/{group}/",
        {
            "name": "Authors",
            "page_permissions-TOTAL_FORMS": "0",
            "page_permissions-INITIAL_FORMS": "0",
            **WHY,
        },
    ),
    Attack(
        "make a task that approves",
        STAFF,
        "/cms/workflows/task_chooser/create/",
        {"create-task-name": "Mine", "create-task-groups": "{group}", "name": "Mine", **WHY},
    ),
]


def gained(attack: Attack, role: str, stage: Stage) -> bool:
    """Return whether an attack changed what readers see or who may do what, or broke something."""
    status, after = attack.send(stage, role)
    return status >= 500 or after != [published(), powers()]


@pytest.mark.parametrize("attacks", [PUBLISHING, POWER], ids=["publishing", "power"])
def test_nobody_gets_more_than_she_has(stage: Stage, attacks: list[Attack]) -> None:
    stage.names.update(
        administrators=Group.objects.get(name=ADMINISTRATORS).pk,
        publishers=Group.objects.get(name=PUBLISHERS).pk,
        deputy=stage.deputy.pk,
        stranger=stage.cast.stranger.pk,
    )
    wrong = [
        f"{role}: {attack.name}"
        for attack in attacks
        for role in attack.roles
        if gained(attack, role, stage)
    ]
    wrong += [
        f"{attack.may} cannot: {attack.name}"
        for attack in attacks
        if attack.may and not gained(attack, attack.may, stage)
    ]
    assert not wrong, "\n".join(wrong)


LIES = {
    "score": "100",
    "points": "100",
    "passed": "on",
    "correct": "on",
    "user": "{stranger}",
    "person": "{stranger}",
    "person_id": "{stranger}",
    "enrolment": "1",
    "sitting": "1",
    "attempt": "{submitted}",
    "submitted_at": "2020-01-01",
    "finished": "1",
    "staff_number": "1",
    "unit": "1",
    "organisation": "1",
    "is_superuser": "on",
    "is_staff": "on",
    "groups": "{administrators}",
    "email": "mine@example.org",
    "certificate_name": "Somebody Else",
    "completed_at": "2020-01-01",
    "expires_on": "2099-01-01",
}
# What each form is for; the claims beside it must change nothing of the answer's effects.
HONEST = [
    ("learner", "/en/learning/attempts/{open}/1/", {"choice": "1"}),
    ("learner", "/en/learning/attempts/{open}/submit/", {"sent": "1"}),
    ("learner", "/en/learning/foundation/enrol/", {"sent": "1"}),
    ("learner", "/en/learning/policing/quizzes/{open_quiz}/", {"sent": "1"}),
    ("learner", "/en/learning/foundation/lessons/{lesson}/", {"sent": "1"}),
    ("learner", "/en/learning/certificates/name/", {"name": "Ada Example"}),
    ("learner", "/en/organisations/ours/leave/", {"sent": "1"}),
    ("stranger", "/en/organisations/join/{token}/", {"name": "Stranger Two"}),
    ("stranger", "/en/learning/policing/enrol/", {"sent": "1"}),
    (
        "stranger",
        "/accounts/preferences/",
        {"first_name": "Ada", "language": "fr", "time_zone": "Europe/Paris"},
    ),
    ("manager", "/en/organisations/ours/members/{member}/end/", {"sent": "1"}),
]


def effects() -> list[Any]:
    """Return what forms of learners and managers change, but for the instants."""
    items = AttemptItem.objects.order_by("pk").values_list(
        "attempt", "position", "response", "correct"
    )
    return [
        *powers(),
        *User.objects.order_by("pk").values_list("first_name", "certificate_name", "language"),
        *Attempt.objects.order_by("pk").values_list(
            "sitting__person", "number", "passed", "points"
        ),
        *items,
        *Enrolment.objects.order_by("pk").values_list("person", "course", "cycle"),
        *Completion.objects.order_by("pk").values_list("enrolment", "person", "completed_on"),
        *Certificate.objects.order_by("pk").values_list("person", "holder", "expires_on"),
        *Membership.objects.order_by("pk").values_list("person", "unit", "name", "staff_number"),
    ]


def test_no_claim_beside_a_form_is_believed(stage: Stage) -> None:
    stage.names.update(administrators=1, stranger=stage.cast.stranger.pk)
    claims = {name: stage.address(value) for name, value in LIES.items()}
    for role, address, data in HONEST:
        client, path = stage.clients[role], stage.address(address)
        honest = ask(client, "post", path, data, look=effects)
        lying = ask(client, "post", path, claims | data, look=effects)
        assert (honest.status, lying.status) == (303, 303), address
        assert lying.seen == honest.seen, address


def test_no_step_is_skipped(stage: Stage) -> None:
    person = make_person("hasty", certificate_name="Hasty Five")
    client, base = signed_in(person), "/en/learning"
    start = f"{base}/foundation/quizzes/{stage.names['quiz']}/"
    before = effects_of(person)

    assert client.post(start).status_code == 303
    assert effects_of(person) == before
    client.post(f"{base}/foundation/enrol/")
    client.post(start, {"passed": "on"})
    code = stage.names["code"]
    for address in (f"attempts/{stage.names['open']}/submit/", "attempts/99/submit/"):
        assert client.post(f"{base}/{address}").status_code == 404
    assert client.get(f"{base}/certificates/{code}/").status_code == 404
    assert effects_of(person) == [1, 0, 0, 0]


def effects_of(person: User) -> list[int]:
    """Return how many enrolments, attempts, completions and certificates a person has."""
    return [
        Enrolment.objects.filter(person=person).count(),
        Attempt.objects.filter(sitting__person=person).count(),
        Completion.objects.filter(person=person).count(),
        Certificate.objects.filter(person=person).count(),
    ]


def test_an_unanswered_quiz_is_not_passed_and_its_result_is_not_told(stage: Stage) -> None:
    client, attempts = stage.clients["learner"], f"/en/learning/attempts/{stage.names['open']}"
    AttemptItem.objects.filter(attempt=stage.names["open"], position=3).update(
        response=[], answered_at=None
    )

    assert client.post(f"{attempts}/submit/").status_code == 422
    assert client.get(f"{attempts}/result/").headers["Location"].endswith("/check/")
    assert Certificate.objects.filter(person=stage.cast.learner).count() == 1


def test_a_changed_password_ends_every_other_session(client: Client) -> None:
    person = make_person("learner")
    elsewhere = Client()
    for browser in (client, elsewhere):
        by_password(browser, person.email, password=PASSWORD)
    new = {"oldpassword": PASSWORD, "password1": OTHER_PASSWORD, "password2": OTHER_PASSWORD}

    client.post("/accounts/password/change/", new)

    assert [is_signed_in(browser) for browser in (client, elsewhere)] == [True, False]


def test_a_key_that_somebody_else_chose_is_not_taken_over(client: Client) -> None:
    person = make_person("learner")
    client.get("/accounts/login/")
    client.cookies["sessionid"] = "k" * 32

    by_password(client, person.email, password=PASSWORD)

    assert client.cookies["sessionid"].value != "k" * 32
    client.cookies["sessionid"] = "k" * 32
    assert not is_signed_in(client)


def test_who_gets_an_account_in_the_cms_enters_it_by_a_code(client: Client) -> None:
    ruler = signed_in(make_person("administrator", is_superuser=True))
    form = {**NEW, "email": "New@Example.org", "is_superuser": "on"}

    assert ruler.post("/cms/users/new/", form).status_code == 302
    person = User.objects.get(email="new@example.org")
    assert (person.has_usable_password(), person.is_superuser) == (False, True)
    client.post("/accounts/login/code/", {"email": person.email})
    client.post("/accounts/login/code/confirm/", {"code": mailed_code()})
    assert is_signed_in(client)
