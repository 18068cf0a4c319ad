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
from django_tasks_db.models import DBTaskResult

from tutela.accounts import posting
from tutela.accounts.models import WaitingMail
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


def wait(at: datetime = AT) -> WaitingMail:
    message = EmailMessage("Your code", "123456", None, ["learner@a.example"])
    return posting.put_in_post(message, at=at)


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

    assert [posting.send_mail_of(mail.pk, at=AT) for _twice in range(2)] == [True, False]
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
        while WaitingMail.objects.exists():
            posting.send_mail_of(mail.pk, at=at)
            due = WaitingMail.objects.values_list("due_at", flat=True).first() or at
            waits.append((due - at) // timedelta(minutes=1))
            at = due

    assert waits == [*posting.DELAYS, 0]
    assert at - AT < timedelta(hours=6)
    assert "learner" not in caplog.text
    assert "was given up" in caplog.text


def test_a_mail_that_another_worker_holds_is_left_alone(post: type[Post]) -> None:
    mail = wait()
    WaitingMail.objects.update(due_at=AT + posting.LEASE)

    assert posting.send_mail_of(mail.pk, at=AT) is False
    assert posting.due_mail(at=AT) == []


def test_the_job_tries_what_is_due(post: type[Post]) -> None:
    wait()
    wait(AT + timedelta(days=365_0))

    send_due_mail.func()

    assert (len(post.taken), WaitingMail.objects.count()) == (1, 1)


def test_all_tries_of_a_mail_have_one_name(post: type[Post]) -> None:
    mail = wait()

    posting.send_mail_of(mail.pk, at=AT)

    assert post.taken[0].extra_headers["Message-ID"] == mail.content["headers"]["Message-ID"]


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
