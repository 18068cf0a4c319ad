"""A sample context for every component: the pattern page shows them, a test renders them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Your name", help_text="As it shall stand on the certificate.")
    country = forms.ChoiceField(label="Country", choices=[("", "Choose"), ("a", "A"), ("b", "B")])
    role = forms.ChoiceField(
        label="What is your role?",
        choices=[("officer", "Officer"), ("trainer", "Trainer"), ("other", "Another role")],
        widget=forms.RadioSelect,
    )
    days = forms.MultipleChoiceField(
        label="When can you come?",
        help_text="Choose all that fit.",
        choices=[("mon", "Monday"), ("tue", "Tuesday")],
        widget=forms.CheckboxSelectMultiple,
    )
    agree = forms.BooleanField(label="I have read the rules")
    note = forms.CharField(label="A note for the trainer", required=False, widget=forms.Textarea)

    use_required_attribute = False


def samples() -> dict[str, dict[str, Any]]:
    """Return component names and a context for each."""
    refused = SampleForm({})
    page = Paginator(range(60), 20).page(2)
    facts = [("Duration", "3 h 20 min"), ("Languages", "English, Français")]
    return {
        "breadcrumbs": {"trail": [("Courses", "/en/courses/"), ("Working together", "")]},
        "error_summary": {"form": refused},
        "notice": {"kind": "warn", "title": "Please note", "text": "The text has changed."},
        "card": {
            "url": "/en/courses/sample/",
            "title": "Working together",
            "text": "How the services of one town work together.",
            "facts": facts,
        },
        "meta": {"facts": facts},
        "status": {"kind": "done", "text": "Done", "id": "sample-status"},
        "progress": {"value": 3, "maximum": 10, "label": "Question 3 of 10"},
        "language_list": {"choices": [("en", ""), ("fr", "/fr/courses/sample/")]},
        "pagination": {"page": page},
        "kept_country": {"forgets": True},
        "icon": {"name": "next"},
        "fields": {"form": refused},
    }
