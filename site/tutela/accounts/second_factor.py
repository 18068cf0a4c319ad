"""Of whom a second factor is demanded, and whether this session gave it.

A rule is a condition on the row of a person, not a question asked for each: so the one query that
loads who is asking answers it for everybody, at once, and a change of role counts from the next
request on.
"""

from __future__ import annotations

from functools import cache, reduce
from operator import or_
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q

from .models import User

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    type Condition = Callable[[], Q | Exists]

GROUPS = ("Reviewers", "Publishers", "Administrators")
# Recovery codes stand in for a factor that exists; alone they are none.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
SESSION_KEY = "second_factor_of"
NEXT_KEY = "second_factor_next"


def _in_groups() -> Exists:
    memberships = User.groups.through.objects.filter(user=OuterRef("pk"))
    return Exists(memberships.filter(group__name__in=GROUPS))


def _enters_the_cms() -> Q:
    door = Permission.objects.filter(
        codename="access_admin", content_type__app_label="wagtailadmin"
    )
    return Exists(door.filter(group__user=OuterRef("pk"))) | Exists(
        door.filter(user=OuterRef("pk"))
    )


_conditions: list[Condition] = [lambda: Q(is_superuser=True), _in_groups, _enters_the_cms]


def demanded_by(condition: Condition) -> None:
    """Demand a second factor of whom the condition names; rooms do so in `apps.ready()`.

    It returns `Q` or `Exists` on a person's row, such as
    `Exists(Appointment.objects.filter(person=OuterRef("pk")))`, and is asked once: an instant in
    it is `Now()`, the database's own.
    """
    _conditions.append(condition)
    _query.cache_clear()


def load_person(pk: int) -> User | None:
    """Return a person with `factor_demanded` and `factor_exists`, in one query."""
    sql, params = _query(connection.vendor)
    return next(iter(User.objects.raw(sql, (*params, pk))), None)


@cache
def _query(vendor: str) -> tuple[str, tuple[object, ...]]:
    # Written once and kept: composing it anew took ten times as long as the query itself.
    demanded = reduce(or_, (Q(condition()) for condition in _conditions))
    exists = Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)
    people = User.objects.annotate(
        factor_demanded=ExpressionWrapper(demanded, output_field=BooleanField()),
        factor_exists=Exists(exists),
    )
    sql, params = people.filter(pk=0).query.sql_with_params()
    return sql, params[:-1]


def missing_factor(request: HttpRequest, person: User) -> str:
    """Return what this session still owes: 'set up', 'give' or nothing."""
    if not hasattr(person, "factor_demanded"):
        person = load_person(person.pk) or person
    if not getattr(person, "factor_demanded", False):
        return ""
    if not getattr(person, "factor_exists", False):
        return "set up"
    return "" if gave_factor(request, person) else "give"


def remember_factor(request: HttpRequest, person: User) -> None:
    """Note in the session that this person gave her second factor."""
    request.session[SESSION_KEY] = person.pk


def gave_factor(request: HttpRequest, person: User) -> bool:
    """Return whether this session gave the person's second factor."""
    return bool(request.session.get(SESSION_KEY) == person.pk)


def keep_next(request: HttpRequest, url: str) -> None:
    """Keep what a person came for: allauth's pages of setting up do not carry `next` along."""
    request.session[NEXT_KEY] = url


def pop_next(request: HttpRequest) -> str:
    """Return what a person came for before her second factor was asked, once."""
    return str(request.session.pop(NEXT_KEY, ""))
