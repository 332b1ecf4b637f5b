"""How much memory a comparison of 4096 x 4096 takes, beyond imports and the two arrays."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import crosspatch
from bench.ours import POINTWISE_FAMILIES
from bench.processes import python
from bench.profile import shortened
from bench.results import NOT_MEASURED, Outcome, table

SIDE, TIMES = 4096, 4
ARRAYS_BYTES = 2 * SIDE * SIDE
# A child that warms up on small arrays, then loads the large ones.
_BEGIN = f"""
import json, sys, threading, tracemalloc
from pathlib import Path
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from bench import inputs
import numpy as np
kind, families = sys.argv[1], tuple(sys.argv[2].split(","))
if kind == "ours":
    import crosspatch
    work = lambda pair: crosspatch.compare(*pair, labels="threshold:128", families=families)
else:
    from sklearn.metrics import confusion_matrix
    work = lambda pair: confusion_matrix(pair[0].ravel(), pair[1].ravel(), labels=np.arange(256))
work(inputs.grey_pair(256))
pair = inputs.grey_pair({SIDE})
"""
# The kernel forgets the highest resident set before the work begins.
RESIDENT = f"""{_BEGIN}
def status(name):
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) * 1024
Path("/proc/self/clear_refs").write_text("5")
before = status("VmRSS")
kept = work(pair)
print(json.dumps(max(0, status("VmHWM") - before)))
"""
ALLOCATED = f"""{_BEGIN}
tracemalloc.start()
work(pair)
print(json.dumps(tracemalloc.get_traced_memory()[1]))
"""
# Twice: the first time for the height of the peak, the second time to look what is there when it is reached.
HOLDERS = f"""{_BEGIN}
tracemalloc.start()
work(pair)
peak, found, done = tracemalloc.get_traced_memory()[1], [], threading.Event()
def watch():
    while not done.wait(0.001):
        if not found and tracemalloc.get_traced_memory()[0] > 0.95 * peak:
            found.append(tracemalloc.take_snapshot())
watcher = threading.Thread(target=watch)
watcher.start()
work(pair)
done.set()
watcher.join()
lines = [f"{{each.size / 2**20:6.1f}} MiB  {{each.traceback[0].filename}}:{{each.traceback[0].lineno}}"
    for snapshot in found for each in snapshot.statistics("lineno")[:10] if each.size > 2**17]
print(json.dumps(lines))
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
    found = {name: [_child(*case, how) for how in (RESIDENT, ALLOCATED)] for name, case in cases.items()}
    rows = [[name, *(f"{each / 2**20:.0f} MiB" for each in both), _arrays(both[0])] for name, both in found.items()]
    worst = max(found["every pointwise metric"][0], found["with structure and boundary"][0])
    section = [
        (
            f"`crosspatch.compare` of two arrays of {SIDE} x {SIDE} px, {ARRAYS_BYTES / 2**20:.0f} MiB together: the "
            "highest resident set less what was resident before, in a process of its own, and what `tracemalloc` says."
        ),
        "",
        *table(["work", "resident", "allocated", "times the arrays' bytes"], rows),
    ]
    met = worst < TIMES * ARRAYS_BYTES
    section += [
        *([] if met else ["### Why not: memory", ""]),
        "What is held at the peak, with every metric, by the line that made it:",
        "",
        "```text",
        *map(shortened, _child("ours", everything, HOLDERS)),
        "```",
        "",
    ]
    measured = (found[name][0] for name in ("every pointwise metric", "with structure and boundary"))
    return Outcome("{} times; with structure and boundary {}".format(*map(_arrays, measured)), met, section)


def _child(kind: str, families: tuple[str, ...], code: str) -> Any:
    return json.loads(python(code, kind, ",".join(families)).output)


def _arrays(found: int) -> str:
    return f"{found / ARRAYS_BYTES:.3f}"
