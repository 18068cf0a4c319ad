"""The question bank in the CMS."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from django_filters import AllValuesFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import ObjectList
from wagtail.admin.ui.tables import LiveStatusTagColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from .forms import QuestionForm
from .models import Question


class QuestionFilterSet(WagtailFilterSet):
    """Narrows the list of questions."""

    bank = AllValuesFilter(label=_("bank"))
    critical_rule = AllValuesFilter(label=_("critical rule"))

    class Meta:
        model = Question
        fields: ClassVar = ["bank", "level", "critical_rule", "status"]


class QuestionViewSet(SnippetViewSet):
    """Questions: listed, filtered, written, previewed, translated; never copied."""

    model = Question
    icon = "help"
    menu_label = _("Questions")
    menu_name = "questions"
    menu_order = 250
    add_to_admin_menu = True
    # Wagtail 8.0.1: a POST to a snippet's copy address overwrites the original.
    copy_view_enabled = False
    inspect_view_enabled = True
    list_display: ClassVar = [
        "code",
        "stem",
        "bank",
        "critical_rule",
        "level",
        LiveStatusTagColumn(),
    ]
    filterset_class = QuestionFilterSet
    # Plain look-ups find a code in parts, which the full-text index of PostgreSQL does not.
    search_backend_name = None
    search_fields: ClassVar = ["code", "stem"]
    list_per_page = 50
    ordering: ClassVar = ["bank", "code"]
    edit_handler = ObjectList(Question.panels, base_form_class=QuestionForm)

    def register_chooser_viewset(self) -> None:
        """Register none: nothing chooses a question, and a chooser asks for no permission."""


register_snippet(QuestionViewSet)
