"""The way to the mail server, walked once, step by step, with a sentence for each."""

from __future__ import annotations

import smtplib
import socket
import ssl
from contextlib import suppress
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMessage, mailers
from django.core.mail.backends.smtp import EmailBackend

from tutela.kit.mails import in_both_parts

from .bounces import name_mail

if TYPE_CHECKING:
    from collections.abc import Callable

BAD = 400
SECONDS = 20.0
SUBJECT = "Test of the mail"
TEXT = """This is a test of the mail of {site}: it left by the way that all its mail takes.

Look at the head of this mail for what your mail server found: "spf=pass", "dkim=pass" and
"dmarc=pass" in the line Authentication-Results.
"""


class StepError(RuntimeError):
    """A step failed; the sentence says which, and what to look at."""


def check_mail(address: str, *, say: Callable[[str], object]) -> None:
    """Send one mail by the way that all mail goes, and say what happens. Raises `StepError`."""
    post = mailers["post"]
    if not isinstance(post, EmailBackend):
        raise StepError("SMTP_HOST is not set: mails go to the terminal and into files, to nobody.")
    _find(post, say)
    server = _connect(post, say)
    try:
        _secure(server, post, say)
        _sign_in(server, post, say)
        _hand_over(server, post, address, say)
    except (OSError, smtplib.SMTPException) as error:
        raise StepError(
            f"The mail server broke off, or was silent for too long: {error}."
        ) from error
    finally:
        with suppress(OSError, smtplib.SMTPException):
            server.quit()


def _find(post: EmailBackend, say: Callable[[str], object]) -> None:
    try:
        found = socket.getaddrinfo(post.host, post.port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise StepError(f"The name {post.host} leads to no machine: {error}.") from error
    addresses = ", ".join(sorted({str(place[4][0]) for place in found}))
    say(f"The name {post.host} leads to {addresses}.")


def _connect(post: EmailBackend, say: Callable[[str], object]) -> smtplib.SMTP:
    where = f"port {post.port} of {post.host}"
    timeout = post.timeout or SECONDS
    try:
        server = (
            smtplib.SMTP_SSL(post.host, post.port, timeout=timeout, context=post.ssl_context)
            if post.use_ssl
            else smtplib.SMTP(post.host, post.port, timeout=timeout)
        )
    except ssl.SSLError as error:
        raise StepError(_about_tls(error)) from error
    except smtplib.SMTPResponseException as error:
        reply = _said(error.smtp_code, error.smtp_error)
        raise StepError(f"The mail server does not want to talk to us: {reply}") from error
    except (OSError, smtplib.SMTPException) as error:
        raise StepError(
            f"Nothing answers as a mail server at {where} within {timeout} seconds: {error}."
        ) from error
    say(f"The mail server answers at {where}.")
    return server


def _secure(server: smtplib.SMTP, post: EmailBackend, say: Callable[[str], object]) -> None:
    server.ehlo_or_helo_if_needed()
    if post.use_tls and not server.has_extn("starttls"):
        raise StepError(
            "The mail server offers no STARTTLS here: set SMTP_PORT=465 and SMTP_SSL=1, or "
            "SMTP_STARTTLS=0 for a server on this machine."
        )
    if post.use_tls:
        try:
            server.starttls(context=post.ssl_context)
        except ssl.SSLError as error:
            raise StepError(_about_tls(error)) from error
    if isinstance(server.sock, ssl.SSLSocket):
        say(f"The connection is encrypted ({server.sock.version()}); the certificate is good.")
    else:
        say("The connection is not encrypted: good only for a server on this machine.")


def _sign_in(server: smtplib.SMTP, post: EmailBackend, say: Callable[[str], object]) -> None:
    if not (post.username and post.password):
        say("No SMTP_USER and SMTP_PASSWORD are set: we do not sign in.")
        return
    try:
        server.login(post.username, post.password)
    except smtplib.SMTPAuthenticationError as error:
        reply = _said(error.smtp_code, error.smtp_error)
        raise StepError(
            f"The mail server does not accept SMTP_USER and SMTP_PASSWORD: {reply}"
        ) from error
    except smtplib.SMTPNotSupportedError as error:
        raise StepError(f"The mail server lets nobody sign in here: {error}") from error
    say("The mail server accepts SMTP_USER and SMTP_PASSWORD.")


def _hand_over(
    server: smtplib.SMTP, post: EmailBackend, address: str, say: Callable[[str], object]
) -> None:
    sender = post.prep_address(settings.MAIL_BOUNCES_TO or settings.DEFAULT_FROM_EMAIL)
    _ask(server.mail(sender), f"the sender {sender}", say)
    _ask(server.rcpt(post.prep_address(address)), f"the recipient {address}", say)
    mail = in_both_parts(
        EmailMessage(
            SUBJECT,
            TEXT.format(site=settings.BASE_URL),
            to=[address],
            headers={"Message-ID": name_mail(address.lower()), "Auto-Submitted": "auto-generated"},
        )
    )
    _ask(server.data(mail.message().as_bytes()), "the mail", say)


def _ask(reply: tuple[int, bytes], what: str, say: Callable[[str], object]) -> None:
    if reply[0] >= BAD:
        raise StepError(f"The mail server refuses {what}: {_said(*reply)}")
    say(f"The mail server accepts {what}.")


def _said(code: int, text: bytes | str) -> str:
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    return f"{code} {' '.join(words.split())}"


def _about_tls(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"The mail server's certificate is not good: {error.verify_message}."
    return f"The connection cannot be encrypted: {error.reason or error}."
