"""Fuzz all targets, each in a process of its own, as many at once as there are processors. Run it by `make fuzz`.

Exit status 1 when one fails: what it failed on is printed, and kept in fuzz/found/. `--record` writes fuzz/RESULTS.md.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from multiprocessing.connection import wait
from pathlib import Path

from fuzzing.instrumented import TARGETS
from fuzzing.outcome import Outcome
from fuzzing.process import Running
from fuzzing.results import document
from fuzzing.target import Target

RESULTS = Path(__file__).parent / "RESULTS.md"


def main() -> int:
    """Exit status 1 when a target fails."""
    asked = _asked()
    chosen = [TARGETS[name] for name in asked.only or TARGETS]
    outcomes = _all(chosen, asked)
    if asked.record:
        RESULTS.write_text(document(outcomes, asked.seconds), "utf-8")
    failed = [each.name for each in outcomes if each.fault]
    print(f"{sum(each.runs for each in outcomes):,} runs of {len(outcomes)} targets, {len(failed)} failed", *failed)
    return int(bool(failed))


def _all(chosen: list[Target], asked: argparse.Namespace) -> list[Outcome]:
    """The outcomes, in the order of the targets; the longest begin, so that none is left alone at the end."""
    waiting, running, outcomes = sorted(chosen, key=lambda target: target.share), {}, {}
    while waiting or running:
        while waiting and len(running) < asked.jobs:
            target = waiting.pop()
            running[target.name] = Running(target, _seconds(target, chosen, asked))
        next_s = min(each.end_s for each in running.values()) - time.monotonic()
        ended = wait([each.sentinel for each in running.values()], max(0, next_s))
        for name, each in list(running.items()):
            if each.sentinel in ended or time.monotonic() >= each.end_s:
                outcomes[name] = running.pop(name).outcome()
                _tell(outcomes[name])
    return [outcomes[target.name] for target in chosen]


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="for all together, on all processors")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many at once")
    parser.add_argument("--only", action="append", choices=TARGETS, metavar="NAME", help=", ".join(TARGETS))
    parser.add_argument("--record", action="store_true", help=f"write {RESULTS.name}")
    return parser.parse_args()


def _seconds(target: Target, chosen: list[Target], asked: argparse.Namespace) -> int:
    all_s = asked.seconds * min(asked.jobs, len(chosen))
    return max(1, round(all_s * target.share / sum(each.share for each in chosen)))


def _tell(found: Outcome) -> None:
    print(f"{found.name}: {found.runs:,} runs in {found.seconds:.0f} s, {found.edges} edges", flush=True)
    if found.fault:
        print(found.fault, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
