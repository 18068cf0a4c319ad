"""What a publisher notes about a review."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import Review

from .models import TextReview


class ReviewForm(forms.ModelForm[TextReview]):
    """Who reviewed the words of a page, and when."""

    # The words that were shown beside the form: what was published since is not reviewed.
    words = forms.CharField(widget=forms.HiddenInput)

    class Meta:
        model = TextReview
        fields = ("review", "reviewed_by", "reviewed_on")
        widgets: ClassVar = {"reviewed_on": forms.DateInput(attrs={"type": "date"})}

    def __init__(self, *args: Any, words: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].initial = self.now = words

    def clean(self) -> dict[str, Any]:
        """Ask for a name and a past day, and for words that are still there."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("words") != self.now:
            raise ValidationError(_("The text was changed meanwhile. Read it again."))
        if cleaned.get("review") != Review.NONE:
            for name in ("reviewed_by", "reviewed_on"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Say who reviewed the text, and when."))
        return cleaned

    def clean_reviewed_on(self) -> Any:
        """Refuse a day to come."""
        day = self.cleaned_data["reviewed_on"]
        if day and day > timezone.localdate():
            raise ValidationError(_("This day is still to come."))
        return day
