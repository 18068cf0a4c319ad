"""The one way in: by a confirmed e-mail address."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings

from .models import User
from .second_factor import load_person


class PersonBackend(AuthenticationBackend):
    """Loads who is asking together with what the second factor's middleware must know."""

    def get_user(self, user_id: int) -> User | None:
        """Return the person of a session, or None where she may not sign in any more."""
        if not settings.REQUIRE_SECOND_FACTOR:
            plain: User | None = super().get_user(user_id)
            return plain
        person = load_person(user_id)
        return person if person and self.user_can_authenticate(person) else None
