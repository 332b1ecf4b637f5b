"""Commands as whole processes. In go arguments, out come seconds, the peak of memory and what was printed."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter


@dataclass(frozen=True)
class Ran:
    """One finished process; `peak_bytes` is of its largest resident set."""

    seconds: float
    peak_bytes: int
    status: int
    output: str
    errors: str


def ran(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Ran:
    """Run it to its end."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        start = perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=errors, env={**os.environ, **(environment or {})})
        _, status, usage = os.wait4(process.pid, 0)
        seconds = perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for file in (output, errors):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "replace"))
    return Ran(seconds, usage.ru_maxrss * 1024, process.returncode, *texts)
