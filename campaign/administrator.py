"""An administrator who uploads documents in the CMS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from wagtail.documents.models import Document
from wagtail.models import Collection

from tutela.accounts.models import User

from .browser import TOKEN, Answer, Browser
from .learner import PASSWORD

if TYPE_CHECKING:
    from .stage import Stage

BOUNDARY = "a-boundary-of-the-campaign"
ADDRESS = "administrator@example.org"


class Administrator:
    """Signed in, with a browser of her own."""

    def __init__(self, stage: Stage) -> None:
        if not User.objects.filter(email=ADDRESS).exists():
            person = User.objects.create_superuser(ADDRESS, PASSWORD)
            EmailAddress.objects.create(user=person, email=ADDRESS, verified=True, primary=True)
        self.browser = Browser(stage.port, address="203.0.113.7")
        self.browser.post("/accounts/login/", {"login": ADDRESS, "password": PASSWORD})

    def upload(self, name: str, content: bytes) -> Answer:
        """Send a file as the CMS's own form does."""
        fields = {
            "csrfmiddlewaretoken": self.browser.cookies.get(TOKEN, ""),
            "title": name.partition(".")[0],
            "collection": str(Collection.get_first_root_node().pk),
        }
        parts = [
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, value in fields.items()
        ]
        file = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: application/pdf\r\n\r\n"
        )
        body = (
            "".join(parts).encode() + file.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
        )
        kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        return self.browser.ask("POST", "/cms/documents/add/", body, kind)

    def documents(self, title: str) -> int:
        """Return how many documents of this title there are."""
        return int(Document.objects.filter(title=title).count())
