"""What is said to be fast was measured: RESULTS.md has every target, and explains each that is not met."""

from __future__ import annotations

import re
import runpy
from importlib.metadata import version

import pytest
from serving import ROOT

import crosspatch

BENCHMARKS = ROOT / "benchmarks"
RESULTS = (BENCHMARKS / "RESULTS.md").read_text(encoding="utf-8")
TARGETS = runpy.run_path(str(BENCHMARKS / "bench" / "targets.py"))["TARGETS"]
MET = re.compile(r"yes|not measured|\[no\]\(#([a-z-]+)\)")


def rows() -> list[list[str]]:
    """The cells of the first table, without its head."""
    lines = RESULTS.partition("| work |")[2].splitlines()[2:]
    table = lines[: next(index for index, line in enumerate(lines) if not line.startswith("|"))]
    return [line.strip("| ").split(" | ") for line in table]


def anchors() -> set[str]:
    headings = re.findall(r"^#+ (.*)$", RESULTS, re.MULTILINE)
    return {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_target_has_its_row_word_by_word() -> None:
    assert [row[:2] for row in rows()] == [[target.work, target.target] for target in TARGETS]


def test_every_target_is_met_or_the_results_say_why_not() -> None:
    for work, _, measured, met in rows():
        found = MET.fullmatch(met)
        assert found is not None, work
        assert met != "not measured" or "not measured" in measured
        assert found[1] is None or found[1] in anchors(), f"{work}: no explanation"


def test_the_readme_gives_the_figures_of_the_results() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.partition("<!-- figures of make bench -->")[2].partition("<!-- end of figures -->")[0]
    shown = [line.strip("| ").split(" | ") for line in table.strip().splitlines()[2:]]
    assert shown == [
        [work, measured.partition("](")[0].lstrip("[")] for work, _, measured, met in rows() if met != "not measured"
    ]


def test_every_link_inside_the_results_leads_to_a_heading() -> None:
    assert set(re.findall(r"\]\(#(.*?)\)", RESULTS)) - anchors() == set()


def test_the_results_name_the_machine_and_what_was_measured_against() -> None:
    for name in (
        "Machine:",
        "Python 3.",
        "numpy ",
        "scikit-learn ",
        "scikit-image ",
        "scipy ",
        "opencv-python-headless ",
    ):
        assert name in RESULTS


@pytest.mark.parametrize("name", ["scikit-learn", "scikit-image", "torch", "monai", "torchmetrics", "pycm"])
def test_the_peers_are_locked_with_hashes_by_the_rule_that_makes_every_lock(name: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    rule = makefile.partition("\nlock:")[2].partition("\n\n")[0]
    assert re.search(r"--group bench .*--output-file requirements-bench\.txt", rule)
    lock = (ROOT / "requirements-bench.txt").read_text(encoding="utf-8")
    assert re.search(rf"^{name}==\S+.*\\\n    --hash=sha256:", lock, re.MULTILINE)


def test_the_peers_are_measured_with_the_same_numpy_as_is_installed() -> None:
    """Constraints hold the lock of the peers to that of the product."""
    lock = (ROOT / "requirements-bench.txt").read_text(encoding="utf-8")
    for name in ("numpy", "pillow"):
        assert re.search(rf"^{name}=={re.escape(version(name))}\b", lock, re.MULTILINE)


def test_the_sixteen_statistics_and_the_fifteen_of_two_classes_are_in_the_catalogue() -> None:
    source = (BENCHMARKS / "bench" / "ours.py").read_text(encoding="utf-8")
    for name, count in (("POINTWISE", 16), ("BINARY", 15)):
        keys = re.findall(r'"(\w+)"', source.partition(f"\n{name} = (")[2].partition("\n)")[0])
        assert len(keys) == count
        assert set(keys) <= set(crosspatch.METRICS)
