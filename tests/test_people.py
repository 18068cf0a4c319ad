"""The cast is what it says."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.test import Client

    from tests.people import Cast
    from tutela.accounts.models import User


def test_publisher_enters_the_cms(cast: Cast, sign_in: Callable[[User], Client]) -> None:
    assert sign_in(cast.publisher).get("/cms/").status_code == 200


def test_learner_does_not_enter_the_cms(cast: Cast, sign_in: Callable[[User], Client]) -> None:
    assert sign_in(cast.learner).get("/cms/").status_code in {302, 403}
