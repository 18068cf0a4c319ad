"""Make the demonstration organisation and its people: `demo`."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tutela.pages.demonstration import Login, make_demonstration


class Command(BaseCommand):
    """Makes it once; a second run keeps everything."""

    help = "Make the demonstration organisation, with accounts to sign in with."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("This instance is no demonstration: nothing was made.")
        logins = make_demonstration(at=timezone.now(), say=self.stdout.write)
        file = settings.VAR / "demo-accounts.txt"
        if logins:
            write_accounts(logins)
            self.stdout.write("Accounts of the demonstration (kept in var/demo-accounts.txt):")
            for login in logins:
                self.stdout.write(f"  {login.role} {login.email} {login.password}")
        else:
            self.stdout.write(f"The demonstration stands; its accounts are in {file}.")


def write_accounts(logins: list[Login]) -> None:
    """Keep the logins in a file that only its owner reads: one line `role e-mail password` each."""
    file = settings.VAR / "demo-accounts.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)
    lines = (f"{login.role} {login.email} {login.password}\n" for login in logins)
    file.write_text("".join(lines), encoding="utf-8")
