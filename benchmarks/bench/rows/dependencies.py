"""Which libraries are loaded, by a process that imports Crosspatch and compares."""

from __future__ import annotations

import json
from pathlib import Path

from bench.inputs import SAMPLES
from bench.ours import POINTWISE_FAMILIES
from bench.processes import python
from bench.results import Outcome, table

FORBIDDEN = {"sklearn", "skimage", "pandas", "torch", "monai", "cv2"}
CHILD = """
import json, sys
before = set(sys.modules)
import crosspatch
if sys.argv[1]:
    crosspatch.compare(sys.argv[2], labels="otsu", seed=1, families=sys.argv[1].split(","))
names = {name.partition(".")[0] for name in set(sys.modules) - before if not name.startswith("_")}
names -= {*sys.stdlib_module_names, "cython_runtime", "crosspatch"}
scipy = sorted({".".join(name.split(".")[:2]) for name in sys.modules if name.startswith("scipy.special")
    or name.startswith("scipy.spatial") or name.startswith("scipy.ndimage") or name.startswith("scipy.stats")})
print(json.dumps([sorted(names), scipy]))
"""
WITHOUT_SCIPY = ("rates", "agreement", "scores", "errors")


def run(_: Path) -> Outcome:
    """From nothing but the import to every metric."""
    cases = {
        "`import crosspatch`": (),
        "two classes and errors": WITHOUT_SCIPY,
        "with p-values": (*WITHOUT_SCIPY, "tests"),
        "every pointwise metric": POINTWISE_FAMILIES,
        "with structure and boundary": (*POINTWISE_FAMILIES, "structure", "boundary"),
    }
    found = {name: _loaded(families) for name, families in cases.items()}
    rows = [[name, ", ".join(names), ", ".join(scipy) or "-"] for name, (names, scipy) in found.items()]
    loaded = {name for names, _ in found.values() for name in names}
    strangers = sorted(loaded & FORBIDDEN)
    late = "scipy" not in found["`import crosspatch`"][0] and "scipy" not in found["two classes and errors"][0]
    measured = (
        f"loaded: {', '.join(strangers)}"
        if strangers
        else "none of the latter; SciPy only where used"
        if late
        else "none of the latter; SciPy also where it is not used"
    )
    section = [
        "Libraries outside Python that a process loads, and the parts of SciPy:",
        "",
        *table(["work", "libraries", "of SciPy"], rows, words=3),
    ]
    met = not strangers and late
    if not met:
        section += ["### Why not: dependencies", "", "The table shows what is loaded that should not be.", ""]
    return Outcome(measured, met, section)


def _loaded(families: tuple[str, ...]) -> tuple[list[str], list[str]]:
    done = python(CHILD, ",".join(families), str(SAMPLES / "hills.jpg"))
    names, scipy = json.loads(done.output)
    return names, scipy
