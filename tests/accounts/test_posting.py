"""A mail server that is down, slow or rude delays mail, and nothing else."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

import pytest
from django.conf import settings as settings_of_django
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone
from wagtail.admin.mail import send_mail as send_as_wagtail

from tests.accounts.post_office import PostOffice, open_office
from tests.accounts.signing_in import make_person
from tutela.accounts import pacing, posting
from tutela.accounts.mail import TimedSMTP
from tutela.accounts.models import MailKind, MailServer, Sign, UndeliverableAddress, WaitingMail
from tutela.accounts.tasks import send_due_mail, send_waiting_mail
from tutela.accounts.undeliverable import note_undeliverable

if TYPE_CHECKING:
    from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ANA = "ana@a.example"


@pytest.fixture
def office(settings: Settings) -> Iterator[PostOffice]:
    with open_office() as office:
        settings.MAILERS = office.mailers()
        yield office


def wait(kind: MailKind = MailKind.LETTER, to: str = ANA, at: datetime = AT) -> WaitingMail:
    message = EmailMessage("Subject", "Body", "T <t@b.example>", [to], headers=kind.header)
    return posting.put_in_post(message, at=at)


def send(mail: WaitingMail, at: datetime = AT) -> bool:
    with posting.open_post() as post:
        return posting.send_mail_of(mail.pk, at=at, post=post)


def test_a_mail_reaches_the_server_in_both_parts(office: PostOffice) -> None:
    mail = wait()

    assert send(mail) is True

    [(sender, recipients, raw)] = office.mails
    assert (sender, recipients) == ("t@b.example", [ANA])
    assert f"Message-ID: {mail.content['headers']['Message-ID']}".encode() in raw
    parsed = message_from_bytes(raw, policy=policy.default)
    assert [part.get_content_type() for part in parsed.iter_parts()] == ["text/plain", "text/html"]
    assert WaitingMail.objects.count() == 0


def test_reports_go_to_the_sender_on_the_envelope(office: PostOffice, settings: Settings) -> None:
    settings.MAIL_BOUNCES_TO = "bounces@b.example"

    send(wait())

    [(sender, _recipients, raw)] = office.mails
    assert sender == "bounces@b.example"
    assert message_from_bytes(raw)["From"] == "T <t@b.example>"


@pytest.mark.parametrize("kind", [MailKind.CODE, MailKind.LETTER, MailKind.BULK])
@pytest.mark.parametrize("verb", ["RCPT", "DATA"])
def test_a_mail_that_is_refused_for_good_is_removed_and_listed(
    office: PostOffice, verb: str, kind: MailKind
) -> None:
    office.replies[verb] = "550 5.1.1 no such user"

    assert send(wait(kind)) is False

    assert WaitingMail.objects.count() == 0
    listed = UndeliverableAddress.objects.get()
    assert (listed.address, listed.sign, listed.reply) == (ANA, Sign.REFUSED, "550 5.1.1")
    assert pacing.is_left_alone(at=AT) is False


@pytest.mark.parametrize("reply", ["450 4.2.0 come back", "554 5.7.1 relaying denied"])
def test_a_mail_that_is_refused_for_now_waits_alone(office: PostOffice, reply: str) -> None:
    office.replies["RCPT"] = reply
    late = wait()

    assert send(late) is False

    late.refresh_from_db()
    assert (late.due_at, late.reply) == (AT + timedelta(minutes=1), reply[:9])
    assert UndeliverableAddress.objects.count() == 0
    del office.replies["RCPT"]
    assert send(wait(to="ben@a.example")) is True


def test_who_was_refused_until_patience_ended_is_listed(office: PostOffice) -> None:
    office.replies["RCPT"] = "452 4.2.2 mailbox full"
    send(wait())

    posting.give_up_old_mail(at=AT + timedelta(days=4))

    listed = UndeliverableAddress.objects.get()
    assert (listed.reply, listed.stops_bulk) == ("452 4.2.2", False)


@pytest.mark.parametrize(
    ("verb", "reply"),
    [
        ("GREETING", ""),
        ("GREETING", "421 too many"),
        ("EHLO", ""),
        ("MAIL", "550 5.7.1 who are you"),
        ("DATA", ""),
    ],
)
def test_a_server_that_is_slow_or_wants_nobody_is_left_alone(
    office: PostOffice, verb: str, reply: str
) -> None:
    office.replies[verb] = reply
    first, second = wait(), wait()

    assert [send(first), send(second)] == [False, False]

    assert office.connections == 1
    assert MailServer.objects.get().left_alone_until == AT + timedelta(minutes=1)
    assert posting.next_due(at=AT) is None
    assert UndeliverableAddress.objects.count() == 0
    office.replies.clear()
    assert send(second, AT + timedelta(minutes=1)) is True
    assert MailServer.objects.get().failures == 0


@pytest.mark.parametrize("verb", ["GREETING", "EHLO", "RCPT", "DATA"])
def test_a_server_that_drips_is_hung_up_on(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    monkeypatch.setattr(TimedSMTP, "longest", 0.2)
    office.drips.add(verb)
    begun = time.monotonic()

    assert send(wait()) is False

    assert time.monotonic() - begun < 2
    assert WaitingMail.objects.count() == 1
    assert pacing.is_left_alone(at=AT) is True


def test_no_clock_runs_on_behind_a_connection(office: PostOffice, settings: Settings) -> None:
    send(wait())
    settings.MAILERS = office.mailers(port=1)
    send(wait())

    clocks = [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]
    for clock in clocks:
        clock.join(timeout=1)
    assert [clock for clock in clocks if clock.is_alive()] == []


def test_the_rest_of_a_server_grows_to_five_minutes(settings: Settings) -> None:
    with open_office() as gone:
        settings.MAILERS = gone.mailers()
    at, rests = AT, []
    for _failure in range(4):
        send(wait(at=at), at)
        until = MailServer.objects.get().left_alone_until
        rests.append((until - at) // timedelta(minutes=1))
        at = until

    assert rests == [1, 2, 5, 5]


@pytest.mark.parametrize("state", ["down", "silent"])
def test_no_page_waits_for_a_server_and_the_code_goes_later(
    client: Client,
    office: PostOffice,
    settings: Settings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    state: str,
) -> None:
    make_person()
    if state == "down":
        settings.MAILERS = office.mailers(port=1)
    else:
        office.replies["GREETING"] = ""
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/accounts/login/code/", {"email": "learner@a.example"})
    mail = WaitingMail.objects.get()

    assert answer.status_code == 302
    assert (office.connections, mail.kind) == (0, MailKind.CODE)
    send_waiting_mail.func(mail.pk)
    assert WaitingMail.objects.count() == 1

    office.replies.clear()
    settings.MAILERS = office.mailers()
    MailServer.objects.update(left_alone_until=timezone.now())
    WaitingMail.objects.update(due_at=timezone.now())
    send_due_mail.func()
    assert [mail[1] for mail in office.mails] == [["learner@a.example"]]


def test_a_silent_server_costs_the_worker_one_timeout_for_a_thousand_mails(
    office: PostOffice,
) -> None:
    office.replies["GREETING"] = ""
    now = timezone.now()
    mails = [wait(at=now) for _mail in range(20)]

    begun = time.monotonic()
    for mail in mails:
        send(mail, now)
    send_due_mail.func()

    assert office.connections == 1
    assert time.monotonic() - begun < 2


def test_many_mails_share_a_connection(office: PostOffice) -> None:
    for number in range(5):
        wait(to=f"{number}@a.example", at=timezone.now())

    send_due_mail.func()

    assert (len(office.mails), office.connections) == (5, 1)


@pytest.mark.parametrize(
    ("kind", "reply", "sent"),
    [
        (MailKind.CODE, "550 5.1.1", True),
        (MailKind.LETTER, "550 5.1.1", True),
        (MailKind.BULK, "550 5.1.1", False),
        (MailKind.BULK, "452 4.2.2", True),
    ],
)
def test_no_bulk_goes_where_there_is_no_mailbox(
    office: PostOffice, kind: MailKind, reply: str, sent: bool
) -> None:
    note_undeliverable(ANA, sign=Sign.REFUSED, reply=reply, at=AT)

    assert send(wait(kind, to="Ana@A.example")) is sent
    assert WaitingMail.objects.count() == 0


@pytest.mark.filterwarnings("ignore:get_connection")  # Wagtail's own way into the mailers
def test_what_the_cms_writes_goes_the_same_way(office: PostOffice, settings: Settings) -> None:
    settings.BASE_URL = "https://training.example"
    send_as_wagtail("A page waits", "See https://training.example/cms/", [ANA])

    send(WaitingMail.objects.get(), timezone.now())

    [(_sender, recipients, raw)] = office.mails
    html = message_from_bytes(raw, policy=policy.default).get_body(("html",))
    assert recipients == [ANA]
    assert html is not None
    assert '<a href="https://training.example/cms/">' in html.get_content()


def test_every_mail_of_ours_is_made_in_both_parts_and_says_its_kind() -> None:
    rooms = ("site/tutela", "quizzes", "courses", "certificates", "organisations")
    sources = {
        str(path.relative_to(settings_of_django.ROOT)): path.read_text(encoding="utf-8")
        for room in rooms
        for path in (settings_of_django.ROOT / room).rglob("*.py")
    }
    write = re.compile(
        r"\bEmailMessage\(|\bEmailMultiAlternatives\(\s|\bsend_(mass_)?mail\(|\bmail_(admins|managers)\("
    )
    writers = {name for name, source in sources.items() if write.search(source)}

    assert writers == {
        "organisations/mails.py",
        "site/tutela/accounts/adapter.py",  # allauth's `send_mail`
        "site/tutela/accounts/checking.py",
        "site/tutela/accounts/letters.py",
    }
    assert {name for name in writers if "in_both_parts(" not in sources[name]} == set()
    unkind = {name for name in writers if "MailKind." not in sources[name]}
    assert unkind == {"site/tutela/accounts/checking.py"}  # it passes the queue by
