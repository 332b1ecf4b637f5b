"""A real server for tests: `main.py` in a process of its own, on a free port, with a store of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parent.parent
START_S = 30


@contextmanager
def serving(store: Path, log: Path | None = None, **settings: str) -> Iterator[str]:
    """The address of a server that is ready. `settings` are environment variables without their prefix; `log` is the
    file that its messages go to, standard error without one.
    """
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    asked = {"PORT": str(port), "STORE": str(store), **settings}
    environment = os.environ | {f"CROSSPATCH_{name}": value for name, value in asked.items()}
    address = f"http://127.0.0.1:{port}"
    with ExitStack() as stack:
        stderr = None if log is None else stack.enter_context(log.open("wb"))
        command = [sys.executable, "main.py"]
        server = stack.enter_context(subprocess.Popen(command, cwd=ROOT, env=environment, stderr=stderr))
        try:
            _wait_until_ready(address, server)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=START_S)


def _wait_until_ready(address: str, server: subprocess.Popen[bytes]) -> None:
    give_up_s = time.monotonic() + START_S
    while server.poll() is None and time.monotonic() < give_up_s:
        try:
            with urlopen(f"{address}/readyz", timeout=START_S):
                return
        except URLError:
            time.sleep(0.05)  # not a wait for a result: the port is not open yet
    raise RuntimeError(f"the server did not become ready (exit status {server.poll()})")
