"""The blocks of a lesson. Codes and ratings are structure: no translator ever sees them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import (
    BooleanBlock,
    CharBlock,
    ChoiceBlock,
    IntegerBlock,
    ListBlock,
    RegexBlock,
    RichTextBlock,
    StreamBlock,
    StructBlock,
    StructBlockValidationError,
    TextBlock,
)
from wagtail.images.blocks import ImageChooserBlock
from wagtail.rich_text import RichText

from tutela.kit.pictures import picture
from tutela.kit.sanitising import PROSE, clean

from .stories import flaws_of

FEATURES = ["h3", "bold", "italic", "ol", "ul", "link"]


class ProseBlock(RichTextBlock):
    """Prose of an author, cleaned when it is saved and never again."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(features=FEATURES, **kwargs)

    def clean(self, value: RichText) -> RichText:
        cleaned: RichText = super().clean(value)
        return RichText(clean(cleaned.source, allow=PROSE))

    def get_prep_value(self, value: RichText) -> str:
        return clean(super().get_prep_value(value) or "", allow=PROSE)


class CodeBlock(RegexBlock):
    """A name of structure, such as the node of a scenario."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(regex=r"^[a-z0-9-]{1,24}$", **kwargs)


class ExampleBlock(StructBlock):
    title = CharBlock(label=_("Title"))
    text = ProseBlock(label=_("Text"))

    class Meta:
        icon = "view"
        label = _("Worked example")
        template = "courses/blocks/example.html"


class FigureBlock(StructBlock):
    """A picture that teaches something, or one that is said to be decoration only."""

    image = ImageChooserBlock(label=_("Picture"))
    alt = CharBlock(
        label=_("Alternative text"),
        required=False,
        max_length=250,
        help_text=_("What somebody who does not see the picture needs to know."),
    )
    decorative = BooleanBlock(label=_("Decorative: it says nothing"), required=False)
    caption = CharBlock(label=_("Caption"), required=False)

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "courses/blocks/figure.html"

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if bool(cleaned["alt"].strip()) == cleaned["decorative"]:
            message = _("Write an alternative text, or say that the picture is decorative.")
            raise StructBlockValidationError(block_errors={"alt": ValidationError(message)})
        return cleaned

    def bulk_to_python(self, values: list[Any]) -> list[Any]:
        """Fetch what the pictures of a lesson are shown from, of all of them at once."""
        figures: list[Any] = super().bulk_to_python(values)
        images = [figure["image"] for figure in figures if figure["image"]]
        prefetch_related_objects(images, "renditions")
        return figures

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> Any:
        """Add the picture; an image that was deleted leaves its caption."""
        context = super().get_context(value, parent_context=parent_context)
        image, alt = value["image"], "" if value["decorative"] else value["alt"]
        context["picture"] = picture(image, alt=alt) if image else ""
        return context


class DoAndDoNotBlock(StructBlock):
    do = ListBlock(TextBlock(label=_("Do")), label=_("Do"))
    do_not = ListBlock(TextBlock(label=_("Do not")), label=_("Do not"))

    class Meta:
        icon = "list-ul"
        label = _("Do and do not")
        template = "courses/blocks/do_and_do_not.html"


class CheckChoiceBlock(StructBlock):
    text = TextBlock(label=_("Answer"))
    correct = BooleanBlock(label=_("Correct"), required=False)
    feedback = TextBlock(label=_("Feedback"))


class CheckBlock(StructBlock):
    """A formative self-check: its feedback is on the page, nothing is sent or scored."""

    question = TextBlock(label=_("Question"))
    choices = ListBlock(CheckChoiceBlock(), min_num=2, max_num=6, label=_("Choices"))

    class Meta:
        icon = "help"
        label = _("Self-check")
        template = "courses/blocks/check.html"

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if sum(1 for choice in cleaned["choices"] if choice["correct"]) != 1:
            raise ValidationError(_("Mark exactly one answer as correct."))
        return cleaned


class ScenarioChoiceBlock(StructBlock):
    text = TextBlock(label=_("What the professional does"))
    rating = ChoiceBlock(
        choices=[
            ("best", _("Best")),
            ("acceptable", _("Acceptable")),
            ("harmful", _("Harmful")),
        ],
        label=_("Rating"),
    )
    feedback = TextBlock(label=_("Feedback"))
    next = CodeBlock(label=_("Leads to node"))


class ScenarioNodeBlock(StructBlock):
    node = CodeBlock(label=_("Node"))
    situation = ProseBlock(label=_("Situation"))
    choices = ListBlock(ScenarioChoiceBlock(), label=_("Choices"), default=[])


class ScenarioBlock(StructBlock):
    """A branching story: one page whose nodes are its fragments; the path is never stored."""

    title = CharBlock(label=_("Title"))
    minutes = IntegerBlock(label=_("Minutes"), min_value=1, max_value=30)
    introduction = ProseBlock(label=_("Introduction"))
    nodes = ListBlock(ScenarioNodeBlock(), min_num=2, label=_("Nodes"))

    class Meta:
        icon = "randomize"
        label = _("Scenario")
        template = "courses/blocks/scenario.html"

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if problem := scenario_problem(
            [
                (node["node"], [choice["next"] for choice in node["choices"]])
                for node in cleaned["nodes"]
            ]
        ):
            raise ValidationError(problem)
        return cleaned


def scenario_problem(nodes: list[tuple[str, list[str]]]) -> str:
    """Return what is wrong with a scenario's graph, or ''; the first node is its start."""
    flaws = flaws_of(nodes)
    if flaws.twice:
        return _("Two nodes have the name %(node)s.") % {"node": flaws.twice[0]}
    if flaws.dangling:
        node, missing = flaws.dangling[0]
        return _("Node %(node)s leads to %(missing)s, which does not exist.") % {
            "node": node,
            "missing": missing,
        }
    if flaws.lost:
        return _("No choice leads to node %(nodes)s.") % {"nodes": ", ".join(flaws.lost)}
    if flaws.endless:
        return _("From node %(nodes)s no path ends.") % {"nodes": ", ".join(flaws.endless)}
    return ""


def term_choices() -> list[tuple[str, str]]:
    """Return the published terms of the glossary by their code, each once, in its first language."""
    terms = apps.get_model("courses", "Term")._default_manager.filter(live=True).order_by("-pk")
    oldest = dict(terms.values_list("code", "term"))
    return sorted(oldest.items(), key=lambda item: item[1].casefold())


class TermBlock(ChoiceBlock):
    """A term of the glossary by its code; reading a lesson asks for no list of all terms."""

    def to_python(self, value: str) -> str:
        return value


class LessonBlocks(StreamBlock):
    """What an author puts into a lesson, in reading order."""

    text = ProseBlock(label=_("Text"), template="courses/blocks/text.html")
    key_points = ListBlock(
        TextBlock(label=_("Point")),
        label=_("Key points"),
        icon="tick",
        template="courses/blocks/key_points.html",
    )
    do_and_do_not = DoAndDoNotBlock()
    example = ExampleBlock()
    figure = FigureBlock()
    check = CheckBlock()
    scenario = ScenarioBlock()
    national = ChoiceBlock(
        choices=[("reporting", _("Reporting")), ("emergency", _("Emergency"))],
        label=_("National information"),
        icon="site",
        template="courses/blocks/national.html",
    )
    terms = ListBlock(
        TermBlock(choices=term_choices, label=_("Term"), search_index=False),
        label=_("Words in this lesson"),
        icon="openquote",
        min_num=1,
        max_num=8,
        template="courses/blocks/terms.html",
    )
    in_my_role = TextBlock(
        label=_("In my role"), icon="user", template="courses/blocks/in_my_role.html"
    )

    class Meta:
        block_counts: ClassVar = {
            "key_points": {"max_num": 1},
            "scenario": {"max_num": 1},
            "terms": {"max_num": 1},
            "in_my_role": {"max_num": 1},
        }
