"""People who can sign in, their codes from the mail, and their second factors."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, cast

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import Group
from django.core import mail

from tutela.accounts.models import User

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

PASSWORD = "correct horse battery"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def make_person(email: str = "learner@a.example", *groups: str, **fields: object) -> User:
    """Make a person with a confirmed address and a password."""
    made = User.objects.create_user(email, PASSWORD, **fields)
    EmailAddress.objects.create(user=made, email=email, verified=True, primary=True)
    made.groups.set(Group.objects.filter(name__in=groups))
    return made


def give_app(made: User) -> User:
    """Give the person an authenticator app and recovery codes."""
    totp.TOTP.activate(made, SECRET)
    RecoveryCodes.activate(made)
    return made


def app_code(secret: str = SECRET) -> str:
    """Return what the app shows now."""
    return str(totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30)))


def recovery_code(made: User) -> str:
    """Return one of the person's recovery codes."""
    codes = Authenticator.objects.get(user=made, type=Authenticator.Type.RECOVERY_CODES)
    return str(codes.wrap().get_unused_codes()[0])


def mailed_code() -> str:
    """Return the six digits of the last mail."""
    [found] = re.findall(r"^\s*(\d{6})\s*$", str(mail.outbox[-1].body), re.MULTILINE)
    return str(found)


def by_password(client: Client, email: str = "learner@a.example", **fields: str) -> HttpResponse:
    """Sign in with the password; `fields` may hold `next` or another password."""
    posted = {"login": email, "password": PASSWORD, **fields}
    return cast("HttpResponse", client.post("/accounts/login/", posted))


def is_signed_in(client: Client) -> bool:
    """Return whether the site knows who asks."""
    return client.get("/accounts/preferences/").status_code == 200


class CountingHasher(MD5PasswordHasher):
    """Counts how often a password was hashed."""

    count = 0

    def encode(self, password: str, salt: str) -> str:
        """Count, and hash as the tests always do."""
        CountingHasher.count += 1
        return super().encode(password, salt)
