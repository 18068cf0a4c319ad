"""A sample context for every component: the pattern page shows them, a test renders them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.templatetags.static import static
from django.utils.html import format_html

SAMPLE_MAIL = """Hello from Tutela!

Your code stands below. Please type it in the window that is open.

ABC-DEF

If you did not ask for it, you need not do anything.
"""


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


class SampleQuestion(forms.Form):
    """A question with one answer."""

    choice = forms.ChoiceField(
        choices=[("a", "I write down what I saw."), ("b", "I wait for proof.")],
        widget=forms.RadioSelect,
    )

    use_required_attribute = False


class SampleFilter(forms.Form):
    """What a list may be narrowed to."""

    unit = forms.ChoiceField(label="Unit", required=False, choices=[("", "All"), ("n", "North")])
    course = forms.ChoiceField(label="Course", required=False, choices=[("", "All")])


def samples() -> dict[str, list[dict[str, Any]]]:
    """Return, for each component, the contexts that show it in each of its states."""
    return {**shell(), **lists(), **lessons(), **questions(), **certificates(), **records()}


def shell() -> dict[str, list[dict[str, Any]]]:
    """Return samples of what stands around and above a page's own text."""
    refused = SampleForm({})
    messages = [
        {"level_tag": "success", "message": "Saved."},
        {"level_tag": "error", "message": "This could not be saved."},
    ]
    return {
        "demonstration": [{}],
        "breadcrumbs": [{"trail": [("Courses", "/en/courses/"), ("Working together", "")]}],
        "messages": [{"messages": [Said(**message) for message in messages]}],
        "notice": [
            {"title": "For your information", "text": "A second text is being written."},
            {"kind": "ok", "text": "Your place is kept.", "link": "/en/", "words": "Go on"},
            {"kind": "warn", "title": "Please note", "text": "The text has changed."},
        ],
        "error_summary": [{"form": refused}],
        "fields": [{"form": refused}],
        "form": [{"form": SampleFilter(), "words": "Save", "away": "/en/"}],
        "icon": [{"name": name} for name in ("next", "back", "globe", "education", "health")],
        "language_list": [{"choices": [("en", ""), ("fr", "/fr/courses/sample/")]}],
        "drawing": [{}],
        "opening": [
            {
                "title": "Training for those who can protect children",
                "text": "Short courses for each profession, with a certificate.",
                "actions": [
                    ("Choose your profession", "/en/"),
                    ("See all courses", "/en/courses/"),
                ],
            }
        ],
    }


class Said:
    """A message as Django's framework hands it to a template."""

    def __init__(self, level_tag: str, message: str) -> None:
        self.level_tag = level_tag
        self.message = message

    def __str__(self) -> str:
        return self.message


def lists() -> dict[str, list[dict[str, Any]]]:
    """Return samples of what leads to something else."""
    facts = [("Learning time", "3 h 20 min"), ("Languages", "English, Français")]
    task = {"url": "/en/", "title": "Whom to call and when", "note": "8 minutes"}
    done = {**task, "id": "sample-done", "kind": "done", "status": "Done"}
    later = {"title": "Quiz", "kind": "closed", "status": "Opens when every lesson is read"}
    return {
        "card": [
            {
                "url": "/en/courses/sample/",
                "title": "Working together",
                "text": "How the services of one town work together.",
                "facts": facts,
            },
            {"url": "/en/courses/other/", "title": "Foundation", "eyebrow": "For everyone"},
        ],
        "tile": [
            {"url": "/en/", "title": "Education", "icon": "education"},
            {"url": "/en/", "title": "Religious organisations", "icon": "religious"},
        ],
        "meta": [{"facts": facts}],
        "status": [
            {"kind": kind, "text": text}
            for kind, text in (
                ("done", "Done"),
                ("now", "Next"),
                ("", "To do"),
                ("closed", "Not open yet"),
                ("warn", "Expires soon"),
                ("bad", "Revoked"),
            )
        ],
        "progress": [{"value": 3, "maximum": 10, "label": "Question 3 of 10"}],
        "task_item": [task],
        "task_list": [{"items": [done, {**task, "kind": "now", "status": "Next"}, later]}],
        "steps": [
            {
                "steps": [
                    {"title": "Read", "text": "Short lessons for your profession."},
                    {"title": "Check what you know", "text": "There is no timer."},
                    {"title": "Show it", "text": "Anybody can check the certificate."},
                ]
            }
        ],
        "pagination": [{"page": Paginator(range(60), 20).page(2)}],
        "kept_country": [{"forgets": True}],
    }


def lessons() -> dict[str, list[dict[str, Any]]]:
    """Return samples of what a lesson is made of."""
    here = {"title": "Whom to call", "url": "/en/", "current": True}
    steps = [{"title": "What the duty asks", "url": "/en/", "done": True}, here]
    mark = format_html('<img src="{}" alt="" width="28" height="28">', static("kit/mark.svg"))
    choices = [{"text": "Ask the contact person"}, {"text": "Wait a day"}]
    return {
        "contents": [{"label": "Contents", "parts": [{"title": "Notice", "steps": steps}]}],
        "previous_next": [
            {
                "label": "Lessons",
                "previous": {"url": "/en/", "title": "What the duty asks"},
                "next": {"url": "/en/", "title": "Working together"},
            }
        ],
        "content_note": [
            {
                "note": "This lesson speaks about harm to children, without any detail.",
                "read": "main",
                "short": "main",
                "skip": "main",
                "support": "/en/support/",
            }
        ],
        "key_points": [
            {
                "title": "Key points",
                "points": ["Know the contact person.", "Know who stands in for them."],
            }
        ],
        "do_do_not": [
            {
                "do": ["Write down date and time.", "Say what happens next."],
                "do_not": ["Promise what you cannot keep.", "Wait for proof."],
            }
        ],
        "example": [{"title": "A quiet afternoon", "text": "A colleague asks you for advice."}],
        "figure": [{"caption": "The way of a report", "picture": mark}],
        "self_check": [
            {
                "question": "Whom do you call first?",
                "choices": [
                    {"text": "The contact person", "correct": True, "feedback": "She knows."},
                    {"text": "Nobody yet", "feedback": "Time is lost."},
                ],
            }
        ],
        "scenario_node": [
            {
                "id": "sample-node",
                "title": "Situation 1",
                "text": "A colleague asks you for advice.",
                "choices": choices,
            },
            *(
                {
                    "id": f"sample-node-{number}",
                    "title": title,
                    "before": choice["text"],
                    "said": "She knows what to do next.",
                    "onward": "sample-node",
                    "words": "Decide again",
                    "button": True,
                }
                for number, title, choice in (
                    (1, "A good decision", choices[0]),
                    (2, "Not yet", choices[1]),
                )
            ),
        ],
    }


def questions() -> dict[str, list[dict[str, Any]]]:
    """Return samples of a quiz."""
    stem = "A child asks you to keep a secret. What do you say?"
    words = {"stem": stem, "quoted": stem, "marks": ""}
    return {
        "question": [{"field": SampleQuestion()["choice"], "words": words}],
        "check_answers": [
            {
                "lines": [
                    {"words": words, "answers": ["I say what I can promise."], "url": "/en/"},
                    {"words": {**words, "quoted": "Whom do you tell?"}, "url": "/en/"},
                ]
            }
        ],
        "result": [
            {
                "passed": True,
                "title": "Passed",
                "text": "Well done.",
                "score": "You got 9 of 10 questions right. The pass mark is 80 %.",
                "day": "Submitted on 3 March 2026.",
            },
            {
                "title": "Not yet",
                "text": "Read again, then try again as often as you like.",
                "score": "You got 6 of 10 questions right. The pass mark is 80 %.",
            },
        ],
    }


def certificates() -> dict[str, list[dict[str, Any]]]:
    """Return samples of a certificate and of each answer to whoever checks one."""
    return {
        "certificate": [
            {
                "title": "Foundation",
                "subtitle": "The first safe adult",
                "holder": "Ana Moreau",
                "facts": [("Issued by", "Tutela"), ("Completed on", "3 March 2026")],
                "objectives": ["Respond calmly.", "Pass on what you know."],
                "reviewed": True,
            }
        ],
        "verification": [
            {"kind": kind, "title": title, "text": text}
            for kind, title, text in (
                ("valid", "Valid certificate", "It is valid until 3 March 2029."),
                ("expired", "Expired certificate", "It was valid until 3 March 2025."),
                ("revoked", "Revoked certificate", "The issuer revoked it on 3 March 2026."),
                ("superseded", "Replaced certificate", "A newer one replaced it."),
                ("unknown", "No certificate found", "Compare the code letter by letter."),
            )
        ],
    }


def records() -> dict[str, list[dict[str, Any]]]:
    """Return samples of what an organisation sees."""
    columns = [
        {"title": "Step", "url": "?sort=-step", "sorted": "ascending"},
        {"title": "Minutes", "number": True},
    ]
    lines = [{"title": "Foundation", "done": 45, "people": 60}]
    return {
        "filters": [{"form": SampleFilter(), "words": "Filter", "found": "12 records"}],
        "chart": [
            {
                "caption": "Members who completed each course",
                "bars": [
                    {"label": "Foundation", "text": "45 of 60", "percent": 75},
                    {"label": "Policing", "text": "20 of 60", "percent": 33, "colour": 2},
                ],
            }
        ],
        "record_table": [
            {
                "region": "sample-records",
                "caption": "Completions in the north",
                "columns": columns,
                "lines": lines,
                "row": "kit/sample_row.html",
            }
        ],
    }
