"""Mail waits in the database until the mail server took it."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives, mailers, send_mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tutela.accounts import posting
from tutela.accounts.models import MailKind, MailServer, WaitingMail
from tutela.accounts.tasks import send_due_mail, send_waiting_mail

if TYPE_CHECKING:
    from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Post(BaseEmailBackend):
    """A mail server that keeps what it took, and may refuse."""

    taken: list[EmailMultiAlternatives] = []
    refuses = False

    def send_messages(self, email_messages: Any) -> int:
        if Post.refuses:
            raise ConnectionRefusedError("nobody answers for learner@a.example")
        Post.taken.extend(email_messages)
        return len(email_messages)


@pytest.fixture(autouse=True)
def post(settings: Settings) -> type[Post]:
    Post.taken, Post.refuses = [], False
    settings.MAILERS = {
        "default": {"BACKEND": "tutela.accounts.mail.QueuedBackend"},
        "post": {"BACKEND": f"{__name__}.Post"},
    }
    return Post


def wait(at: datetime = AT, kind: MailKind = MailKind.LETTER) -> WaitingMail:
    to = ["learner@a.example"]
    message = EmailMessage("Your code", "123456", None, to, headers=kind.header)
    return posting.put_in_post(message, at=at)


def send(mail: WaitingMail, at: datetime = AT) -> bool:
    with posting.open_post() as post:
        return posting.send_mail_of(mail.pk, at=at, post=post)


def test_a_mail_goes_through_the_queue_whole(
    post: type[Post], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    message = EmailMultiAlternatives(
        "Übung", "Text", "Tutela <t@a.example>", ["a@a.example"], bcc=["b@a.example"],
        cc=["c@a.example"], reply_to=["d@a.example"], headers={"X-Kind": "code"},
    )  # fmt: skip
    message.attach_alternative("<p>Text</p>", "text/html")
    with django_capture_on_commit_callbacks(execute=True):
        assert message.send() == 1
    assert DBTaskResult.objects.get().args_kwargs["args"] == [WaitingMail.objects.get().pk]

    send_waiting_mail.func(WaitingMail.objects.get().pk)

    [sent] = post.taken
    for part in ("subject", "body", "from_email", "to", "cc", "bcc", "reply_to", "alternatives"):
        assert getattr(sent, part) == getattr(message, part)
    assert sent.extra_headers["X-Kind"] == "code"
    assert WaitingMail.objects.count() == 0


def test_a_mail_that_went_is_not_sent_again(post: type[Post]) -> None:
    mail = wait()

    assert [send(mail) for _twice in range(2)] == [True, False]
    assert len(post.taken) == 1


def test_what_is_rolled_back_writes_to_nobody(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        send_mail("Subject", "Body", None, ["a@a.example"])
        transaction.set_rollback(True)

    assert (WaitingMail.objects.count(), DBTaskResult.objects.count()) == (0, 0)


def test_a_failure_waits_longer_each_time_and_then_gives_up(
    post: type[Post], caplog: pytest.LogCaptureFixture
) -> None:
    post.refuses = True
    mail, at, waits = wait(), AT, []
    with caplog.at_level(logging.WARNING):
        while not posting.give_up_old_mail(at=at):
            MailServer.objects.all().delete()
            send(mail, at)
            due = WaitingMail.objects.get().due_at
            waits.append((due - at) // timedelta(minutes=1))
            at = due

    assert waits[:8] == [*posting.DELAYS, posting.DELAYS[-1]]
    assert timedelta(days=3) < at - AT < timedelta(days=3, hours=2)
    assert WaitingMail.objects.count() == 0
    assert "learner" not in caplog.text
    assert "was given up" in caplog.text


@pytest.mark.parametrize(
    ("kind", "patience"),
    [
        (MailKind.CODE, timedelta(hours=1)),
        (MailKind.LETTER, timedelta(days=3)),
        (MailKind.BULK, timedelta(days=3)),
    ],
)
def test_a_mail_is_given_up_when_its_kind_is_too_old(kind: MailKind, patience: timedelta) -> None:
    wait(kind=kind)

    assert posting.give_up_old_mail(at=AT + patience) == 0
    assert posting.give_up_old_mail(at=AT + patience + timedelta(seconds=1)) == 1


def test_a_code_is_tried_again_every_few_minutes(post: type[Post]) -> None:
    post.refuses = True
    mail = wait(kind=MailKind.CODE)
    WaitingMail.objects.update(failures=4)

    send(mail)

    assert WaitingMail.objects.get().due_at == AT + timedelta(minutes=5)


def test_what_is_gone_while_it_fails_stays_gone(post: type[Post]) -> None:
    post.refuses = True
    mail = wait()
    WaitingMail.objects.filter(pk=mail.pk).delete()

    posting._fail(mail, ConnectionRefusedError(), at=AT)

    assert WaitingMail.objects.count() == 0


def test_a_mail_that_another_worker_holds_is_left_alone(post: type[Post]) -> None:
    mail = wait()
    WaitingMail.objects.update(due_at=AT + posting.LEASE)

    assert send(mail) is False
    assert posting.next_due(at=AT) is None


def test_the_job_tries_what_is_due(post: type[Post]) -> None:
    wait(timezone.now())
    wait(timezone.now() + timedelta(days=1))

    send_due_mail.func()

    assert (len(post.taken), WaitingMail.objects.count()) == (1, 1)


def test_all_tries_of_a_mail_have_one_name(post: type[Post]) -> None:
    mail = wait()

    send(mail)

    assert post.taken[0].extra_headers["Message-ID"] == mail.content["headers"]["Message-ID"]


def test_codes_go_first_and_what_may_be_stopped_goes_last(post: type[Post]) -> None:
    made = [wait(kind=kind) for kind in (MailKind.BULK, MailKind.LETTER, MailKind.CODE)]

    order = []
    while pk := posting.next_due(at=AT):
        order.append(pk)
        WaitingMail.objects.filter(pk=pk).delete()

    assert order == [mail.pk for mail in reversed(made)]


def test_bulk_has_no_task_of_its_own(
    post: type[Post], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        for kind in MailKind:
            EmailMessage("A", "B", None, ["a@a.example"], headers=kind.header).send()

    tasks = DBTaskResult.objects.values_list("args_kwargs", flat=True)
    queued = WaitingMail.objects.filter(pk__in=[task["args"][0] for task in tasks])
    assert sorted(queued.values_list("kind", flat=True)) == [MailKind.CODE, MailKind.LETTER]


def test_the_kind_is_ours_to_know_and_never_sent(post: type[Post]) -> None:
    mail = wait(kind=MailKind.CODE)

    send(mail)

    assert (mail.kind, mail.address) == (MailKind.CODE, "learner@a.example")
    assert sorted(post.taken[0].extra_headers) == ["Auto-Submitted", "Message-ID"]


def test_an_attachment_is_refused() -> None:
    message = EmailMessage("Subject", "Body", None, ["a@a.example"], attachments=[("a", b"b", "")])

    with pytest.raises(posting.AttachmentError):
        message.send()


def test_the_embedded_default_shows_and_keeps_mail(
    tmp_path: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.MAILERS = {
        "post": {
            "BACKEND": "tutela.accounts.mail.TerminalBackend",
            "OPTIONS": {"folder": tmp_path / "mail"},
        }
    }

    mailers["post"].send_messages([EmailMessage("Your code", "123456", None, ["a@a.example"])])

    [file] = (tmp_path / "mail").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert message_from_bytes(file.read_bytes(), policy=policy.default)["To"] == "a@a.example"
    assert "--- mail to a@a.example: Your code\n123456" in capsys.readouterr().out
