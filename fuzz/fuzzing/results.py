"""The page of results. In go outcomes, out comes Markdown."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from importlib.metadata import version

from fuzzing.outcome import Outcome
from fuzzing.target import MOST_MB, MOST_S

_PACKAGES = ("atheris", "crosspatch", "numpy", "pillow", "pydantic", "werkzeug")


def document(outcomes: Sequence[Outcome], seconds: int) -> str:
    """What `make fuzz` found."""
    runs = sum(each.runs for each in outcomes)
    faults = sum(bool(each.fault) for each in outcomes)
    decoding = sum(each.seconds for each in outcomes if each.name.startswith("decode-"))
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    rows = "\n".join(map(_row, outcomes))
    return f"""# What a fuzzer found

Made by `make fuzz SECONDS={seconds} FUZZ=--record`. Every parser of ours, and the decoder, is fed with inputs that a
fuzzer makes up, guided by the lines of Crosspatch and Pillow that they reach. A target lets through what its parser
refuses in words; any other exception, a crash, a law that does not hold, {MOST_S} s for one input or
{MOST_MB} MiB of memory is a failure.

**{runs:,} runs, {faults} failures**; {decoding:,.0f} s of processor time in the decoder.

| target | what is fed to it, and what must hold | runs | seconds | edges | features | inputs kept | failures |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |
{rows}

Edges and features are libFuzzer's words for places of the code, and ways to come there, that some input reached.

Python {platform.python_version()}, {packages}, {os.cpu_count()} processors, {platform.system()} {platform.machine()}.
"""


def _row(outcome: Outcome) -> str:
    cells = (
        f"`{outcome.name}`",
        outcome.what,
        *(f"{number:,.0f}" for number in (outcome.runs, outcome.seconds, outcome.edges, outcome.features)),
        f"{outcome.inputs:,}",
        str(int(bool(outcome.fault))),
    )
    return f"| {' | '.join(cells)} |"
