"""Commands as whole processes. In go arguments, out come seconds, the peak of memory and what was printed."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# A process starts with its parent's peak of memory on Linux, so the parent is a small one.
_PARENT = """
import json, os, subprocess, sys, time
folder, command = sys.argv[1], sys.argv[2:]
with open(f"{folder}/output", "wb") as output, open(f"{folder}/errors", "wb") as errors:
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=output, stderr=errors)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
process.returncode = os.waitstatus_to_exitcode(status)
print(json.dumps([seconds, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024), process.returncode]))
"""


@dataclass(frozen=True)
class Ran:
    """One finished process; `peak_bytes` is of its largest resident set."""

    seconds: float
    peak_bytes: int
    status: int
    output: str
    errors: str


def ran(command: Sequence[str]) -> Ran:
    """Run it to its end."""
    with tempfile.TemporaryDirectory() as folder:
        parent = [sys.executable, "-S", "-c", _PARENT, folder, *command]
        done = subprocess.run(parent, stdout=subprocess.PIPE, text=True, check=True)
        texts = [(Path(folder) / name).read_bytes().decode("utf-8", "replace") for name in ("output", "errors")]
    return Ran(*json.loads(done.stdout), *texts)


def python(code: str, *arguments: str) -> Ran:
    """Run some Python in a process of its own. Raises RuntimeError with its messages when it fails."""
    done = ran([sys.executable, "-W", "ignore", "-c", code, *arguments])
    if done.status:
        raise RuntimeError(done.errors)
    return done
