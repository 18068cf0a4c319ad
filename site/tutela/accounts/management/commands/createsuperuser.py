"""Make a person who may do everything, and keep an event of it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.management.commands import createsuperuser
from django.core.management.base import CommandParser
from django.utils import timezone

from tutela.accounts.models import User, log_event


class Command(createsuperuser.Command):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--reason", default="made on the machine itself", help="kept in the log of events"
        )

    def handle(self, *args: Any, reason: str, **options: Any) -> None:
        """Do as Django does; whoever is new and may do everything is told of."""
        before = set(User.objects.filter(is_superuser=True).values_list("pk", flat=True))
        super().handle(*args, **options)
        for person in User.objects.filter(is_superuser=True).exclude(pk__in=before):
            log_event(
                "person.made",
                subject=f"person {person.pk}",
                at=timezone.now(),
                reason=reason,
                superuser=True,
            )
