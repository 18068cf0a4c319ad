"""The review of a page's text: noted by who may publish it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.fields import RichTextField
from wagtail.models import Page

from tutela.kit.templatetags.kit import prose

from .forms import ReviewForm
from .models import TextPage
from .reviewing import review_text

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from tutela.accounts.models import User


@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show a page's published words, and note who reviewed them."""
    page = get_object_or_404(Page, pk=page_id).specific
    if not page.permissions_for_user(request.user).can_publish():
        raise PermissionDenied
    if not isinstance(page, TextPage) or not page.live:
        raise Http404
    form = ReviewForm(request.POST or None, instance=page.text_review, words=page.fingerprint)
    if request.method == "POST" and form.is_valid():
        noted = {name: form.cleaned_data[name] for name in form.Meta.fields}
        review_text(page, **noted, by=cast("User", request.user), at=timezone.now())
        messages.success(request, _("The review is noted."))
        edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
        return HttpResponseRedirect(edit, status=303)
    context = {"page": page, "form": form, "words": words_of(page)}
    return render(request, "pages/cms/review.html", context, status=422 if form.errors else 200)


def words_of(page: TextPage) -> list[tuple[str, str]]:
    """Return the words that are reviewed, field by field, as HTML."""
    fields = [page._meta.get_field(name) for name in page.WORDS]
    return [
        (
            str(field.verbose_name),
            prose(text) if isinstance(field, RichTextField) else format_html("<p>{}</p>", text),
        )
        for field in fields
        if (text := getattr(page, field.name))
    ]
