"""How much memory a comparison of 4096 x 4096 takes, beyond imports and the two arrays."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from bench.ours import POINTWISE_FAMILIES
from bench.processes import ran
from bench.profile import why_not
from bench.results import NOT_MEASURED, Outcome, table

import crosspatch

SIDE, TIMES = 4096, 4
ARRAYS_BYTES = 2 * SIDE * SIDE
# A child that warms up on small arrays, loads the large ones, then lets the kernel forget its highest resident set.
CHILD = f"""
import json, sys, tracemalloc
from pathlib import Path
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from bench import inputs
import numpy as np
kind, families, traced = sys.argv[1], tuple(sys.argv[2].split(",")), sys.argv[3] == "traced"
def status(name):
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) * 1024
if kind == "ours":
    import crosspatch
    work = lambda pair: crosspatch.compare(*pair, labels="threshold:128", families=families)
else:
    from sklearn.metrics import confusion_matrix
    work = lambda pair: confusion_matrix(pair[0].ravel(), pair[1].ravel(), labels=np.arange(256))
work(inputs.grey_pair(256))
pair = inputs.grey_pair({SIDE})
if traced:
    tracemalloc.start()
    work(pair)
    print(json.dumps(tracemalloc.get_traced_memory()[1]))
else:
    Path("/proc/self/clear_refs").write_text("5")
    before = status("VmRSS")
    kept = work(pair)
    print(json.dumps(max(0, status("VmHWM") - before)))
"""


def run(_: Path) -> Outcome:
    """All pointwise metrics, and all metrics there are."""
    if not Path("/proc/self/clear_refs").exists():
        return Outcome(f"{NOT_MEASURED}: the peak of memory is read from Linux", None)
    everything = tuple(dict.fromkeys(metric.family for metric in crosspatch.METRICS.values()))
    cases = {
        "every pointwise metric": ("ours", POINTWISE_FAMILIES),
        "with structure": ("ours", (*POINTWISE_FAMILIES, "structure")),
        "with structure and boundary": ("ours", everything),
        "scikit-learn, one confusion matrix of 256 levels": ("peer", everything),
    }
    found = {name: [_child(*case, how) for how in ("resident", "traced")] for name, case in cases.items()}
    rows = [[name, *(f"{each / 2**20:.0f} MiB" for each in both), _arrays(both[0])] for name, both in found.items()]
    worst = max(found["every pointwise metric"][0], found["with structure and boundary"][0])
    section = [
        f"`crosspatch.compare` of two arrays of {SIDE} x {SIDE} px, {ARRAYS_BYTES / 2**20:.0f} MiB together: the highest "
        "resident set less what was resident before, in a process of its own, and what Python's allocators say.",
        "",
        *table(["work", "resident", "allocated", "times the arrays' bytes"], rows),
    ]
    met = worst < TIMES * ARRAYS_BYTES
    if not met:
        section += why_not("memory", "The calls, at 512 px:", _small)
    measured = (found[name][0] for name in ("every pointwise metric", "with structure and boundary"))
    return Outcome("{} times; with structure and boundary {}".format(*map(_arrays, measured)), met, section)


def _small() -> None:
    from bench.inputs import grey_pair

    crosspatch.compare(*grey_pair(512), labels="threshold:128")


def _child(kind: str, families: tuple[str, ...], how: str) -> int:
    done = ran([sys.executable, "-W", "ignore", "-c", CHILD, kind, ",".join(families), how])
    if done.status:
        raise RuntimeError(done.errors)
    return int(json.loads(done.output))


def _arrays(found: int) -> str:
    return f"{found / ARRAYS_BYTES:.1f}"
