"""What a live server holds, so that before and after can be compared. In goes a Service, out come numbers."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from load import Service
from processes import proportional_mb


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


def spools(running: Service) -> list[Path]:
    """Where the workers count."""
    return list(Path("/dev/shm").glob(f"crosspatch-metrics-*-127.0.0.1-{running.port}"))
