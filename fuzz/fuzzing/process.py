"""A target in a process of its own. In go its name and seconds, out comes what libFuzzer counted."""

from __future__ import annotations

import ctypes
import os
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path

import atheris

from fuzzing.outcome import Outcome, outcome_of
from fuzzing.target import MOST_MB, MOST_S, Target

FOUND = Path(__file__).parents[1] / "found"
# The seeds, and an input that hangs.
_GRACE_S = 120


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
        return outcome_of(self._target, text, self._process.exitcode, time.monotonic() - self._began_s)


def feed(target: Target, options: list[str]) -> None:
    """Give a target to libFuzzer, which ends the process."""
    atheris.Setup([target.name, *options], target.check)
    atheris.Fuzz()


def _feed(target: Target, options: list[str], said: Path) -> None:
    """The same with what is said in a file, and whatever is left behind beside it."""
    tempfile.tempdir = str(said.parent)
    with said.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    try:
        feed(target, options)
    except SystemExit as end:  # a child of multiprocessing ends otherwise, and libFuzzer writes its input at C's exit
        ctypes.CDLL(None).exit(end.code)


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
        "timeout": MOST_S,
        "rss_limit_mb": MOST_MB,
        "dict": words,
        "artifact_prefix": FOUND / f"{target.name}-",
        "print_final_stats": 1,
    }
    return [*(f"-{name}={value}" for name, value in options.items()), str(corpus)]


def _escaped(word: bytes) -> str:
    return "".join(chr(byte) if chr(byte).isascii() and chr(byte).isalnum() else f"\\x{byte:02x}" for byte in word)
