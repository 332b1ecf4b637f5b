"""Memory that all workers share to decode in. In goes how much a picture needs, out comes leave to begin, in turn.

Each worker has an equal share, which it hands out by itself (`turns`). A picture that needs more than a share has all
of the memory to itself: then no worker decodes another. Who waits for that is not passed by others; and whoever dies
gives its place back, for the kernel holds it (`flock`).
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Room:
    """`memory_bytes` for `workers` processes, which meet in `directory`; None where there is but one process."""

    memory_bytes: int
    workers: int = 1
    directory: Path | None = None

    @property
    def share_bytes(self) -> int:
        """What one worker may hand out without asking the others."""
        return self.memory_bytes if self.directory is None else self.memory_bytes // self.workers

    @contextmanager
    def entered(self, needed_bytes: int) -> Iterator[None]:
        """Wait until so much is free, and have it. Blocks the thread: not for the hub."""
        if self.directory is None:
            yield
            return
        with (self.directory / "decoding").open("w") as room:
            with (self.directory / "decoding-next").open("w") as turn:
                fcntl.flock(turn, fcntl.LOCK_EX)
                fcntl.flock(room, fcntl.LOCK_SH if needed_bytes <= self.share_bytes else fcntl.LOCK_EX)
            yield
