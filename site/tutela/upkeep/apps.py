"""The room of upkeep: what an operator sees of the whole instance and does to it."""

from __future__ import annotations

from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    name = "tutela.upkeep"
    label = "upkeep"
