"""Ask the web server of this machine whether it answers: `python -m tutela.work.health`.

For the container's health check; the standard library only, so it costs nothing to run.
"""

from __future__ import annotations

import http.client
import os
import sys


def answers(host: str, port: int, *, path: str = "/healthz") -> bool:
    """Tell whether the server there answers 200, spoken to by a name that it allows."""
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not bound
    names = [name.strip() for name in os.environ.get("ALLOWED_HOSTS", "").split(",")]
    connection = http.client.HTTPConnection(everywhere.get(host, host), port, timeout=2)
    try:
        connection.request("GET", path, headers={"Host": names[0] or "localhost"})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    well = answers(os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000")))
    sys.exit(0 if well else 1)
