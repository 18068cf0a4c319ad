"""The ten audiences of Decision 15/06, paragraphs 11 and 15: fixed codes, translated names."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sector(models.TextChoices):
    JUSTICE = "justice", _("Justice")
    POLICING = "policing", _("Policing")
    TOURISM = "tourism", _("Tourism")
    TRANSPORT = "transport", _("Transport")
    SOCIAL_WORK = "social-work", _("Social work")
    HEALTH = "health", _("Health care")
    CIVIL_SOCIETY = "civil-society", _("Civil society")
    RELIGIOUS = "religious", _("Religious organisations")
    EDUCATION = "education", _("Education")
    OSCE = "osce", _("OSCE officials")


# The foundation course serves everybody.
ALL = "all"
AUDIENCES = [(ALL, _("Everyone")), *Sector.choices]
