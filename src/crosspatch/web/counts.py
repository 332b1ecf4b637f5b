"""A file of counts of prometheus-client that has its room on the disk. In go keys and numbers, as in its own.

Its own is a file with holes, mapped into memory: on a full disk the first write into a hole kills the process (SIGBUS).
Here the room is taken before it is written. Where there is none, a worker goes on to count for itself.
"""

from __future__ import annotations

import errno
import logging
import mmap
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from prometheus_client import values
from prometheus_client.mmap_dict import MmapedDict

_FIRST_BYTES = 1 << 16
# Series are of routes, methods and statuses, all bounded: far more than they take.
_MOST_SUMS_BYTES = 1 << 20
# What a key takes besides its text: its length, padding, and two numbers.
_BESIDES_BYTES = 4 + 8 + 16


class NoRoom(OSError):
    """There is no room for the counts."""


def take_room(fd: int, upto_bytes: int) -> None:
    """Let the file have so many bytes on its disk. Raises NoRoom."""
    try:
        os.posix_fallocate(fd, 0, upto_bytes)
    except OSError as fault:
        raise NoRoom(errno.ENOSPC, "no room for the counts") from fault


def take_room_for(fd: int, upto_bytes: int) -> None:
    """The same, no more than is missing: files of counts are never shorter than their first length."""
    if os.fstat(fd).st_size < min(upto_bytes, _MOST_SUMS_BYTES):
        take_room(fd, min(upto_bytes, _MOST_SUMS_BYTES))


def read_counts(file: Path) -> Iterable[tuple[Any, ...]]:
    """Keys, numbers and more."""
    found: Iterable[tuple[Any, ...]] = MmapedDict.read_all_values_from_file(str(file))  # type: ignore[no-untyped-call]
    return found


class Counts(MmapedDict):
    """The counts of one worker of one kind, in a file that others read; without room, in memory of its own."""

    def __init__(self, filename: str, read_mode: bool = False) -> None:
        if not read_mode:
            self._reserve(filename)
        super().__init__(filename, read_mode)  # type: ignore[no-untyped-call]

    def _init_value(self, key: str) -> None:
        capacity = self._capacity
        while self._used + len(key.encode()) + _BESIDES_BYTES > capacity:
            capacity *= 2
        if capacity > self._capacity:
            try:
                take_room(self._f.fileno(), capacity)
            except NoRoom:
                self._move_into_memory(capacity)
        super()._init_value(key)  # type: ignore[no-untyped-call]

    def _reserve(self, filename: str) -> None:
        with open(filename, "a+b") as file:  # noqa: PTH123  as MmapedDict opens it
            take_room(file.fileno(), max(_FIRST_BYTES, os.fstat(file.fileno()).st_size))

    def _move_into_memory(self, capacity: int) -> None:
        self._f = _in_memory(bytes(self._m), capacity)
        self._m = mmap.mmap(self._f.fileno(), capacity)
        self._capacity = capacity


class WorkerCounts(Counts):
    """The same for a worker, which serves on whatever happens: without room from the start, it counts for itself."""

    def __init__(self, filename: str, read_mode: bool = False) -> None:
        try:
            super().__init__(filename, read_mode)
        except OSError as fault:
            logging.getLogger("crosspatch").warning(
                "no room to count in %s (%s): its counts are missing from /metrics", filename, fault.strerror
            )
            with _in_memory(b"", _FIRST_BYTES) as file:
                super().__init__(f"/proc/self/fd/{file.fileno()}")


def count_safely() -> None:
    """Let prometheus-client count in files that have their room. Call it before the first metric is made."""
    if hasattr(os, "posix_fallocate") and hasattr(os, "memfd_create"):
        values.MmapedDict = WorkerCounts  # type: ignore[attr-defined]


def _in_memory(content: bytes, capacity: int) -> Any:
    """A file without a name that takes memory of the process, not of a disk."""
    file = os.fdopen(os.memfd_create("crosspatch-counts"), "r+b", buffering=0)
    file.write(content)
    file.truncate(capacity)
    return file
