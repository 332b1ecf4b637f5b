"""A live server under load: what it is asked, and what it answers.

In go a directory and settings, out comes a Service; `Clients` ask it from threads and keep every answer.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import pytest
from processes import children, command
from samples import form

ROOT = Path(__file__).parent.parent
# Guards against hanging, not measures of speed.
PATIENCE_S = 60
# How the container's environment tunes what NumPy and the C library do with threads and memory.
TUNING = {"OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2", "MALLOC_TRIM_THRESHOLD_": "131072"}
GONE = (OSError, HTTPException)
_FORM = {"Content-Type": "multipart/form-data; boundary=cut"}


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    took_s: float

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def is_clear(self) -> bool:
        """Whether it is right, or a problem with a reason in words; never 500."""
        if self.status < 400:
            return True
        if self.status == 500 or self.headers.get("content-type") != "application/problem+json":
            return False
        return self.json["status"] == self.status and len(self.json["detail"]) > 20


@dataclass(frozen=True)
class Service:
    """A server that runs: its first process, its port, and the directory with all that is its own."""

    process: subprocess.Popen[bytes]
    port: int
    room: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        return (self.room / "log").read_text()

    def connect(self, timeout_s: float = PATIENCE_S) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout_s)

    def ask(self, path: str, method: str = "GET", body: Any = None, **headers: str) -> Answer:
        """One request on a connection of its own. A body that is no bytes goes as JSON."""
        if body is not None and not isinstance(body, bytes):
            body, headers = json.dumps(body).encode(), {"Content-Type": "application/json", **headers}
        began_s = time.monotonic()
        client = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            client.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
            answer = client.getresponse()
            names = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, names, answer.read(), time.monotonic() - began_s)
        finally:
            client.close()

    def upload(self, data: bytes, **headers: str) -> Answer:
        return self.ask("/api/v1/images", "POST", form(data), **_FORM, **headers)

    def compare(self, image: str, seed: int = 0) -> Answer:
        return self.ask("/api/v1/comparisons", "POST", {"image": image, "seed": seed})

    def pixels(self, image: str) -> Answer:
        return self.ask(f"/api/v1/images/{image}/rendition?channel=red&format=raw")

    def inside(self, path: Path) -> Path:
        """The path as the server sees it."""
        return Path(f"/proc/{self.process.pid}/root{path}")

    def is_ready(self) -> bool:
        try:
            return self.ask("/readyz").status == 200
        except GONE:
            return False

    def workers(self) -> set[int]:
        return children(self.process.pid)

    def decoders(self) -> set[int]:
        return {pid for worker in self.workers() for pid in children(worker) if b"web.decoding" in command(pid)}

    def processes(self) -> set[int]:
        return {self.process.pid, *self.workers(), *self.decoders()}


@contextmanager
def service(
    room: Path, environment: Mapping[str, str] | None = None, prepare: str = "", **settings: object
) -> Iterator[Service]:
    """A server that is ready, on a free port, with its store in `room` unless the settings say otherwise.

    `prepare` is run by a shell before it, in a mount namespace of their own: what it mounts nobody else sees.
    """
    room.mkdir(exist_ok=True, parents=True)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    asked = {"port": port, "store": room / "store", "workers": 2, **settings}
    own = {f"CROSSPATCH_{name.upper()}": str(value) for name, value in asked.items()}
    others = {name: value for name, value in os.environ.items() if not name.startswith("CROSSPATCH_")}
    before = ("unshare", "--mount", "sh", "-c", f'{prepare} && exec "$@"', "sh") if prepare else ()
    with (room / "log").open("wb") as log:
        process = subprocess.Popen(
            [*before, sys.executable, "main.py"],
            cwd=ROOT,
            env={**others, **own, **(environment or {})},
            stdout=log,
            stderr=log,
        )
    found = Service(process, port, room)
    try:
        until(lambda: process.poll() is not None or found.is_ready())
        assert process.poll() is None, found.log
        yield found
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(PATIENCE_S)
            raise


class Clients:
    """Several clients that ask one thing after the other until they are told to stop, or have asked enough."""

    def __init__(self, count: int, ask: Callable[[int, int], Answer], most: int | None = None) -> None:
        self.answers: list[Answer] = []
        self.broken: list[Exception] = []
        self._ask = ask
        self._most = most
        self._stopped = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(number,), daemon=True) for number in range(count)]

    def __enter__(self) -> Clients:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Ask nothing more, and wait for the answers."""
        self._stopped.set()
        self.wait()

    def wait(self) -> None:
        """Wait until everything has been asked and answered: nothing hangs."""
        for thread in self._threads:
            thread.join(5 * PATIENCE_S)
            assert not thread.is_alive(), "a request hangs"

    def hear(self, more: int) -> None:
        """Wait until so many more answers have come."""
        goal = len(self.answers) + more
        until(lambda: len(self.answers) >= goal)

    def _run(self, number: int) -> None:
        turn = 0
        while not self._stopped.is_set() and (self._most is None or turn < self._most):
            try:
                self.answers.append(self._ask(number, turn))
            except GONE as fault:
                self.broken.append(fault)
                self._stopped.wait(0.02)  # a server that is away is not asked in a circle
            turn += 1


def until(condition: Callable[[], object], timeout_s: float = PATIENCE_S) -> None:
    """Return as soon as the condition holds; fail when it never does."""
    give_up_s = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < give_up_s, "waited in vain"
        threading.Event().wait(0.02)


def need(what: str, *, present: bool) -> None:
    """Skip the test, named, where the machine has not got what it needs; fail when REQUIRE names it."""
    if present:
        return
    if what in os.environ.get("REQUIRE", ""):
        pytest.fail(f"{what} is required and absent")
    pytest.skip(f"{what} is absent")
