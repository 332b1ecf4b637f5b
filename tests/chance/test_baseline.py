"""The chance level of a comparison: every pair as compared by itself, ranked as it should be, whatever the batches."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from numpy.random import PCG64, Generator, SeedSequence, default_rng
from skimage import data

import crosspatch
from crosspatch import METRICS, Baseline, InvalidRequest, survey
from crosspatch.baseline import BaselineRun
from crosspatch.compare import prepare_planes
from crosspatch.places import PLACES, Places, disjoint_places, random_places, shifted_places

CAMERA = data.camera()[100:190, 180:280]
MOON = data.moon()[100:190, 180:280]
LEVELS_OF_FIVE = CAMERA // 52
MASK = (default_rng(3).random(CAMERA.shape) < 0.001).astype(np.uint8) * 255
SIZE = (100, 90)
# So many that the k-th percentile is the k-th value.
PAIRS = 101
CASES: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "two classes": ((CAMERA,), {"rectangle": (24, 20)}),
    "two thresholds": ((CAMERA,), {"rectangle": (70, 9), "labels": "threshold:90,150"}),
    "five classes": ((CAMERA,), {"rectangle": (12, 15), "labels": "levels:5"}),
    "values": ((LEVELS_OF_FIVE,), {"rectangle": (12, 15)}),
    "disjoint": ((CAMERA,), {"rectangle": (24, 20), "disjoint": True}),
    "ignored levels": ((CAMERA,), {"rectangle": (12, 15), "ignore": [7, 200]}),
    "an ignore mask": ((CAMERA,), {"rectangle": (12, 15), "ignore_mask": MASK}),
    "two pictures": ((CAMERA, MOON), {}),
    "a rectangle of two pictures": ((CAMERA, MOON), {"rectangle": (24, 20), "truth": (70, 60)}),
    "two masks": ((CAMERA // 86, MOON // 86), {"ignore_mask": MASK}),
}
SHIFTS = [name for name, (pictures, _) in CASES.items() if len(pictures) == 2]


def places_of(found: Baseline) -> Places:
    """The pairs that were drawn, by the documented seed."""
    rng = Generator(PCG64(SeedSequence(found.observed.plan.seed, spawn_key=(2,))))
    truth = found.observed.truth
    if found.kind == "shifts":
        return shifted_places(rng, SIZE, truth, found.pairs)
    draw = disjoint_places if found.kind == "disjoint" else random_places
    return draw(rng, SIZE, (truth.width, truth.height), found.pairs)


def one_by_one(name: str, found: Baseline) -> Iterator[crosspatch.Report]:
    """Each drawn pair, compared by itself."""
    (first, *second), options = CASES[name]
    options = {key: value for key, value in options.items() if key != "disjoint"}
    places, truth = places_of(found), found.observed.truth
    for index in range(found.pairs):
        x, y, u, v = (int(getattr(places, each)[index]) for each in PLACES)
        if second:
            shifted = np.roll(second[0], (truth.y - v, truth.x - u), (0, 1))
            yield crosspatch.compare(first, shifted, **options)
        else:
            yield crosspatch.compare(first, truth=(x, y), test=(u, v), **options)


@pytest.mark.parametrize("name", [name for name in CASES if name != "two masks"])
def test_many_pairs_are_what_they_are_one_by_one(name: str) -> None:
    pictures, options = CASES[name]
    if "ignore_mask" in options and len(pictures) == 2:
        pytest.fail("a mask moves with the shifted picture, and a comparison has one mask for both")
    found = crosspatch.baseline(*pictures, pairs=PAIRS, seed=11, **options)
    reports = list(one_by_one(name, found))
    assert set(found.chances) == set(reports[0].metrics)
    for key, chance in found.chances.items():
        values = [report[key].value for report in reports]
        assert (chance.pairs, chance.undefined) == (PAIRS, values.count(None)), key
        defined = sorted(value for value in values if value is not None)
        if defined:
            expected = np.percentile(defined, range(101))
            np.testing.assert_allclose(chance.percentiles, expected, rtol=1e-9, atol=1e-12, err_msg=key)


def test_a_mask_moves_with_the_shifted_picture() -> None:
    found = crosspatch.baseline(
        *CASES["two masks"][0], pairs=20, seed=11, families="agreement", **CASES["two masks"][1]
    )
    places, (first, second) = places_of(found), CASES["two masks"][0]
    values = []
    for u, v in zip(places.test_x, places.test_y, strict=True):
        kept = (MASK == 0) & (np.roll(MASK, (-v, -u), (0, 1)) == 0)
        values.append(
            crosspatch.compare(first, np.roll(second, (-v, -u), (0, 1)), ignore_mask=~kept)["cohen_kappa"].value
        )
    assert found["cohen_kappa"].mean == pytest.approx(np.mean(values), rel=1e-12)


@pytest.mark.parametrize("name", CASES)
def test_what_was_observed_is_the_comparison_itself(name: str) -> None:
    pictures, options = CASES[name]
    found = crosspatch.baseline(*pictures, pairs=3, seed=5, **options)
    options = {key: value for key, value in options.items() if key != "disjoint"}
    report = crosspatch.compare(*pictures, seed=5, **options)
    assert {key: chance.observed for key, chance in found.chances.items()} == {
        key: metric.value for key, metric in report.metrics.items()
    }
    assert found.observed.truth == report.truth


@pytest.mark.parametrize("name", ["two classes", "five classes", "an ignore mask", "two pictures"])
def test_batches_change_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pictures, options = CASES[name]
    first = crosspatch.baseline(*pictures, pairs=150, seed=2, **options).to_dict()
    for tile, outcomes in ((1, 7), (5 << 16, 64), (1 << 24, 1 << 20)):
        monkeypatch.setattr(survey, "TILE", tile)
        monkeypatch.setattr(survey, "OUTCOMES", outcomes)
        again = crosspatch.baseline(*pictures, pairs=150, seed=2, **options).to_dict()
        assert again == first


def test_a_seed_repeats_and_another_does_not() -> None:
    one, same, other = (crosspatch.baseline(CAMERA, pairs=40, seed=seed, families="rates") for seed in (1, 1, 2))
    assert one.to_dict() == same.to_dict()
    assert one["accuracy"].mean != other["accuracy"].mean


def test_where_the_observed_pair_lies_does_not_move_the_others() -> None:
    one, other = (
        crosspatch.baseline(CAMERA, pairs=40, seed=1, truth=place, test=(9, 9), families="rates")
        for place in ((0, 0), (40, 30))
    )
    assert one["accuracy"].percentiles == other["accuracy"].percentiles
    assert one["accuracy"].observed != other["accuracy"].observed


@pytest.mark.parametrize(("side", "ties"), [(6, False), (2, True)], ids=["grey levels", "ties"])
def test_a_p_value_is_small_no_oftener_than_it_says(side: int, ties: bool) -> None:
    """Of pairs drawn as the others are, at most a share `a` has p <= a: 600 of them, but for their own chance."""
    found = [
        crosspatch.baseline(
            CAMERA, rectangle=(side, side), pairs=19, seed=seed, labels="threshold:140", families=["rates", "errors"]
        )
        for seed in range(600)
    ]
    for key in ("accuracy", "iou", "rmse", "bias"):
        p = np.array([each[key].p_value for each in found if each[key].p_value is not None])
        for a in (0.05, 0.1, 0.25, 0.5, 0.75):
            slack = 3.5 * np.sqrt(a * (1 - a) / p.size)
            assert (p <= a).mean() <= a + slack, (key, a)
        if not ties:  # where ties are few, a p-value is small as often as it says
            assert (p <= 0.5).mean() >= 0.3, key


def test_structure_and_boundary_look_at_the_first_pairs_alone() -> None:
    found = crosspatch.baseline(CAMERA, rectangle=(12, 12), pairs=600, seed=1)
    for key, chance in found.chances.items():
        assert chance.pairs == (500 if METRICS[key].family in ("structure", "boundary") else 600)
    first = crosspatch.baseline(CAMERA, rectangle=(12, 12), pairs=500, seed=1, families=["structure", "boundary"])
    assert {key: asdict(chance) for key, chance in first.chances.items()} == {
        key: asdict(found[key]) for key in first.chances
    }


def test_work_is_bounded_and_each_metric_states_its_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(survey, "MOST_WORK_OF_LEVELS", 20 << 16)
    monkeypatch.setattr(survey, "MOST_PX_OF_PIXELS", 7 * 144)
    found = crosspatch.baseline(CAMERA, rectangle=(12, 12), pairs=50, seed=1)
    pairs = {METRICS[key].family: chance.pairs for key, chance in found.chances.items()}
    assert (pairs["rates"], pairs["errors"], pairs["information"], pairs["boundary"]) == (50, 20, 20, 7)


def test_of_many_classes_progress_is_told_from_the_start() -> None:
    plan, planes, _ = prepare_planes(CAMERA, None, None, {"seed": 1, "rectangle": (12, 12), "labels": "levels:256"})
    run = BaselineRun.of(plan, *planes, pairs=600)
    steps = list(run.steps())
    assert steps[0].done < 50
    assert any(chance.key == "cohen_kappa" for step in steps if step.done < 400 for chance in step.grown)
    assert run.result["cohen_kappa"].pairs == 600
    assert run.result["stuart_maxwell_p"].pairs == 500


def test_steps_are_small_whatever_the_size_of_the_rectangles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(survey, "WORDS", 2 * 40 * 3)
    monkeypatch.setattr(survey, "MOST_WORDS_OF_OUTCOMES", 2 * 40 * 16)
    plan, planes, _ = prepare_planes(CAMERA, None, None, {"seed": 1, "rectangle": (70, 40), "families": "rates"})
    run = BaselineRun.of(plan, *planes, pairs=50)
    counting = [step for step in run.steps() if not step.grown]
    assert len(counting) == 6 + 1
    assert run.result["iou"].pairs == 16


def test_agreement_grows_with_overlap() -> None:
    found = crosspatch.baseline(CAMERA, rectangle=(40, 40), pairs=4000, seed=3, families="agreement")
    by_overlap = found["cohen_kappa"].by_overlap
    assert by_overlap is not None
    assert found.overlap_pairs is not None
    assert sum(found.overlap_pairs) == 4000
    medians = [median for median in by_overlap.median if median is not None]
    assert medians[0] < medians[-2] < medians[-1]


def test_disjoint_pairs_do_not_overlap() -> None:
    found = crosspatch.baseline(CAMERA, rectangle=(24, 20), pairs=50, seed=3, disjoint=True, families="rates")
    assert found.overlap_pairs == [50, *[0] * 10]


@pytest.mark.parametrize("name", SHIFTS)
def test_two_pictures_have_no_overlap_to_speak_of(name: str) -> None:
    pictures, options = CASES[name]
    found = crosspatch.baseline(*pictures, pairs=5, seed=3, **options)
    assert found.kind == "shifts"
    assert found.overlap_pairs is None
    assert {chance.by_overlap for chance in found.chances.values()} == {None}


def test_steps_tell_how_far_it_is_and_what_is_new() -> None:
    plan, planes, _ = prepare_planes(CAMERA, None, None, {"seed": 1, "rectangle": (12, 12)})
    run = BaselineRun.of(plan, *planes, pairs=1000)
    steps = list(run.steps())
    done = [step.done for step in steps]
    assert done == sorted(done)
    assert done[-1] == 1000
    told = [(chance.key, chance.pairs) for step in steps for chance in step.grown]
    assert len(told) == len(set(told))
    assert {key for key, _ in told} == set(run.result.chances)
    first = next(index for index, step in enumerate(steps) if step.grown and step.grown[0].key == "rmse")
    assert all(
        METRICS[chance.key].follows == "labels"
        for step in steps[:first]
        for chance in step.grown
        if chance.key in ("iou", "cohen_kappa")
    )
    assert {key: max(pairs for each, pairs in told if each == key) for key, _ in told}["rmse"] == 1000


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({"pairs": 0}, "from 1 to 1,000,000"),
        ({"pairs": 10**6 + 1}, "from 1 to 1,000,000"),
        ({"pairs": 2.5}, "whole number"),
        ({"families": "colours"}, "not a family"),
    ],
)
def test_what_cannot_be_measured_is_refused(options: dict[str, Any], fault: str) -> None:
    with pytest.raises(InvalidRequest, match=fault):
        crosspatch.baseline(CAMERA, **options)


def test_disjoint_shifts_are_refused() -> None:
    with pytest.raises(InvalidRequest, match="leave disjoint out"):
        crosspatch.baseline(CAMERA, MOON, disjoint=True)


def test_a_million_pairs_need_little_memory() -> None:
    """All label metrics of 10^6 pairs: some 50 arrays of them would be 400 MB."""
    code = """
import resource, sys
import numpy as np, crosspatch
picture = np.random.default_rng(1).integers(0, 256, (200, 200)).astype(np.uint8)
measure = lambda pairs: crosspatch.baseline(
    picture, rectangle=(4, 4), pairs=pairs, seed=1, labels="threshold:128", families=["rates", "agreement"])
measure(100)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
found = measure(10**6)
assert found["iou"].pairs == 10**6
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
"""
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert float(out) < 250


def test_json_and_csv_say_the_same() -> None:
    found = crosspatch.baseline(CAMERA, rectangle=(12, 12), pairs=30, seed=4, families=["rates", "errors"])
    said: Callable[[], dict[str, Any]] = found.to_dict
    rows = {row["key"]: row for row in said()["metrics"]}
    header, *lines = found.to_csv().splitlines()
    for line in lines:
        fields = dict(zip(header.split(","), line.split(","), strict=True))
        row = rows[fields["key"]]
        for name in ("observed", "percentile", "p_value", "mean", "standard_deviation"):
            assert fields[name] == ("" if row[name] is None else str(row[name]))
        assert float(fields["quantile_50"]) == row["quantiles"]["50"] == row["percentiles"][50]
