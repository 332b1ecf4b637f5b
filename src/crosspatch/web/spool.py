"""The counts of several workers, in one directory in memory. In go files of prometheus-client, one set per process, out
come the sums.

A worker that died leaves its counts behind: they are added to those of all the dead, so that nothing is lost and the
files do not pile up. Nothing here is imported from prometheus-client before the directory is known, for it decides
then, once, whether it counts in files.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from crosspatch.errors import CrosspatchError

if TYPE_CHECKING:
    from prometheus_client import Metric

# Where prometheus-client looks for the directory.
VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
IN_MEMORY = "/dev/shm"  # noqa: S108  neither counting nor a worker's heartbeat must wait for a disk
_DEAD = 0  # no process has this id


class SpoolUnavailable(CrosspatchError):
    """The directory for the counts of the workers cannot be made."""


def open_spool(host: str, port: int) -> Path:
    """An empty directory for the service that listens there: no other can, so what is in it was left by one that died.

    From here on prometheus-client counts in it. Raises SpoolUnavailable.
    """
    parent = IN_MEMORY if os.access(IN_MEMORY, os.W_OK) else tempfile.gettempdir()
    directory = Path(parent) / f"crosspatch-metrics-{os.geteuid()}-{host}-{port}"
    try:
        directory.mkdir(mode=0o700, exist_ok=True)
        if directory.lstat().st_uid != os.geteuid() or directory.is_symlink():
            raise PermissionError("it belongs to another user")
        for left in directory.iterdir():
            left.unlink()
    except OSError as fault:
        raise SpoolUnavailable(
            f"the workers cannot count in {directory} ({fault.strerror or fault}): remove it, or make room"
        ) from fault
    os.environ[VARIABLE] = str(directory)
    return directory


def spool_of_workers() -> Path | None:
    """The directory that was opened before this worker began; None outside of the server."""
    directory = os.environ.get(VARIABLE)
    return None if directory is None else Path(directory)


def close_spool(directory: Path) -> None:
    """Remove the directory with all counts."""
    shutil.rmtree(directory, ignore_errors=True)


def read_spool(directory: Path) -> Iterable[Metric]:
    """The sums over all processes, living and dead. Reads files: not for the hub."""
    from prometheus_client.multiprocess import MultiProcessCollector

    with _locked(directory, fcntl.LOCK_SH):
        # A worker that has just begun has made a file, but not yet its head.
        files = [str(file) for file in directory.glob("*.db") if file.stat().st_size]
        merged: Iterable[Metric] = MultiProcessCollector.merge(files)  # type: ignore[no-untyped-call]
        return merged


def bury(directory: Path, pid: int) -> None:
    """Add the counts of a dead process to those of all the dead, and forget its gauges.

    Raises OSError where there is no room: then its counts stay in its files, where they are read all the same.
    """
    with _locked(directory, fcntl.LOCK_EX):
        files = list(directory.glob(f"*_{pid}.db"))
        for file in sorted(files, key=lambda file: not file.name.startswith("gauge")):
            kind = file.name.partition("_")[0]
            if kind != "gauge":
                _add(file, directory / f"{kind}_{_DEAD}.db")
            file.unlink()


def _add(file: Path, sums_file: Path) -> None:
    from crosspatch.web.counts import Counts, read_counts, take_room_for

    if file.stat().st_size == 0:
        return
    with sums_file.open("a+b") as both:  # first of all, for what is added in part would be added again
        take_room_for(both.fileno(), sums_file.stat().st_size + file.stat().st_size)
    sums = Counts(str(sums_file))
    try:
        for key, value, *_ in read_counts(file):
            sums.write_value(key, sums.read_value(key)[0] + value, 0.0)  # type: ignore[no-untyped-call]
    finally:
        sums.close()  # type: ignore[no-untyped-call]


@contextmanager
def _locked(directory: Path, how: int) -> Iterator[None]:
    """Nobody adds the dead together while someone reads, or counts would be seen twice or not at all."""
    with (directory / "lock").open("w") as lock:
        fcntl.flock(lock, how)
        yield
