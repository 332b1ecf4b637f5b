"""A target in a process of its own. In go its name and seconds, out comes what libFuzzer counted."""

from __future__ import annotations

import os
import re
import sys
import tempfile
import time
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import atheris

from fuzzing.target import Target

_ONE = Path(__file__).parents[1] / "one.py"
FOUND = Path(__file__).parents[1] / "found"
MOST_MB, MOST_S_AN_INPUT = 1024, 20
# The seeds, and an input that hangs.
_GRACE_S = 120
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


class Running:
    """A target that is fed for so many seconds, or until its first fault."""

    def __init__(self, target: Target, seconds: int) -> None:
        self._target = target
        self._began_s = time.monotonic()
        self._room = tempfile.TemporaryDirectory(prefix="crosspatch-fuzz-")
        self._said = Path(self._room.name) / "said"
        options = _options(target, seconds, Path(self._room.name))
        # What is imported, with coverage in it, is imported once for all targets.
        self._process = get_context("fork").Process(target=_feed, args=(target, options, self._said))
        self._process.start()
        self.end_s = self._began_s + seconds + _GRACE_S

    @property
    def sentinel(self) -> int:
        """What is ready when the process has ended."""
        return self._process.sentinel

    def outcome(self) -> Outcome:
        """Wait for the end, and say what became of it."""
        self._process.join(max(0, self.end_s - time.monotonic()))
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        text = self._said.read_text("utf-8", "replace")
        self._room.cleanup()
        return _outcome(self._target, text, self._process.exitcode, time.monotonic() - self._began_s)


def feed(target: Target, options: list[str]) -> None:
    """Give a target to libFuzzer, which ends the process."""
    atheris.Setup([target.name, *options], target.check)
    atheris.Fuzz()


def _feed(target: Target, options: list[str], said: Path) -> None:
    """The same with what is said in a file."""
    with said.open("wb") as file, Path(os.devnull).open("wb") as nothing:
        os.dup2(file.fileno(), 2)
        os.dup2(nothing.fileno(), 1)
    feed(target, options)


def _options(target: Target, seconds: int, room: Path) -> list[str]:
    corpus = room / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(target.seeds):
        (corpus / str(number)).write_bytes(seed)
    words = room / "words"
    words.write_text("".join(f'"{_escaped(word)}"\n' for word in target.words), "ascii")
    FOUND.mkdir(exist_ok=True)
    options = {
        "max_total_time": seconds,
        "max_len": target.most_bytes,
        "timeout": MOST_S_AN_INPUT,
        "rss_limit_mb": MOST_MB,
        "dict": words,
        "artifact_prefix": FOUND / f"{target.name}-",
        "print_final_stats": 1,
    }
    return [*(f"-{name}={value}" for name, value in options.items()), str(corpus)]


def _escaped(word: bytes) -> str:
    return "".join(chr(byte) if chr(byte).isascii() and chr(byte).isalnum() else f"\\x{byte:02x}" for byte in word)


def _outcome(target: Target, text: str, status: int | None, seconds: float) -> Outcome:
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
