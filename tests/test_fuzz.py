"""What is fuzzed: its inputs to begin with are fine, its faults are told, and RESULTS.md has been made of all of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fuzzing.files import pictures, with_right_checksums
from fuzzing.outcome import outcome_of
from fuzzing.target import BrokenLaw, Target, hold, target
from fuzzing.targets import TARGETS
from serving import ROOT

from crosspatch.decode import FORMATS, read_picture
from crosspatch.errors import UnreadablePicture

RESULTS = (ROOT / "fuzz" / "RESULTS.md").read_text(encoding="utf-8")
LEAST_RUNS = 10**7
SAID = """\
INFO: Seed: 1
#2\tINITED cov: 5 ft: 5 corp: 1/1b exec/s: 0 rss: 66Mb
#65536\tNEW    cov: 17 ft: 23 corp: 4/9b lim: 256 exec/s: 21845 rss: 66Mb
#70000\tDONE   cov: 18 ft: 24 corp: 5/9b lim: 256 exec/s: 21845 rss: 66Mb
"""
COUNTED = f"{SAID}stat::number_of_executed_units: 70001\n"


@target(seeds=["a"], words=["b"])
def brittle_things(data: bytes) -> None:
    """things that break"""
    hold(data != b"broken", data)


@pytest.mark.parametrize("each", TARGETS.values(), ids=TARGETS)
def test_a_target_takes_its_seeds(each: Target) -> None:
    assert each.seeds
    for seed in each.seeds:
        assert len(seed) <= each.most_bytes
        each.check(seed)


def test_a_target_is_declared_by_its_function() -> None:
    assert (brittle_things.name, brittle_things.what) == ("brittle-things", "things that break")
    assert (brittle_things.seeds, brittle_things.words) == ((b"a",), (b"b",))
    with pytest.raises(BrokenLaw, match="broken"):
        brittle_things.check(b"broken")


def test_every_format_that_is_read_is_fuzzed_with_files_that_can_be_read() -> None:
    files = pictures()
    assert {f"decode-{form.lower()}" for form in FORMATS} <= set(TARGETS)
    for form in FORMATS:
        assert any(is_readable(data) for data in files[form]), form


def is_readable(data: bytes) -> bool:
    try:
        return read_picture(data).width > 0
    except UnreadablePicture:
        return False


def test_checksums_are_put_right_in_png_alone() -> None:
    (data, *_), (other, *_) = pictures()["PNG"], pictures()["GIF"]
    lower = data[:20] + b"\0\0\0\x04" + data[24:]
    assert not is_readable(lower)
    assert read_picture(with_right_checksums(lower)).height == 4
    assert with_right_checksums(data) == data
    assert with_right_checksums(other) == other


def test_what_the_fuzzer_counted_is_read() -> None:
    found = outcome_of(brittle_things, COUNTED, 0, 3.0)
    assert (found.runs, found.edges, found.features, found.inputs, found.fault) == (70001, 18, 24, 5, "")


@pytest.mark.parametrize(("said", "status"), [(COUNTED, 77), (COUNTED, -11), (COUNTED, None), ("", 0)])
def test_a_fuzzer_that_ends_otherwise_or_counts_nothing_has_found_a_fault(said: str, status: int | None) -> None:
    assert outcome_of(brittle_things, said, status, 3.0).fault.startswith(f"brittle-things ended with {status}")


def test_a_fault_is_told_with_its_input_and_how_to_repeat_it(tmp_path: Path) -> None:
    file = tmp_path / "crash"
    file.write_bytes(b"broken")
    found = outcome_of(brittle_things, f"{SAID}BrokenLaw\nTest unit written to {file}\n", 77, 3.0)
    assert found.runs == 70000
    assert "brittle-things failed on b'broken'" in found.fault
    assert found.fault.endswith(f"one.py brittle-things {file}")


def test_the_results_are_of_every_target_and_of_enough_runs_without_a_failure() -> None:
    rows = re.findall(r"^\| `(.*?)` \| (.*?) \| ([\d,]+) \|.*\| (\d+) \|$", RESULTS, re.MULTILINE)
    assert [(name, what) for name, what, *_ in rows] == [(each.name, each.what) for each in TARGETS.values()]
    assert sum(int(runs.replace(",", "")) for _, _, runs, _ in rows) >= LEAST_RUNS
    assert {failures for *_, failures in rows} == {"0"}
