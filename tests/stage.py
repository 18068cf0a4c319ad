"""A whole site in use: the cast, and an object of every kind that an address can name."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any

import pytest
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import sha256, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)
from wagtail.admin.models import EditingSession
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    Locale,
    Page,
    PageViewRestriction,
    Site,
    UploadedFile,
    Workflow,
)
from wagtail_localize.models import StringSegment, Translation

from certificates.api import holders_address
from certificates.models import Certificate
from courses.models import Term, TermLanguage
from courses.outline import LESSON, QUIZ
from organisations.api import invite, join, root_of
from organisations.models import Appointment, Membership
from organisations.stopping import stop_url as stop_url_of_invitation
from quizzes.models import Attempt, Question
from tests.courses.scene import answer_all, complete, lesson, read_lessons, steps_of
from tests.people import Cast, make_cast, make_person, signed_in
from tutela.accounts.factor_resets import ask_reset, stop_url
from tutela.accounts.models import Sign, UndeliverableAddress, User
from tutela.accounts.notices import stop_url as stop_url_of_notices
from tutela.accounts.roles import ADMINISTRATORS, AUTHORS
from tutela.accounts.undeliverable import note_undeliverable
from tutela.helplines.models import CountryEditor, Helpline, NationalInformation

if TYPE_CHECKING:
    from datetime import datetime

    from django.test import Client

ROLES = (
    "visitor",
    "learner",
    "stranger",
    "trainer",
    "reviewer",
    "publisher",
    "manager",
    "other_manager",
    "auditor",
    "country_editor",  # of Austria
    "deputy",  # an administrator by her group alone, where `administrator` is a superuser
    "administrator",
)
WRITING = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"', re.IGNORECASE)
EMPLOYER = "The Northern Harbour Authority"


# For every module whose tests set this stage.
MARKS = [
    pytest.mark.usefixtures("curriculum"),
    # Wagtail 8.0.1 and wagtail-localize 1.14.5, where they send mail and list translations.
    pytest.mark.filterwarnings("ignore:get_connection:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:get_connection:PendingDeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Pagination may yield:RuntimeWarning"),
    # What is uploaded or drawn is left for Python to close.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@dataclass(frozen=True)
class Stage:
    """The cast, what addresses are made of, and a browser for each role."""

    cast: Cast
    deputy: User
    names: dict[str, Any]
    clients: dict[str, Client]

    def person(self, role: str) -> User:
        """Return who plays a role; there is nobody behind a visitor."""
        found: User = self.deputy if role == "deputy" else getattr(self.cast, role)
        return found

    def address(self, template: str) -> str:
        """Return an address with this stage's own objects in its places."""
        return template.format(**self.names)


def set_stage() -> Stage:
    """Let everybody learn, invite, join and write; the database holds the starter curriculum."""
    cast = make_cast()
    cast.organisation.name = EMPLOYER
    cast.organisation.save()
    stage = Stage(cast, make_person("deputy", ADMINISTRATORS), {}, {})
    for part in (
        learning,
        certifying,
        organising,
        signing_in,
        writing,
        translating,
        publishing,
        helping,
    ):
        stage.names.update(part(cast))
    for role in ROLES:
        person = None if role == "visitor" else stage.person(role)
        stage.clients[role] = sure(signed_in(person), person)
    return stage


def learning(cast: Cast) -> dict[str, Any]:
    """Let the learner complete the foundation and leave an attempt of the next course open."""
    now = timezone.now()
    complete(cast.learner, "foundation", at=now)
    read_lessons(cast.learner, "policing", at=now)
    attempt = answer_all(cast.learner, "policing", steps_of("policing", QUIZ)[0], at=now)
    submitted = Attempt.objects.filter(sitting__person=cast.learner, passed=True).latest("pk")
    return {
        "open": attempt.pk,
        "submitted": submitted.pk,
        "lesson": steps_of("foundation", LESSON)[0].key,
        "quiz": steps_of("foundation", QUIZ)[0].key,
        "open_quiz": steps_of("policing", QUIZ)[0].key,
    }


def certifying(cast: Cast) -> dict[str, Any]:
    """Return what names the learner's certificate."""
    certificate = Certificate.objects.get(person=cast.learner)
    link = holders_address(certificate).removeprefix(settings.BASE_URL)
    return {"code": certificate.code, "certificate": certificate.pk, "holders_link": link}


def organising(cast: Cast) -> dict[str, Any]:
    """Invite the stranger, who works for the other organisation, and appoint."""
    now = timezone.now()
    invitation = invite(
        root_of(cast.organisation),
        email=cast.stranger.email,
        by=cast.manager,
        at=now,
        language="en",
    )
    foreign = join(
        cast.stranger, unit=root_of(cast.other_organisation), name="Stranger Two", at=now
    )
    foreign_invitation = invite(
        root_of(cast.other_organisation), email="third@example.org", by=cast.other_manager, at=now,
        language="en",
    )  # fmt: skip
    return {
        "token": invitation.token,
        "invitation": invitation.pk,
        "stop_invitations": stop_url_of_invitation(invitation).removeprefix(settings.BASE_URL),
        "foreign_token": foreign_invitation.token,
        "foreign_invitation": foreign_invitation.pk,
        "member": Membership.objects.get(person=cast.learner).pk,
        "foreign_member": foreign.pk,
        "organisation": cast.organisation.pk,
        "unit": root_of(cast.organisation).pk,
        "appointment": Appointment.objects.get(person=cast.auditor).pk,
    }


def signing_in(cast: Cast) -> dict[str, Any]:
    """Give the learner a passkey, and let the trainer's second factor wait for its reset."""
    passkey = Authenticator.objects.create(
        user=cast.learner,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "Key of hers", "credential": make_credential()},
    )
    reset = ask_reset(cast.trainer, by=cast.administrator, reason="Lost", at=timezone.now())
    return {
        "passkey": passkey.pk,
        "reset": reset.pk,
        "undeliverable": note_address("gone@example.org", at=timezone.now()),
        "stop_notices": stop_url_of_notices(cast.trainer).removeprefix(settings.BASE_URL),
        "stop": stop_url(reset).removeprefix(settings.BASE_URL),
        "user": cast.learner.pk,
        "ruler": cast.administrator.pk,
        "group": Group.objects.get(name=AUTHORS).pk,
    }


def note_address(address: str, *, at: datetime) -> int:
    """Put an address on the list of those that mail does not reach, and return its key."""
    note_undeliverable(address, sign=Sign.REFUSED, reply="550 5.1.1", at=at)
    return UndeliverableAddress.objects.get(address=address).pk


def make_credential() -> dict[str, Any]:
    """Return what a passkey sends when it is registered."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())  # type: ignore[no-untyped-call]
    attested = AttestedCredentialData.create(Aaguid.NONE, b"an id of sixteen", key)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT
    data = AuthenticatorData.create(sha256(b"localhost"), flags, 0, attested)
    client = CollectedClientData.create("webauthn.create", b"challenge", "http://localhost")
    return {
        "id": websafe_encode(attested.credential_id),
        "rawId": websafe_encode(attested.credential_id),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(client),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        },
    }


def writing(cast: Cast) -> dict[str, Any]:
    """Upload files, close a page and a folder to the public, and ask for the review of a page."""
    root = Collection.get_first_root_node()
    closed = root.add_child(name="Closed")
    page = Page.objects.get(url_path="/home/accessibility/")
    restriction = {"restriction_type": "password", "password": "open"}
    documents, images = get_document_model().objects, get_image_model().objects
    file = ContentFile(b"%PDF-1.7", "leaflet.pdf")
    locked = documents.create(title="Locked", file=file, collection=closed)
    return {
        "collection": closed.pk,
        "closed_page": page.pk,
        "page_restriction": PageViewRestriction.objects.create(page=page, **restriction).pk,
        "restriction": CollectionViewRestriction.objects.create(
            collection=closed, **restriction
        ).pk,
        "locked_document": f"{locked.pk}/{locked.filename}",
        "document": (leaflet := documents.create(title="Leaflet", file=file)).pk,
        "open_document": f"{leaflet.pk}/{leaflet.filename}",
        "image": (image := images.create(title="Map", file=get_test_image_file())).pk,
        "drawn": image.get_rendition("width-100").file.name,
        "upload": UploadedFile.objects.create(file=file, uploaded_by_user=cast.trainer).pk,
        "session": EditingSession.objects.create(
            user=cast.trainer, content_object=lesson("F5"), last_seen_at=timezone.now()
        ).pk,
    }


def translating(cast: Cast) -> dict[str, Any]:
    """Return what names a translation and its parts."""
    translation = Translation.objects.get(
        source__object_id=lesson("F5").translation_key, target_locale__language_code="fr"
    )
    segment = StringSegment.objects.filter(source=translation.source).latest("pk")
    return {
        "translation": translation.pk,
        "source": translation.source_id,
        "segment": segment.pk,
        "locale": Locale.objects.get(language_code="fr").pk,
        "site": Site.objects.get().pk,
    }


def publishing(cast: Cast) -> dict[str, Any]:
    """Ask for the review of a page and of a question, and leave others as they are."""
    question, waiting = Question.objects.filter(locale__language_code="en").order_by("pk")[:2]
    page = lesson("F5")
    workflow = Workflow.objects.get(name="Review and publication")
    waiting.save_revision(user=cast.trainer)
    asked = {
        "page": workflow.start(lesson("F6"), cast.trainer),
        "question": workflow.start(waiting, cast.trainer),
    }
    return {
        "page": page.pk,
        "text_page": Page.objects.get(slug="about", locale__language_code="en").pk,
        "french_page": lesson("F5", "fr").pk,
        "module": page.get_parent().pk,
        "other_module": lesson("F1").get_parent().pk,
        "revision": page.latest_revision_id,
        "waiting_page": lesson("F6").pk,
        "page_workflow": asked["page"].pk,
        "page_task": asked["page"].current_task_state_id,
        "question": question.pk,
        "question_revision": question.save_revision().pk,
        "waiting_question": waiting.pk,
        "term": (term := Term.objects.get(code="child", locale__language_code="en")).pk,
        "term_revision": term.save_revision().pk,
        "term_language": TermLanguage.objects.get(code="child", locale="en").pk,
        "question_workflow": asked["question"].pk,
        "question_task": asked["question"].current_task_state_id,
        "workflow": workflow.pk,
        "task": workflow.tasks.first().pk,
    }


def helping(cast: Cast) -> dict[str, Any]:
    """Return what names the records of a country, and who edits them."""
    helpline = Helpline.objects.get(code="at-child")
    return {
        "helpline": helpline.pk,
        "foreign_helpline": Helpline.objects.get(code="fr-child").pk,
        "helpline_revision": helpline.save_revision().pk,
        "information": (
            information := NationalInformation.objects.create(country="AT", language="de")
        ).pk,
        "information_revision": information.save_revision().pk,
        "country_editor": CountryEditor.objects.get(person=cast.country_editor).pk,
    }


def sure(client: Client, person: User | None) -> Client:
    """Let a person have typed her password just now, as dangerous pages ask."""
    client.raise_request_exception = False
    if person is not None:
        session = client.session
        session["account_authentication_methods_user"] = str(person.pk)
        session["account_authentication_methods"] = [
            {"method": "password", "at": time.time(), "reauthenticated": True}
        ]
        session.save()
    return client


@dataclass(frozen=True)
class Answer:
    """What the site answered, and which tables it wrote to."""

    status: int
    location: str
    body: str
    written: frozenset[str]
    seen: Any = None  # by whoever wanted to `look` before all was taken back

    @property
    def asks_to_sign_in(self) -> bool:
        """Whether the visitor was sent to the one sign-in, straight or by the CMS's own address."""
        return self.location.startswith(("/accounts/login/", "/cms/login/"))


def ask(
    client: Client,
    method: str | Callable[[str, Any], Any],
    address: str,
    data: Any = None,
    look: Callable[[], Any] = lambda: None,
) -> Answer:
    """Return the answer to one request, and take back all that it did: rows, cookies, limits."""
    kept = {name: morsel.value for name, morsel in client.cookies.items()}
    with transaction.atomic(), watch_writing() as written:
        send = getattr(client, method) if isinstance(method, str) else method
        response = send(address, data)
        body = response.getvalue()
        seen = look()
        transaction.set_rollback(True)
    if response.streaming:
        response.close()  # not before: it ends the connection that it finds in a transaction
    client.cookies = SimpleCookie(kept)
    for cache in caches.all():
        cache.clear()
    location = response.headers.get("Location", "")
    words = body.decode(errors="replace")
    return Answer(response.status_code, location, words, frozenset(written), seen)


@contextmanager
def watch_writing() -> Iterator[set[str]]:
    """Give the names of the tables that are written to."""
    written: set[str] = set()

    def watch(execute: Any, sql: str, *rest: Any) -> Any:
        if found := WRITING.match(sql):
            written.add(found[1])
        return execute(sql, *rest)

    with connection.execute_wrapper(watch):
        yield written
