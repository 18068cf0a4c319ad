"""The mails of this room: their subjects name no subject matter."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from tutela.accounts.models import MailKind
from tutela.kit.mails import in_both_parts

from .models import Invitation
from .stopping import are_stopped, stop_url


def send_invitation(pk: int) -> None:
    """Send the invitation in its language; not one that is gone by now, nor to who wants none."""
    invitation = Invitation.objects.select_related("organisation").filter(pk=pk).first()
    if invitation is None or are_stopped(invitation):
        return
    with translation.override(invitation.language):
        organisation = invitation.organisation
        path = reverse("organisations:join", args=[invitation.token])
        context = {
            "organisation": organisation,
            "invitation": invitation,
            "url": f"{settings.BASE_URL}{path}",
            "stop_url": stop_url(invitation),
            "site_name": settings.SITE_NAME,
        }
        mail = EmailMessage(
            subject=_("Your training at %(organisation)s") % {"organisation": organisation.name},
            body=render_to_string("organisations/mail/invitation.txt", context),
            to=[invitation.email],
            # One press in the mail program is enough (RFC 8058).
            headers={
                **MailKind.BULK.header,
                "List-Unsubscribe": f"<{context['stop_url']}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
        )
        in_both_parts(mail).send()
