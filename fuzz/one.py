"""Repeat one input: `one.py NAME FILE`. Other options of libFuzzer may follow the name."""

from __future__ import annotations

import sys

from fuzzing.instrumented import TARGETS
from fuzzing.process import feed

if __name__ == "__main__":
    name, *options = sys.argv[1:]
    feed(TARGETS[name], options)
