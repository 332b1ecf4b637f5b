"""Asks the service on this machine whether it is ready: exit status 0 or 1, for a container's health check."""

from __future__ import annotations

import os
import sys
from http.client import HTTPConnection, HTTPException

DEFAULT_PORT = 8080
PATIENCE_S = 1.5


def ready(port: int) -> bool:
    """Whether the service on loopback answers /readyz with 200."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(not ready(int(os.environ.get("CROSSPATCH_PORT", DEFAULT_PORT))))
