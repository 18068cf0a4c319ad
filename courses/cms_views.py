"""What wagtail-localize lets an author do that only a publisher may, or nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Never

from django.core.exceptions import PermissionDenied
from django.http import Http404
from wagtail.models import Page
from wagtail.permissions import policy_registry
from wagtail_localize.views.update_translations import UpdateTranslationsView

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class UpdateTranslations(UpdateTranslationsView):
    """Takes changes of a source over; publishing its translations at once needs a publisher.

    wagtail-localize 1.14.5 asks only whether one may submit translations.
    """

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Refuse *Publish immediately* where one of the translations may not be published."""
        if request.POST.get("publish_translations"):
            targets = self.object.translations.filter(enabled=True)
            if not all(may_publish(request.user, found.get_target_instance()) for found in targets):
                raise PermissionDenied
        response: HttpResponse = super().post(request, **kwargs)
        return response


def may_publish(person: Any, instance: Any) -> bool:
    """Return whether the person may publish a page or a question."""
    if isinstance(instance, Page):
        return bool(instance.permissions_for_user(person).can_publish())
    policy = policy_registry.get_by_type(type(instance))
    return bool(policy.user_has_permission_for_instance(person, "publish", instance))


def no_alias(request: HttpRequest, page_id: int) -> Never:
    """Answer that there is nothing: a translation that became an alias would lose its text."""
    raise Http404
