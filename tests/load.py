"""A live server under load: what it is asked, what it answers, and what its processes hold, read from /proc.

In go a directory and settings, out comes a Service; `Clients` ask it from threads and keep every answer.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).parent.parent
# Guards against hanging, not measures of speed.
PATIENCE_S = 60
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


@dataclass
class Steady:
    """What a service holds: megabytes, descriptors, threads and processes, files and bytes on disks."""

    memory_mb: float = 0
    descriptors: int = 0
    threads: int = 0
    processes: int = 0
    store_files: int = 0
    store_mb: float = 0
    spool_files: int = 0
    spool_kb: float = 0
    by_process_mb: dict[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, running: Service) -> Steady:
        found = cls()
        for pid in running.processes():
            with suppress(FileNotFoundError, ProcessLookupError):
                own_mb = proportional_mb(pid)
                kind = "server" if pid == running.process.pid else "worker" if pid in running.workers() else "decoder"
                found.by_process_mb[f"{kind} {pid}"] = round(own_mb, 1)
                found.memory_mb += own_mb
                found.descriptors += len(list(Path(f"/proc/{pid}/fd").iterdir()))
                found.threads += len(list(Path(f"/proc/{pid}/task").iterdir()))
                found.processes += 1
        files = [file.stat().st_size for file in (running.room / "store").iterdir()]
        found.store_files, found.store_mb = len(files), sum(files) / 1e6
        spooled = [file.stat().st_size for spool in spools(running) for file in spool.iterdir()]
        found.spool_files, found.spool_kb = len(spooled), sum(spooled) / 1e3
        found.memory_mb = round(found.memory_mb, 1)
        return found


def until(condition: Callable[[], object], timeout_s: float = PATIENCE_S) -> None:
    """Return as soon as the condition holds; fail when it never does."""
    give_up_s = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < give_up_s, "waited in vain"
        threading.Event().wait(0.02)


def lives(pid: int) -> bool:
    """Whether the process is there, and not only its exit status."""
    return state(pid) not in ("", "Z", "X")


def state(pid: int) -> str:
    """R, S, T, Z and so on; empty for none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""


def worked_s(pid: int) -> float:
    """The time of the processor that a process has had, and those of its children that are dead; 0 for none."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def children(pid: int) -> set[int]:
    """The living children of a process."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                facts = (entry / "stat").read_text().rpartition(")")[2].split()
                if int(facts[1]) == pid and facts[0] != "Z":
                    found.add(int(entry.name))
    return found


def command(pid: int) -> bytes:
    """The command line of a process."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def proportional_mb(pid: int, what: str = "Pss") -> float:
    """Memory of a process, what it shares counted in parts; with "Pss_Anon" without what it has of files, which
    other servers on the machine share.
    """
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{what}:"))


def spools(running: Service) -> list[Path]:
    """Where the workers count."""
    return list(Path("/dev/shm").glob(f"crosspatch-metrics-*-127.0.0.1-{running.port}"))


def form(data: bytes, **fields: str) -> bytes:
    """A picture as a form sends it, with boundary "cut"."""
    head = "".join(f'--cut\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items())
    file = '--cut\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n'
    return head.encode() + file.encode() + data + b"\r\n--cut--\r\n"


@cache
def picture(seed: int, width: int = 96, height: int = 72) -> bytes:
    """A PNG of smooth colours and some noise, another for each seed."""
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 256, (6, 8, 3), np.uint8))
    smooth = np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC)).astype(np.int16)
    noisy = (smooth + rng.integers(-8, 9, smooth.shape)).clip(0, 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(noisy).save(out, "PNG")
    return out.getvalue()


def id_of(data: bytes) -> str:
    """The id that a picture gets."""
    return hashlib.sha256(data).hexdigest()


def need(what: str, *, present: bool) -> None:
    """Skip the test, named, where the machine has not got what it needs; fail when REQUIRE names it."""
    if present:
        return
    if what in os.environ.get("REQUIRE", ""):
        pytest.fail(f"{what} is required and absent")
    pytest.skip(f"{what} is absent")
