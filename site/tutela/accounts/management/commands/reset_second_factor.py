"""Ask for the removal of a lost second factor where no administrator can sign in."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tutela.accounts.factor_resets import NoFactorError, ResetWaitsError, ask_reset
from tutela.accounts.models import User


class Command(BaseCommand):
    help = "Ask for the removal of a person's lost second factor: a day later it is gone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the main address of the person")
        parser.add_argument("--reason", required=True, help="how you made sure that it is she")

    def handle(self, *args: Any, email: str, reason: str, **options: Any) -> None:
        person = User.objects.filter(email=email.lower(), is_active=True).first()
        if person is None:
            raise CommandError("Nobody has this address as the main one.")
        try:
            reset = ask_reset(person, by=None, reason=reason, at=timezone.now())
        except NoFactorError as error:
            raise CommandError("This person has no second factor.") from error
        except ResetWaitsError as error:
            raise CommandError("A reset is waiting for this person already.") from error
        self.stdout.write(f"Her second factor is removed after {reset.due_at:%Y-%m-%d %H:%M} UTC.")
