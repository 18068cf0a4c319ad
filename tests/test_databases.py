"""The stock of test databases gives every test what the migrations leave."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection
from wagtail.models import Locale, Page


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.django_db(transaction=True)
def test_transactional_test_starts_from_the_migrations(turn: int) -> None:
    assert Page.objects.filter(depth=1).count() == 1
    assert Locale.objects.count() >= 1
    assert not Group.objects.filter(name="left behind").exists()
    Group.objects.create(name="left behind")


@pytest.mark.django_db
def test_nothing_commits_in_an_ordinary_test() -> None:
    assert get_user_model().objects.count() == 0
    assert connection.in_atomic_block
