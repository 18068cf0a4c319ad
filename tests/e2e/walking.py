"""A walker: what a person does in a browser, by the words that she reads in her language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core import mail
from django.utils import translation
from django.utils.translation import gettext

from quizzes.models import Attempt

if TYPE_CHECKING:
    from playwright.sync_api import Page

CODE = re.compile(r"\b\d{6}\b")
PASSWORD = "a long pass phrase of her own"


@dataclass
class Walker:
    """One visitor with a browser page and a language."""

    page: Page
    language: str

    def says(self, message: str) -> str:
        """Return a phrase of the interface in her language."""
        with translation.override(self.language):
            return gettext(message)

    def open(self, path: str) -> None:
        """Type an address below the language."""
        answer = self.page.goto(f"/{self.language}/{path}")
        assert answer is not None
        assert answer.status == 200, path

    def press(self, label: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=self.says(label), exact=True).first.click()

    def follow(self, label: str, *, translated: bool = True) -> None:
        """Follow a link."""
        name = self.says(label) if translated else label
        self.page.get_by_role("main").get_by_role("link", name=name, exact=True).first.click()

    def fill(self, field: str, value: str) -> None:
        """Type into a field, by its name in the form."""
        self.page.locator(f"main [name={field}]").fill(value)

    def switch_language(self) -> None:
        """Follow the switch to the other language, on this very page."""
        self.language = {"en": "fr", "fr": "en"}[self.language]
        self.page.locator(".languages summary").click()
        self.page.locator(f"a[hreflang={self.language}]").first.click()
        self.page.wait_for_load_state()

    def sign_up(self, email: str) -> None:
        """Create an account, and confirm the address by the code of the mail."""
        self.fill("email", email)
        self.fill("password1", PASSWORD)
        self.page.locator("main [name=adult]").check()
        self.press("Create an account")
        self.page.wait_for_url("**/confirm-email/**")
        found = CODE.search(str(mail.outbox[-1].body))
        assert found is not None
        self.fill("code", found.group())
        self.page.locator("main form button").first.click()
        self.page.wait_for_load_state()

    def read_lesson(self) -> None:
        """Read a lesson, and send *Continue* at its end."""
        before = self.page.url
        self.press("Continue")
        self.page.wait_for_url(lambda url: url != before)

    def answer_quiz(self, *, right: bool) -> None:
        """Answer every question of the open attempt, check, and submit."""
        attempt = Attempt.objects.filter(submitted_at=None).latest("pk")
        for item in attempt.items.select_related("version").order_by("position"):
            self.page.wait_for_url(f"**/attempts/{attempt.pk}/{item.position}/")
            wrong = [key for key in item.order if key not in item.version.right_keys]
            chosen = item.version.right_keys if right else wrong[:1]
            for key in chosen:
                place = item.order.index(key) + 1
                self.page.locator(f"main input[value='{place}']").check()
            self.page.locator("main form button").first.click()
        self.page.wait_for_url(f"**/attempts/{attempt.pk}/check/")
        self.page.locator("main form button").last.click()
        self.page.wait_for_url(f"**/attempts/{attempt.pk}/result/")
