"""The room of upkeep: what an operator does to the whole instance."""

from __future__ import annotations

from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    name = "tutela.upkeep"
    label = "upkeep"
