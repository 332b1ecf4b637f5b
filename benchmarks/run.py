"""Measure Crosspatch beside its peers. Run it by `make bench`: writes benchmarks/RESULTS.md and figures of README.md.

`--only NAME` measures one row, or `growth`, and prints its section instead.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

from bench.machine import Machine
from bench.results import NOT_MEASURED, Outcome, document, headline
from bench.targets import TARGETS

README = Path(__file__).parents[1] / "README.md"
FAILED = f"{NOT_MEASURED}: the benchmark failed"
OUTPUT = Path(__file__).parent / "RESULTS.md"
NAMES = [*(target.name for target in TARGETS), "growth"]


def measured(name: str) -> Outcome:
    """One row, measured in a process of its own, so that none finds another's memory, imports or threads."""
    print(f"{name} ...", file=sys.stderr, flush=True)
    start = time.monotonic()
    command = [sys.executable, __file__, "--only", name, "--json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    print(f"{name}: {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
    if done.returncode:
        return Outcome(FAILED, None)
    return Outcome(**json.loads(done.stdout.splitlines()[-1]))


def main() -> int:
    """Exit status 1 when a row could not be measured because its values differ or its benchmark broke."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=NAMES, metavar="NAME", help=f"one of {', '.join(NAMES)}")
    parser.add_argument("--json", action="store_true", help="print what --only finds as JSON")
    asked = parser.parse_args()
    if asked.only:
        with tempfile.TemporaryDirectory() as folder:
            found = import_module(f"bench.rows.{asked.only}").run(Path(folder))
        print(json.dumps(found.to_dict()) if asked.json else "\n".join([found.measured, "", *found.section]))
        return 0
    start = time.monotonic()
    outcomes = {name: measured(name) for name in NAMES}
    failed = any(found.measured == FAILED for found in outcomes.values())
    growth = outcomes.pop("growth").section
    OUTPUT.write_text(document(outcomes, growth, Machine.here(), time.monotonic() - start), encoding="utf-8")
    README.write_text(headline(README.read_text(encoding="utf-8"), outcomes), encoding="utf-8")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
