"""Stands before Django's own command, which would let the operator sign in as somebody else."""

from __future__ import annotations

from typing import Any, Never

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Refused: nobody sets anybody else's password."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("email", nargs="?", help="not asked for")

    def handle(self, **options: Any) -> Never:
        raise CommandError(
            "Nobody sets anybody else's password: its owner signs in by a code to her address, "
            "at /accounts/login/code/, and sets a new one."
        )
