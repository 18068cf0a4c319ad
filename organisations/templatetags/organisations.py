"""What is said of a membership, an invitation or an appointment, for the templates of this room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.template.defaultfilters import date
from django.utils.html import format_html
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from organisations.models import Appointment, Invitation, Membership

register = template.Library()


@register.simple_tag
def facts_of_membership(membership: Membership) -> list[tuple[str, str]]:
    """Return what a member is told of her place in an organisation."""
    facts = [
        (_("Unit"), membership.unit.name),
        (_("Name"), membership.name),
        (_("Staff number"), membership.staff_number),
        (_("Member since"), date(membership.since, "DATE_FORMAT")),
        (_("Questions about records"), membership.organisation.contact),
    ]
    return [(term, detail) for term, detail in facts if detail]


@register.simple_tag
def facts_of_invitation(invitation: Invitation) -> list[tuple[str, str]]:
    """Return what an invitation is for."""
    facts = [
        (_("Unit"), invitation.unit.name),
        (_("For"), invitation.email),
        (_("Staff number"), invitation.staff_number),
        (_("Open until"), date(invitation.expires_at, "DATE_FORMAT")),
    ]
    return [(term, detail) for term, detail in facts if detail]


@register.filter
def placed(appointment: Appointment) -> str:
    """Return the unit that an appointment is for, and the role."""
    role = appointment.get_role_display()
    return format_html("<bdi>{}</bdi>, {}", appointment.unit.name, role)
