"""Events of what happens to people and settings in the CMS, told by the rows themselves.

Wagtail's views change them in many ways, some of which its own history does not mention. So the rows
tell it: whatever view saves one, it is an event with who and why, or it does not happen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models.signals import m2m_changed, post_save, pre_delete, pre_save
from django.utils import timezone

from .models import User, log_event
from .reasons import act_under_way, demand_reason

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model

_names: dict[type[Model], str] = {}


def watch(model: type[Model], *, called: str) -> None:
    """Tell of every row of a model that is made, changed or deleted in the CMS; once a model."""
    _names[model] = called
    identity = f"accounts.telling.{model._meta.label}"
    pre_save.connect(_ask_why, sender=model, dispatch_uid=f"{identity}.ask")
    post_save.connect(_tell_saved, sender=model, dispatch_uid=f"{identity}.saved")
    pre_delete.connect(_tell_deleted, sender=model, dispatch_uid=f"{identity}.deleted")


def watch_roles() -> None:
    """Tell of every role that a person is given or loses in the CMS."""
    m2m_changed.connect(
        _tell_roles, sender=User.groups.through, dispatch_uid="accounts.telling.roles"
    )


def tell_people(kind: str, people: Iterable[User]) -> None:
    """Tell of what a bulk action did, which saves no rows one by one."""
    demand_reason()
    for person in people:
        _tell(kind, f"person {person.pk}")


def _ask_why(**kwargs: Any) -> None:
    demand_reason()


def _tell_saved(sender: type[Model], instance: Model, *, created: bool, **kwargs: Any) -> None:
    verb = "made" if created else "changed"
    more = (
        {"active": instance.is_active, "superuser": instance.is_superuser}
        if isinstance(instance, User)
        else {}
    )
    _tell(f"{_names[sender]}.{verb}", _subject(sender, instance), **more)


def _tell_deleted(sender: type[Model], instance: Model, **kwargs: Any) -> None:
    demand_reason()
    _tell(f"{_names[sender]}.deleted", _subject(sender, instance))


def _subject(model: type[Model], instance: Model) -> str:
    # What is about a person is found, shown to her and forgotten with her.
    person = getattr(instance, "person_id", None)
    return f"person {person}" if person else f"{_names[model]} {instance.pk}"


def _tell_roles(
    instance: Model, action: str, *, reverse: bool, pk_set: set[int] | None, **kwargs: Any
) -> None:
    verb = {"post_add": "given", "post_remove": "taken", "pre_clear": "taken"}.get(action)
    if verb is None or act_under_way() is None:
        return
    demand_reason()
    pairs = _pairs_from_role if reverse else _pairs_from_person
    for person, roles in pairs(instance, pk_set):
        _tell(f"person.roles_{verb}", f"person {person}", roles=roles)


def _pairs_from_person(person: Model, roles: set[int] | None) -> list[tuple[int, list[int]]]:
    found = roles if roles is not None else person.groups.values_list("pk", flat=True)  # type: ignore[attr-defined]
    return [(person.pk, sorted(found))] if found else []


def _pairs_from_role(role: Model, people: set[int] | None) -> list[tuple[int, list[int]]]:
    found = people if people is not None else role.user_set.values_list("pk", flat=True)  # type: ignore[attr-defined]
    return [(person, [role.pk]) for person in sorted(found)]


def _tell(kind: str, subject: str, **data: object) -> None:
    act = act_under_way()
    if act is not None:
        log_event(kind, subject=subject, at=timezone.now(), actor=act.by, **data)
