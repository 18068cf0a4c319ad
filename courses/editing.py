"""What the CMS refuses to save of a page: what is another page's already, and what hurts a learner."""

from __future__ import annotations

from typing import Any

from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm


class TreePageForm(WagtailAdminPageForm):
    """The form of every page of the tree."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if self.parent_page and "slug" in cleaned:
            path = f"{self.parent_page.url_path}{cleaned['slug']}/"
            if problem := self.instance.address_problem(path):
                self.add_error("slug", problem)
        if "code" in cleaned and (problem := self.instance.code_problem(cleaned["code"])):
            self.add_error("code", problem)
        return cleaned


class LessonForm(TreePageForm):
    """The form of a lesson: a sensitive one tells what is coming, and offers a shorter way."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("sensitive"):
            for name in ("content_note", "short_version"):
                if name in cleaned and not strip_tags(cleaned[name]).strip():
                    self.add_error(name, CARE_MISSING)
        if len(cleaned.get("content_note", "").split()) > NOTE_WORDS:
            self.add_error("content_note", NOTE_TOO_LONG % {"words": NOTE_WORDS})
        return cleaned


NOTE_WORDS = 60

ADDRESS_TAKEN = _(
    "“%(title)s” (%(language)s) has this address already. Two pages that are not translations of "
    "each other cannot share one: choose another slug."
)
CARE_MISSING = _("A sensitive lesson needs a content note and a short version.")
NOTE_TOO_LONG = _("A content note has at most %(words)s words.")
CODE_TAKEN = _("Another page has this code already.")
CODE_FIXED = _("This page was published with the code %(code)s, which never changes.")
