"""The mails of this room: their subjects name no subject matter."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from tutela.kit.mails import in_both_parts

from .models import Invitation


def send_invitation(pk: int) -> None:
    """Send the invitation in its language; one that is gone by now is not sent."""
    invitation = Invitation.objects.select_related("organisation").filter(pk=pk).first()
    if invitation is None:
        return
    with translation.override(invitation.language):
        organisation = invitation.organisation
        path = reverse("organisations:join", args=[invitation.token])
        context = {
            "organisation": organisation,
            "invitation": invitation,
            "url": f"{settings.BASE_URL}{path}",
            "site_name": settings.SITE_NAME,
        }
        mail = EmailMessage(
            subject=_("Your training at %(organisation)s") % {"organisation": organisation.name},
            body=render_to_string("organisations/mail/invitation.txt", context),
            to=[invitation.email],
        )
        in_both_parts(mail).send()
