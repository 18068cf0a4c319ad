"""What follows from news of allauth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_used
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.utils import timezone

from .factor_resets import stop_resets_of
from .models import log_event
from .second_factor import FACTORS, remember_factor
from .staying import begin

if TYPE_CHECKING:
    from allauth.mfa.models import Authenticator
    from django.http import HttpRequest

    from .models import User


@receiver(user_logged_in, dispatch_uid="accounts.begin_session")
def begin_session(request: HttpRequest, **kwargs: Any) -> None:
    """Note when the session began, so that it is renewed while it is used."""
    begin(request.session, at=timezone.now())


@receiver(authenticator_used, dispatch_uid="accounts.remember_used_factor")
def remember_used_factor(
    request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    """Note that this session gave the factor; whoever can give it needs no reset."""
    remember_factor(request, user)
    stop_resets_of(user, at=timezone.now())


@receiver(authenticator_added, dispatch_uid="accounts.remember_added_factor")
def remember_added_factor(
    request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    """Note that this session gave the factor: it was given to set it up."""
    if authenticator.type in FACTORS:
        remember_factor(request, user)
        _log("second factor added", user, authenticator)


@receiver(authenticator_removed, dispatch_uid="accounts.log_removed_factor")
def log_removed_factor(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """Keep a line of each factor that a person removed."""
    if authenticator.type in FACTORS:
        _log("second factor removed", user, authenticator)


def _log(kind: str, user: User, authenticator: Authenticator) -> None:
    subject = f"person {user.pk}"
    log_event(kind, subject=subject, at=timezone.now(), actor=user, factor=authenticator.type)
