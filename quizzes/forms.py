"""Forms: one answer of a learner, and the question that an author writes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count, product
from string import ascii_lowercase
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from .models import AttemptItem, Choice, Kind, QuestionVersion
from .wording import Words


class AnswerForm(forms.Form):
    """The choices of one question; a value is the place in this attempt's order, and tells nothing."""

    use_required_attribute = False  # the server's error summary speaks, not the browser's bubble

    def __init__(
        self, *args: Any, item: AttemptItem, kept: Sequence[str] = (), **kwargs: Any
    ) -> None:
        """`kept` is what she chose after her session had ended: chosen again, and not yet saved."""
        self.item = item
        super().__init__(*args, **kwargs)
        several = item.version.kind == Kind.SEVERAL
        saved = list(kept) or [str(item.order.index(key) + 1) for key in item.response]
        self.fields["choice"] = (_Several if several else _One)(
            choices=[(str(place), "") for place in range(1, len(item.order) + 1)],
            initial=saved if several else next(iter(saved), None),
        )

    def put_into(self, words: Words) -> None:
        """Give the choices their words; an answer that is kept at once needs none."""
        field = self.fields["choice"]
        field.choices = [  # type: ignore[attr-defined]
            (str(place), words.choice(key)) for place, key in enumerate(self.item.order, start=1)
        ]

    @property
    def keys(self) -> list[str]:
        """The keys of the chosen answers, once the form is valid."""
        chosen = self.cleaned_data["choice"]
        values = chosen if isinstance(chosen, list) else [chosen]
        return [self.item.order[int(value) - 1] for value in values]


class _One(forms.ChoiceField):
    widget = forms.RadioSelect
    default_error_messages: ClassVar = {
        "required": _("Choose an answer."),
        "invalid_choice": _("Choose one of the answers shown."),
    }


class _Several(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple
    default_error_messages: ClassVar = {
        "required": _("Choose at least one answer."),
        "invalid_choice": _("Choose among the answers shown."),
        "invalid_list": _("Choose among the answers shown."),
    }


class QuestionForm(WagtailAdminModelForm):
    """A question as its author writes it; every choice gets its key here, once and for all."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "code" in self.fields:
            self.fields["code"].disabled = True  # answers and translations are known by it

    def clean(self) -> dict[str, Any]:
        """Refuse, on all but drafts and previews, a question that could not be marked."""
        cleaned: dict[str, Any] = super().clean()
        if "choices" not in self.formsets:
            return cleaned
        forms_of_choices = self.formsets["choices"].forms
        self._give_keys([form.instance for form in forms_of_choices])
        if not self.is_deferred_validation and self.formsets["choices"].is_valid():
            kept = [form for form in forms_of_choices if not form.cleaned_data.get("DELETE")]
            right = sum(1 for form in kept if form.cleaned_data.get("correct"))
            self._refuse_unmarkable(
                kind=cleaned.get("kind", ""), right=right, wrong=len(kept) - right
            )
        return cleaned

    def _give_keys(self, choices: list[Choice]) -> None:
        """Give each new choice a letter that this question never had, in a frozen version either."""
        taken = {choice.key for choice in choices}
        for version in QuestionVersion.objects.filter(key=self.instance.translation_key):
            taken.update(version.choice_keys)
        free = (letter for letter in _letters() if letter not in taken)
        for choice in choices:
            choice.key = choice.key or next(free)

    def _refuse_unmarkable(self, *, kind: str, right: int, wrong: int) -> None:
        if kind == Kind.SINGLE and right != 1:
            self.add_error(None, _("Mark exactly one choice as correct, or change the kind."))
        if kind == Kind.SEVERAL and right in {0, 1}:
            self.add_error(None, _("Mark at least two choices as correct, or change the kind."))
        if not wrong:
            self.add_error(None, _("Add a choice that is not correct."))


def _letters() -> Iterator[str]:
    """Return a, b, … z, aa, ab, … without end."""
    for length in count(1):
        yield from map("".join, product(ascii_lowercase, repeat=length))
