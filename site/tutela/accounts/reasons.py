"""Why an administrator does something to a person or a setting: asked in the CMS, kept with the event.

While a request of the CMS changes something, it is an *act* of somebody. What happens in it is told
by events that carry the act's reason; an act that gave none does not happen.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 300


class UnexplainedActError(RuntimeError):
    """Something was about to happen to a person or a setting, and nobody said why."""


@dataclass
class Act:
    """What one person does in one request, why, and which fields of a form she changed."""

    by: Any
    reason: str = ""
    fields: list[str] = field(default_factory=list)


_act: ContextVar[Act | None] = ContextVar("act", default=None)


@contextmanager
def acting(by: Any, *, reason: str) -> Iterator[Act]:
    """Let what happens meanwhile be the act of somebody, for this reason."""
    act = Act(by, reason.strip()[:LONGEST])
    before = _act.set(act)
    try:
        yield act
    finally:
        _act.reset(before)


def act_under_way() -> Act | None:
    """Return the act of this request; None outside of the CMS."""
    return _act.get()


def demand_reason() -> None:
    """Let nothing happen in an act that gave no reason. Raises `UnexplainedActError`."""
    act = _act.get()
    if act is not None and not act.reason:
        raise UnexplainedActError


def told_reason() -> dict[str, object]:
    """Return what an event of the act under way says beside its own data."""
    act = _act.get()
    if act is None or not act.reason:
        return {}
    return {"reason": act.reason, **({"fields": act.fields} if act.fields else {})}


def reason_field() -> forms.CharField:
    """Return the field that asks why."""
    return forms.CharField(
        label=_("Reason"),
        max_length=LONGEST,
        help_text=_("Kept in the log of events. Write no name and no address."),
    )


class ReasonedForm:
    """A form that asks why, at its end; it tells the act which of its fields were changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields: dict[str, Any]
        self.fields["reason"] = reason_field()

    def full_clean(self) -> None:
        """Note the names of the changed fields, never what they hold."""
        super().full_clean()  # type: ignore[misc]
        act = _act.get()
        if act is not None:
            act.fields = sorted(name for name in self.changed_data if name != "reason")  # type: ignore[attr-defined]
