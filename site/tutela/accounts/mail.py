"""Mail backends: the queue that a slow mail server cannot hold up, the post, the embedded default."""

from __future__ import annotations

import smtplib
import socket
import sys
import threading
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.db import transaction
from django.utils import timezone

from .models import MailKind
from .posting import put_in_post
from .tasks import send_waiting_mail

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.mail import EmailMessage


class QueuedBackend(BaseEmailBackend):
    """Keeps a mail in the database, from where the worker hands it to the mailer `post`.

    Part of the transaction that sends it: what is rolled back writes to nobody. Bulk has no task of
    its own, so that thousands of them hold up no other work: the minute's job takes it along.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep the mails and return how many."""
        for message in email_messages:
            waiting = put_in_post(message, at=timezone.now())
            if waiting.kind != MailKind.BULK:
                transaction.on_commit(partial(send_waiting_mail.enqueue, waiting.pk))
        return len(email_messages)


class TimedSMTP(smtplib.SMTP):
    """A connection that ends after two minutes, whatever the server does.

    The timeout of a socket begins anew with every byte: a server that sends one now and then would
    hold the worker for hours.
    """

    longest = 120.0
    timer: threading.Timer | None = None

    def connect(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Begin to count."""
        self.timer = threading.Timer(self.longest, self.hang_up)
        self.timer.daemon = True
        self.timer.start()
        try:
            return super().connect(*args, **kwargs)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Count no longer."""
        if self.timer is not None:
            self.timer.cancel()
        super().close()

    def hang_up(self) -> None:
        """Let whoever waits for an answer hear that there is none."""
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


class TimedSecureSMTP(TimedSMTP, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


class PostBackend(EmailBackend):
    """Django's way to the mail server, by a connection that ends in time."""

    @property
    def connection_class(self) -> type[TimedSMTP]:
        """Return the kind of connection that the settings ask for."""
        return TimedSecureSMTP if self.use_ssl else TimedSMTP


class TerminalBackend(BaseEmailBackend):
    """Shows a mail in the terminal and keeps it under `folder`, one file each."""

    def __init__(self, *, folder: Path, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.folder = folder

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Show and keep the mails, and return how many."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for message in email_messages:
            stamp = timezone.now().strftime("%Y%m%d-%H%M%S-%f")
            file = self.folder / f"{stamp}.eml"
            file.touch(mode=0o600)
            file.write_bytes(message.message().as_bytes())
            sys.stdout.write(
                f"\n--- mail to {', '.join(message.to)}: {message.subject}\n{message.body}\n---\n"
            )
            sys.stdout.flush()
        return len(email_messages)
