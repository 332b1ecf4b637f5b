"""Processes, as /proc tells of them. In go their numbers, out come states, children, times and memory."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


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
