"""Send one mail and say what happens at each step."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from tutela.accounts.checking import StepError, check_mail


class Command(BaseCommand):
    help = (
        "Send one mail straight to the mail server, without the queue, and say what happens at each "
        "step. Exit status 0 if the mail server took it, 1 with a sentence if not."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address", help="where to send it: best a mailbox elsewhere")

    def handle(self, *args: Any, address: str, **options: Any) -> None:
        try:
            validate_email(address)
        except ValidationError as error:
            raise CommandError(f"{address} is no e-mail address.") from error
        try:
            check_mail(address, say=self.stdout.write)
        except StepError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("The mail is on its way. Look whether it arrived, and not as spam.")
