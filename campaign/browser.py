"""A small HTTP client: cookies, forms, and nothing that hides how an answer came."""

from __future__ import annotations

import http.client
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode

HOST = "tutela.test"
TOKEN = "__Host-csrf"  # noqa: S105 - the name of a cookie


@dataclass(frozen=True)
class Answer:
    """What came back; status 0 where the connection ended before an answer."""

    status: int
    location: str = ""
    body: str = ""

    @property
    def acknowledged(self) -> bool:
        """Whether the site said that it has done what was asked."""
        return self.status in {200, 302, 303} and not self.asks_to_sign_in

    @property
    def asks_to_sign_in(self) -> bool:
        """Whether the site does not know who she is."""
        return self.location.startswith("/accounts/login/")


@dataclass
class Browser:
    """One visitor, who speaks as the proxy would pass it on."""

    port: int
    address: str = "192.0.2.1"
    timeout: float = 60
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        """Read a page."""
        return self.ask("GET", path)

    def post(self, path: str, fields: dict[str, object], **headers: str) -> Answer:
        """Send a form; a visitor without a token fetches one first."""
        if TOKEN not in self.cookies:
            self.get("/accounts/login/")
        body = urlencode(fields, doseq=True)
        return self.ask(
            "POST",
            path,
            body,
            {
                "Content-Type": "application/x-www-form-urlencoded",
                "X-CSRFToken": self.cookies.get(TOKEN, ""),
                **headers,
            },
        )

    def ask(
        self, method: str, path: str, body: str | bytes = "", headers: dict[str, str] | None = None
    ) -> Answer:
        """Send one request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        try:
            connection.request(method, path, body or None, {**self.own(), **(headers or {})})
            response = connection.getresponse()
            text = response.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            return Answer(0)
        finally:
            connection.close()
        for line in response.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return Answer(response.status, response.headers.get("Location", ""), text)

    def own(self) -> dict[str, str]:
        """Return the headers of every request."""
        return {
            "Host": HOST,
            "Origin": f"https://{HOST}",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": self.address,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
