"""A Redis server of our own that can be killed, stopped and started again in the same place."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import redis
from load import PATIENCE_S, until


@dataclass
class Database:
    """Where it is, and its process."""

    directory: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.address, socket_timeout=PATIENCE_S)

    def start(self) -> None:
        """Start it, empty, and wait until it answers."""
        program = shutil.which("redis-server")
        assert program is not None
        where = ["--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.directory)]
        command = [program, *where, "--save", "", "--loglevel", "warning"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        until(self.answers)

    def send(self, number: signal.Signals) -> None:
        """Send a signal; after SIGKILL or SIGTERM it is gone when this returns."""
        assert self.process is not None
        self.process.send_signal(number)
        if number in (signal.SIGKILL, signal.SIGTERM):
            self.process.wait(PATIENCE_S)

    def answers(self) -> bool:
        with self.client() as client, suppress(redis.ConnectionError):
            return bool(client.ping())
        return False


def is_there() -> bool:
    """Whether this machine has Redis."""
    return shutil.which("redis-server") is not None


@contextmanager
def database(directory: Path) -> Iterator[Database]:
    """One that runs, on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    found = Database(directory, port)
    found.start()
    try:
        yield found
    finally:
        found.send(signal.SIGCONT)
        found.send(signal.SIGKILL)
