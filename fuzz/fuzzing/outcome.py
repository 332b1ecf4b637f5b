"""What libFuzzer said of a target. In go its words and exit status, out come counts and the fault."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

from fuzzing.target import Target

_ONE = Path(__file__).parents[1] / "one.py"
_STATUS = re.compile(r"^#(\d+)\t.* cov: (\d+) ft: (\d+) corp: (\d+)/", re.MULTILINE)
_RUNS = re.compile(r"^stat::number_of_executed_units:\s*(\d+)", re.MULTILINE)
_INPUT = re.compile(r"Test unit written to (\S+)")
_LAST_WORDS = 6000


@dataclass(frozen=True)
class Outcome:
    """What became of a target: how often it ran, edges and features covered, inputs kept, the fault, "" for none."""

    name: str
    what: str
    runs: int
    seconds: float
    edges: int
    features: int
    inputs: int
    fault: str


def outcome_of(target: Target, text: str, status: int | None, seconds: float) -> Outcome:
    """From what was said on standard error, and the exit status: a run that counted nothing has failed too."""
    lines = _STATUS.findall(text)
    last, edges, features, inputs = map(int, lines[-1]) if lines else (0, 0, 0, 0)
    counted = _RUNS.search(text)
    runs = int(counted[1]) if counted else last
    fault = "" if status == 0 and runs else _in_words(target, text, status)
    return Outcome(target.name, target.what, runs, seconds, edges, features, inputs, fault)


def _in_words(target: Target, text: str, status: int | None) -> str:
    found = _INPUT.search(text)
    if found is None:
        return f"{target.name} ended with {status}:\n{text[-_LAST_WORDS:]}"
    path = Path(found[1])
    repeat = f"{sys.executable} {_ONE} {target.name} {path}"
    return f"{target.name} failed on {path.read_bytes()!r}\n{text[-_LAST_WORDS:]}\nTo repeat it: {repeat}"
