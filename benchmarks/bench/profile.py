"""Where the time goes. In goes a call, out come the top lines of its profile as Markdown."""

from __future__ import annotations

import cProfile
import io
import pstats
import re
from pathlib import Path

from bench.timing import Call

LINES = 10
_ROOT = str(Path(__file__).parents[2]) + "/"


def profiled(call: Call, repeat: int = 1, lines: int = LINES) -> list[str]:
    """The functions in which most time is spent, without what they call, as a block of text."""
    call()
    profiler = cProfile.Profile()
    profiler.enable()
    for _ in range(repeat):
        call()
    profiler.disable()
    text = io.StringIO()
    pstats.Stats(profiler, stream=text).sort_stats("tottime").print_stats(lines)
    kept = [line.rstrip() for line in text.getvalue().splitlines() if line.strip()]
    shown = [shortened(line) for line in kept]
    return [
        "```text",
        *(line for line in shown if not line.lstrip().startswith(("Ordered", "List reduced"))),
        "```",
        "",
    ]


def shortened(line: str) -> str:
    """A line without what only this machine calls its folders."""
    return re.sub(r"\S*/(site-packages|lib/python[\d.]+)/", "", line).replace(_ROOT, "")


def why_not(name: str, text: str, call: Call, repeat: int = 1) -> list[str]:
    """The section that explains why a target is not met, with the profile of our side."""
    return [f"### Why not: {name}", "", text, "", *profiled(call, repeat)]
