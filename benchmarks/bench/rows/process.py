"""A command as a whole process, from two files of 12 megapixels to numbers."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from shutil import which
from statistics import median

import numpy as np
from PIL import Image

import crosspatch
from bench import inputs
from bench.ours import POINTWISE_FAMILIES
from bench.processes import Ran, ran
from bench.profile import why_not
from bench.results import NOT_MEASURED, Outcome, seconds, table, times

ROUNDS = 5
OURS, MAGICK, LEARN = "Crosspatch, every pointwise metric", "ImageMagick `compare`, one metric", "scikit-learn, three"
LABELS = "threshold:128"
WHY = (
    "Most of the time goes into what is no comparison: Python and the libraries start, SciPy's special functions "
    "for the p-values longest of all, and Pillow decodes both files, on which ImageMagick spends less. The "
    "scikit-learn script pays for the same decoding. What ours calls, on the PNG files, once Python runs:"
)
LEAST_MAGICK, LEAST_LEARN = 1, 6
# Without an option for families: the library, called as the command calls it.
LIBRARY = """
import json, sys
import crosspatch
report = crosspatch.compare(*sys.argv[1:3], labels=sys.argv[3], families=sys.argv[4].split(","))
print(json.dumps(report.to_dict()))
"""
SCRIPT = """
import json, sys
import numpy as np
from PIL import Image
from sklearn.metrics import accuracy_score, cohen_kappa_score, f1_score
truth, test = ((np.asarray(Image.open(path).convert("L")) >= 128).ravel() for path in sys.argv[1:3])
metrics = {"accuracy": accuracy_score, "f1": f1_score, "cohen_kappa": cohen_kappa_score}
print(json.dumps({name: metric(truth, test) for name, metric in metrics.items()}))
"""


def run(folder: Path) -> Outcome:
    """JPEG and PNG files; the harder of both decides."""
    rows: list[list[str]] = []
    magick, learn, shown = [], [], ""
    for suffix in ("jpg", "png"):
        paths = inputs.photographs(folder, suffix)
        found = in_turns(commands(*paths))
        checked(paths, found)
        rows += [
            [suffix, name, seconds(median(each.seconds for each in runs)), times(_ratio(found, name)), _peak(runs)]
            for name, runs in found.items()
        ]
        learn.append(_ratio(found, LEARN))
        magick += [_ratio(found, MAGICK)] if MAGICK in found else []
        shown += f"{'; ' if shown else ''}{suffix}: {_shown(found)}"
    section = [
        (
            "Two pictures of 4000 x 3000 px in colour, decoded, compared and printed as JSON; the scikit-learn script "
            "takes accuracy, F1 and kappa, ImageMagick the root mean squared error of the colours. One thread each."
        ),
        "",
        *table(["files", "command", "median", "times as long", "peak of memory"], rows, words=2),
    ]
    met = min(learn) >= LEAST_LEARN and min(magick) >= LEAST_MAGICK if magick else None
    if met is False:
        section += why_not("process", WHY, lambda: in_process(*paths))
    return Outcome(shown, met, section)


def in_process(truth: Path, test: Path) -> None:
    crosspatch.compare(truth, test, labels=LABELS, families=POINTWISE_FAMILIES)


def commands(truth: Path, test: Path) -> dict[str, list[str]]:
    """What each side runs, ours first."""
    python, files = [sys.executable, "-W", "ignore"], [str(truth), str(test)]
    families = ",".join(POINTWISE_FAMILIES)
    program = [*python, "-c", "from crosspatch.cli import main; main()", "compare"]
    if "--families" in ran([*program, "--help"]).output:
        ours = [*program, *files, "--labels", LABELS, "--families", families, "--format", "json"]
    else:
        ours = [*python, "-c", LIBRARY, *files, LABELS, families]
    found = {OURS: ours, LEARN: [*python, "-c", SCRIPT, *files]}
    return found | ({MAGICK: ["compare", "-metric", "RMSE", *files, "null:"]} if which("compare") else {})


def in_turns(asked: dict[str, list[str]]) -> dict[str, list[Ran]]:
    found: dict[str, list[Ran]] = {name: [] for name in asked}
    for command in asked.values():
        ran(command)
    for turn in range(ROUNDS):
        for name in list(asked)[:: -1 if turn % 2 else 1]:
            found[name].append(ran(asked[name]))
    return found


def checked(paths: tuple[Path, Path], found: dict[str, list[Ran]]) -> None:
    """The values agree: ours with the script's, ImageMagick's with the definition, decoders apart."""
    rows = {row["key"]: row["value"] for row in json.loads(found[OURS][0].output)["metrics"]}
    theirs = json.loads(found[LEARN][0].output)
    np.testing.assert_allclose([rows[key] for key in theirs], list(theirs.values()), rtol=1e-9)
    if MAGICK in found:
        truth, test = (np.asarray(Image.open(path).convert("RGB")).astype(np.float32) for path in paths)
        shown = float(found[MAGICK][0].errors.split("(")[1].split(")")[0]) * 255
        np.testing.assert_allclose(shown, np.sqrt(((truth - test) ** 2).mean(dtype=np.float64)), rtol=0.02)


def _ratio(found: dict[str, list[Ran]], name: str) -> float:
    return median(theirs.seconds / ours.seconds for theirs, ours in zip(found[name], found[OURS], strict=True))


def _peak(runs: list[Ran]) -> str:
    return f"{median(each.peak_bytes for each in runs) / 2**20:.0f} MiB"


def _shown(found: dict[str, list[Ran]]) -> str:
    magick = (
        f"ImageMagick {times(_ratio(found, MAGICK))} times as long"
        if MAGICK in found
        else f"ImageMagick {NOT_MEASURED}"
    )
    return f"{magick}, scikit-learn {times(_ratio(found, LEARN))}"
