"""So many mails a minute, for all workers together, and codes before bulk."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connections, transaction
from django.utils import timezone

from tutela.accounts import pacing, posting
from tutela.accounts.models import MailKind, MailMinute, WaitingMail
from tutela.accounts.tasks import send_due_mail

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries, Settings

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 1, 12, 0, 20, tzinfo=UTC)
NEXT_MINUTE = datetime(2026, 3, 1, 12, 1, tzinfo=UTC)


class Post(BaseEmailBackend):
    """A mail server that keeps whom it wrote to."""

    taken: list[str] = []

    def send_messages(self, email_messages: Any) -> int:
        Post.taken.extend(message.to[0] for message in email_messages)
        return len(email_messages)


@pytest.fixture(autouse=True)
def post(settings: Settings) -> type[Post]:
    Post.taken = []
    settings.MAILERS = {"post": {"BACKEND": f"{__name__}.Post"}}
    return Post


def wait(to: str, kind: MailKind = MailKind.LETTER, at: datetime = AT) -> WaitingMail:
    return posting.put_in_post(
        EmailMessage("Subject", "Body", None, [to], headers=kind.header), at=at
    )


def run(at: datetime) -> list[str]:
    """Send whatever goes at this instant, and return to whom."""
    Post.taken = []
    with posting.open_post() as way:
        while pk := posting.next_due(at=at):
            posting.send_mail_of(pk, at=at, post=way)
    return Post.taken


def test_without_limits_nothing_is_counted() -> None:
    for number in range(20):
        wait(f"{number}@a.example")

    assert len(run(AT)) == 20
    assert MailMinute.objects.count() == 0


def test_the_instance_sends_so_many_in_a_minute(settings: Settings) -> None:
    settings.MAIL_PER_MINUTE = 3
    for number in range(7):
        wait(f"{number}@a.example")

    sent = [len(run(at)) for at in (AT, AT + timedelta(seconds=30), NEXT_MINUTE)]

    assert sent == [3, 0, 3]
    assert WaitingMail.objects.values("due_at", "failures").get() == {
        "due_at": NEXT_MINUTE + pacing.MINUTE,
        "failures": 0,
    }


def test_a_domain_takes_so_many_and_holds_up_no_other(settings: Settings) -> None:
    settings.MAIL_PER_MINUTE_PER_DOMAIN = 2
    for number in range(4):
        wait(f"{number}@A.example")
    wait("only@b.example")
    wait("only@sub.a.example")

    first = run(AT)

    assert first == ["0@A.example", "1@A.example", "only@b.example", "only@sub.a.example"]
    assert run(NEXT_MINUTE) == ["2@A.example", "3@A.example"]


def test_a_refused_turn_counts_nowhere(settings: Settings) -> None:
    settings.MAIL_PER_MINUTE, settings.MAIL_PER_MINUTE_PER_DOMAIN = 1, 1
    wait("1@a.example")
    wait("1@b.example")

    run(AT)

    counted = MailMinute.objects.values_list("domain", "mails").order_by("domain")
    assert list(counted) == [("", 1), ("a.example", 1)]


def test_bulk_leaves_room_for_what_people_wait_for(settings: Settings) -> None:
    settings.MAIL_PER_MINUTE = 4
    for number in range(8):
        wait(f"{number}@a.example", MailKind.BULK)
    assert len(run(AT)) == 3

    wait("code@b.example", MailKind.CODE)

    assert run(AT) == ["code@b.example"]


def test_a_thousand_mails_without_a_turn_cost_one_look(
    settings: Settings, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    settings.MAIL_PER_MINUTE = 1
    for number in range(30):
        wait(f"{number}@a.example")
    run(AT)
    WaitingMail.objects.update(due_at=AT)

    with django_assert_num_queries(13):
        assert run(AT) == []


def test_two_workers_share_a_minute(settings: Settings) -> None:
    settings.MAIL_PER_MINUTE = 1

    with transaction.atomic():
        pacing.take_turn("1@a.example", kind=MailKind.CODE, at=AT)
    with pytest.raises(pacing.NoTurnError), transaction.atomic():
        pacing.take_turn("2@b.example", kind=MailKind.CODE, at=AT + timedelta(seconds=39))
    with transaction.atomic():
        pacing.take_turn("2@b.example", kind=MailKind.CODE, at=NEXT_MINUTE)


def test_the_job_keeps_the_limit_and_forgets_old_minutes(settings: Settings) -> None:
    settings.MAIL_PER_MINUTE = 2
    now = timezone.now()
    MailMinute.objects.create(minute=now - timedelta(hours=2), domain="", mails=2)
    for number in range(5):
        wait(f"{number}@a.example", at=now)

    send_due_mail.func()

    assert 2 <= len(Post.taken) <= 4  # the clock may have passed into the next minute
    assert not MailMinute.objects.filter(minute__lt=now - timedelta(hours=1)).exists()


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_keep_the_limit_and_send_nothing_twice(settings: Settings) -> None:
    settings.MAIL_PER_MINUTE, settings.MAIL_PER_MINUTE_PER_DOMAIN = 5, 4
    for number in range(6):
        wait(f"{number}@a.example")
        wait(f"{number}@b.example")
    keys = list(WaitingMail.objects.values_list("pk", flat=True))

    def work() -> None:
        with posting.open_post() as way:
            for pk in keys:
                posting.send_mail_of(pk, at=AT, post=way)
        connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        done = [pool.submit(work) for _worker in range(3)]
    assert [future.exception() for future in done] == [None] * 3

    assert len(Post.taken) == len(set(Post.taken)) == 5
    assert WaitingMail.objects.count() == 7
