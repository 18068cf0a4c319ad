"""Invitations that somebody wants no more: of one organisation, to one address.

Who asked is not told to the organisation; the answer to an invitation is the person's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from .models import Invitation, StoppedInvitations

if TYPE_CHECKING:
    from datetime import datetime

_signer = Signer(salt="organisations.stopping")


def stop_url(invitation: Invitation) -> str:
    """Return the address, with a secret, by which the mail's reader stops further ones."""
    token = _signer.sign(str(invitation.pk))
    return settings.BASE_URL + reverse("organisations:stop", args=[token])


def invitation_of(token: str) -> Invitation | None:
    """Return the invitation that a mail's secret names, as long as it is kept."""
    try:
        pk = int(_signer.unsign(token))
    except BadSignature:
        return None
    return Invitation.objects.select_related("organisation").filter(pk=pk).first()


def are_stopped(invitation: Invitation) -> bool:
    """Return whether the organisation's invitations to this address are stopped."""
    return StoppedInvitations.objects.filter(
        organisation=invitation.organisation_id, email=invitation.email
    ).exists()


def stop_invitations(invitation: Invitation, *, at: datetime) -> None:
    """Send this address no more invitations of the organisation; the open one stays open."""
    StoppedInvitations.objects.get_or_create(
        organisation_id=invitation.organisation_id,
        email=invitation.email,
        defaults={"stopped_at": at},
    )


def allow_invitations(invitation: Invitation) -> None:
    """Take it back."""
    StoppedInvitations.objects.filter(
        organisation=invitation.organisation_id, email=invitation.email
    ).delete()
