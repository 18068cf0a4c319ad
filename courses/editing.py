"""What the CMS refuses to save of a page: an address or a code that is another page's already."""

from __future__ import annotations

from typing import Any

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


ADDRESS_TAKEN = _(
    "“%(title)s” (%(language)s) has this address already. Two pages that are not translations of "
    "each other cannot share one: choose another slug."
)
CODE_TAKEN = _("Another page has this code already.")
CODE_FIXED = _("This page was published with the code %(code)s, which never changes.")
