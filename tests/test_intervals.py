"""Intervals: by formula against other implementations, by bootstrap against pixels drawn one block after another."""

from __future__ import annotations

from math import ceil, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from metrics.cases import CASES, Case
from scipy import stats
from sklearn import metrics as sk
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.proportion import proportion_confint

import crosspatch
from crosspatch import intervals
from crosspatch.errors import Impossible
from crosspatch.evidence import Blocks, ClassCounts, LevelCounts, ScoreCounts
from crosspatch.histogram import JointHistogram, Levels
from crosspatch.intervals import REPLICATES, bootstrap
from crosspatch.labelling import Rule
from crosspatch.measure import Interval
from crosspatch.metrics import CATALOGUE

COUNTED = [key for key, metric in CATALOGUE.items() if metric.family not in ("structure", "boundary")]
REAL = {name: case for name, case in CASES.items() if name.startswith(("camera", "coins", "random"))}
# The counts (successes, trials) of each share that has Wilson's interval, by two classes' labels.
SHARES = {
    "accuracy": lambda y, z: (y == z, y >= 0),
    "error_rate": lambda y, z: (y != z, y >= 0),
    "precision": lambda y, z: (y == 1, z == 1),
    "recall": lambda y, z: (z == 1, y == 1),
    "specificity": lambda y, z: (z == 0, y == 0),
    "negative_predictive_value": lambda y, z: (y == 0, z == 0),
    "false_positive_rate": lambda y, z: (z == 1, y == 0),
    "false_negative_rate": lambda y, z: (z == 0, y == 1),
    "false_discovery_rate": lambda y, z: (y == 0, z == 1),
    "false_omission_rate": lambda y, z: (y == 1, z == 0),
    "iou": lambda y, z: (y & z == 1, y | z == 1),
    "prevalence": lambda y, z: (y == 1, y >= 0),
    "predicted_prevalence": lambda y, z: (z == 1, y >= 0),
}


def by_formula(case: Case) -> dict[str, tuple[float, float]]:
    found = intervals.analytic(case.evidence, list(CATALOGUE.values())).whole
    return {key: (each.low, each.high) for key, each in found.items()}


def near(values: object, digits: float = 1e-9) -> object:
    return pytest.approx(values, rel=digits, abs=digits)


@pytest.mark.parametrize("name", [name for name, case in REAL.items() if len(case.classes) == 2])
def test_intervals_of_shares_are_wilsons_by_statsmodels(name: str) -> None:
    case = REAL[name]
    y, z = case.labelled
    expected = {}
    for key, counts in SHARES.items():
        inside, among = counts(y, z)
        if among.any():
            expected[key] = proportion_confint((inside & among).sum(), among.sum(), method="wilson")
    actual = by_formula(case)
    assert {key: actual[key] for key in expected} == {key: near(ends) for key, ends in expected.items()}
    assert {key for key in SHARES if key in actual} == set(expected)
    differing = proportion_confint((case.t != case.s).sum(), case.t.size, method="wilson")
    assert actual["differing_share"] == near(differing)


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize(
    ("key", "weights"),
    [("cohen_kappa", None), ("linear_weighted_kappa", "linear"), ("quadratic_weighted_kappa", "quadratic")],
)
def test_intervals_of_kappas_are_those_of_statsmodels(name: str, key: str, weights: str | None) -> None:
    case = REAL[name]
    matrix = sk.confusion_matrix(*case.labelled, labels=list(case.classes))
    with np.errstate(invalid="ignore", divide="ignore"):
        theirs = cohens_kappa(matrix, wt={None: None, "linear": "linear", "quadratic": "fc"}[weights])
    if not np.isfinite(theirs.kappa):
        assert key not in by_formula(case)
        return
    # Where the variance is 0, theirs may come out below it.
    reach = stats.norm.isf(0.025) * sqrt(max(0, theirs.var_kappa))
    expected = max(-1, theirs.kappa - reach), min(1, theirs.kappa + reach)
    assert by_formula(case)[key] == near(expected, 1e-6)


def test_the_standard_errors_of_kappas_are_those_that_vcd_prints() -> None:
    """Kappa(SexualFun) of the R package vcd: 0.1293 with ASE 0.0686, weighted 0.2374 with ASE 0.0783."""
    counts = ClassCounts(np.array([[7, 7, 2, 3], [2, 8, 3, 7], [1, 5, 4, 9], [2, 8, 9, 14]], float))
    for key, published in (("cohen_kappa", 0.0686), ("linear_weighted_kappa", 0.0783)):
        metric = CATALOGUE[key]
        assert metric.analytic is not None
        low, high = metric.analytic.ends(counts, metric(counts))
        assert (high - low).item() / 2 / stats.norm.isf(0.025) == pytest.approx(published, abs=0.00005)


def test_the_interval_of_a_correlation_is_that_of_scipy() -> None:
    for name, case in REAL.items():
        low, high = stats.pearsonr(case.t, case.s).confidence_interval()
        assert by_formula(case)["pearson"] == near((low, high)), name


def test_the_standard_error_of_an_area_is_that_of_hanley_and_mcneil() -> None:
    """Hanley and McNeil 1982, table II: area 0.893 with a standard error of 0.032, from 51 and 58 images."""
    grades = np.zeros((2, 256))
    grades[0, :5], grades[1, :5] = [3, 2, 2, 11, 33], [33, 6, 6, 11, 2]
    metric, evidence = CATALOGUE["roc_auc"], ScoreCounts(*grades)
    assert metric.analytic is not None
    low, high = metric.analytic.ends(evidence, metric(evidence))
    assert (high - low).item() / 2 / stats.norm.isf(0.025) == pytest.approx(0.032, abs=0.0005)


def test_the_standard_error_of_an_area_without_ties_follows_from_every_two_pixels() -> None:
    rng = np.random.default_rng(30)
    levels = rng.permutation(256)
    positives, negatives = levels[:70], levels[70:200]
    counts = (np.bincount(group, minlength=256).astype(float) for group in (positives, negatives))
    evidence, metric = ScoreCounts(*counts), CATALOGUE["roc_auc"]
    won = positives[:, None] > negatives
    q1, q2 = (won.mean(0) ** 2).mean(), (won.mean(1) ** 2).mean()
    area, p, q = won.mean(), 70, 130
    error = sqrt((area * (1 - area) + (p - 1) * (q1 - area**2) + (q - 1) * (q2 - area**2)) / (p * q))
    assert metric.analytic is not None
    low, high = metric.analytic.ends(evidence, metric(evidence))
    assert (high - low).item() / 2 / stats.norm.isf(0.025) == near(error)


def test_a_method_says_what_it_takes_for_granted(grey_photograph: Levels) -> None:
    report = crosspatch.compare(grey_photograph, rectangle=(128, 128), truth=(180, 60), seed=1, intervals="analytic")
    methods = {each.interval.method for each in report.metrics.values() if each.interval is not None}
    assert all(method.endswith("if pixels were independent") for method in methods)
    assert len(methods) == 4


def drawn_by_hand(truth: Levels, test: Levels, seed: int) -> list[tuple[Levels, Levels]]:
    """Each replicate's pixels: its blocks, drawn as the interfaces say, laid one after another."""
    height, width = (ceil(sqrt(side)) for side in truth.shape)
    places = [
        np.s_[top : top + height, left : left + width]
        for top in range(0, truth.shape[0], height)
        for left in range(0, truth.shape[1], width)
    ]
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(1,))))
    times = rng.multinomial(len(places), [1 / len(places)] * len(places), REPLICATES)
    return [
        tuple(
            np.concatenate([np.tile(region[place].ravel(), n) for place, n in zip(places, row, strict=True)])
            for region in (truth, test)
        )
        for row in times
    ]


@pytest.mark.parametrize("shape", [(20, 31), (16, 9)])
def test_a_bootstrap_interval_is_that_of_pixels_drawn_block_by_block(grey_photograph: Levels, shape: tuple) -> None:
    height, width = shape
    truth, test = grey_photograph[100 : 100 + height, 200 : 200 + width], grey_photograph[:height, 300 : 300 + width]
    labelling = Rule.parse("threshold:100").fit(JointHistogram.of(truth, test).truth)
    intervals_by_key = bootstrap(Blocks.of(truth, test, labelling), list(CATALOGUE.values()), 5).whole
    by_hand: dict[str, list[float]] = {key: [] for key in ("accuracy", "f1", "mae", "pearson", "mutual_information")}
    for t, s in drawn_by_hand(truth, test, 5):
        by_hand["accuracy"].append(sk.accuracy_score(t >= 100, s >= 100))
        by_hand["f1"].append(sk.f1_score(t >= 100, s >= 100, zero_division=np.nan))
        by_hand["mae"].append(np.abs(t.astype(int) - s).mean())
        by_hand["pearson"].append(np.corrcoef(t, s)[0, 1])
        by_hand["mutual_information"].append(sk.mutual_info_score(t, s))
    for key, values in by_hand.items():
        found = intervals_by_key[key]
        assert (found.low, found.high) == near(tuple(np.nanpercentile(values, [2.5, 97.5]))), key


@pytest.mark.parametrize("labels", ["otsu", "levels:5", "levels:40"])
def test_every_defined_metric_of_counts_has_an_interval_and_no_other(grey_photograph: Levels, labels: str) -> None:
    options = {"rectangle": (60, 70), "seed": 8, "labels": labels}
    report = crosspatch.compare(grey_photograph, intervals="bootstrap", **options)
    have = {key for key, each in report.metrics.items() if each.interval is not None}
    defined = {key for key, each in report.metrics.items() if key in COUNTED and each.value is not None}
    assert have <= defined
    # What drawing again biases, and what has no largest value.
    biased = {key for key in defined if CATALOGUE[key].family in ("information", "distributions", "tests")}
    assert {key for key in defined - have if np.isfinite(CATALOGUE[key].bounds).all()} <= biased
    (said,) = (note.text for note in report.notes if note.code == "intervals-withheld")
    assert 1 <= int(said.split()[5]) <= len(defined - have)
    for each in [*report.metrics.values(), *(value for values in report.per_class for value in values.values())]:
        if each.interval is not None:
            assert each.interval.low <= each.interval.high
            assert "8x9 px blocks" in each.interval.method or "9x8 px blocks" in each.interval.method
    without = crosspatch.compare(grey_photograph, **options)
    assert [each.value for each in without.metrics.values()] == [each.value for each in report.metrics.values()]


def test_each_class_has_the_interval_that_it_has_alone(grey_photograph: Levels) -> None:
    truth, test = grey_photograph[:50, :40], grey_photograph[200:250, 100:140]
    many = crosspatch.compare(truth, test, labels="levels:3", seed=2, intervals="bootstrap").per_class
    formula = crosspatch.compare(truth, test, labels="levels:3", seed=2, intervals="analytic").per_class
    for index, values in enumerate(many):
        alone = [((region.astype(int) * 3 // 256) == index).astype(np.uint8) * 255 for region in (truth, test)]
        two = crosspatch.compare(*alone, labels="threshold:128", seed=2, intervals="bootstrap")
        two_by_formula = crosspatch.compare(*alone, labels="threshold:128", seed=2, intervals="analytic")
        for key, each in values.items():
            assert ends(each.interval) == near(ends(two[key].interval)), (index, key)
            assert ends(formula[index][key].interval) == near(ends(two_by_formula[key].interval)), (index, key)


def ends(interval: Interval | None) -> tuple[float, float]:
    return (-9, -9) if interval is None else (interval.low, interval.high)


def test_intervals_do_not_depend_on_how_many_replicates_are_held_at_once(
    grey_photograph: Levels, monkeypatch: pytest.MonkeyPatch
) -> None:
    def found() -> dict[str, Interval]:
        histogram = JointHistogram.of(grey_photograph[:40, :40], grey_photograph[100:140, :40])
        labelling = Rule.parse("levels:3").fit(histogram.truth)
        blocks = Blocks.of(grey_photograph[:40, :40], grey_photograph[100:140, :40], labelling)
        return dict(bootstrap(blocks, list(CATALOGUE.values()), 4).whole)

    at_once = found()
    monkeypatch.setattr(intervals, "_BATCH", 30_000)
    assert {key: ends(each) for key, each in found().items()} == {
        key: near(ends(each)) for key, each in at_once.items()
    }


def test_the_seed_repeats_an_interval_and_another_gives_another(grey_photograph: Levels) -> None:
    place = {"rectangle": (40, 40), "truth": (10, 10), "test": (200, 200), "intervals": "bootstrap"}
    one, same, other = (crosspatch.compare(grey_photograph, seed=seed, **place)["f1"].interval for seed in (1, 1, 2))
    assert one == same != other


@pytest.mark.parametrize("shape", [(1, 1), (1, 2), (1, 3), (2, 2)])
def test_three_blocks_or_fewer_have_no_interval(shape: tuple[int, int]) -> None:
    report = crosspatch.compare(np.zeros(shape, np.uint8), np.full(shape, 255, np.uint8), intervals="bootstrap")
    assert {each.interval for each in report.metrics.values()} == {None}
    assert report.to_dict()["metrics"][0]["interval"] is None


def test_blocks_that_hold_no_counted_pair_are_not_drawn(grey_photograph: Levels) -> None:
    truth, test = grey_photograph[:64, :64], grey_photograph[100:164, 50:114]
    mask = np.ones((64, 64), bool)
    mask[8:16, 16:24] = False
    one = crosspatch.compare(truth, test, ignore_mask=mask, labels="otsu", intervals="bootstrap")
    assert {each.interval for each in one.metrics.values()} == {None}
    mask[:32] = False
    labelling = Rule.parse("threshold:100").fit(JointHistogram.of(truth, test).truth)
    assert Blocks.of(truth, test, labelling, ~mask).count == 4 * 8
    half = crosspatch.compare(truth, test, ignore_mask=mask, labels="otsu", seed=3, intervals="bootstrap")
    assert half["accuracy"].interval is not None


@pytest.mark.parametrize("labels", ["otsu", "levels:3", "threshold:9"])
def test_where_all_is_ignored_there_is_nothing_to_draw(labels: str) -> None:
    flat = np.full((8, 8), 7, np.uint8)
    report = crosspatch.compare(flat, flat, ignore_mask=flat, labels=labels, intervals="bootstrap")
    assert {(each.value, each.interval) for each in report.metrics.values()} == {(None, None)}


def test_what_lies_outside_of_its_interval_has_none_and_the_report_says_so(rng: np.random.Generator) -> None:
    """Drawing blocks of noise again leaves fewer kinds of pairs: entropies fall, and histograms drift apart."""
    noise = rng.integers(0, 256, (2, 64, 64)).astype(np.uint8)
    report = crosspatch.compare(*noise, labels="threshold:128", seed=1, intervals="bootstrap")
    for key in ("mutual_information", "joint_entropy", "total_variation", "hellinger_distance"):
        assert report[key].interval is None
    (text,) = (note.text for note in report.notes if note.code == "intervals-withheld")
    assert text.startswith("No interval is given for 9 of the metrics")
    for each in report.metrics.values():
        if each.interval is not None and each.value is not None:
            assert each.interval.low - 1e-9 <= each.value <= each.interval.high + 1e-9


def test_an_end_that_is_infinite_is_no_end() -> None:
    """A third of the replicates miss the one pixel that differs: there the peak signal stands infinitely high."""
    truth = np.random.default_rng(4).integers(0, 256, (40, 40)).astype(np.uint8)
    test = truth.copy()
    test[3, 3] ^= 128
    assert (
        crosspatch.compare(truth, test, seed=2, labels="threshold:128", intervals="bootstrap")["psnr"].interval is None
    )


def test_a_class_that_lives_in_one_block_has_no_interval() -> None:
    truth, test = np.zeros((2, 40, 40), np.uint8)
    truth[3, 3] = test[3, 3] = test[3, 4] = 255
    report = crosspatch.compare(truth, test, labels="threshold:128", seed=2, intervals="bootstrap")
    assert (report["precision"].value, report["precision"].interval) == (0.5, None)
    assert report["accuracy"].interval is not None


@settings(deadline=None, max_examples=15)
@given(
    st.integers(2, 40),
    st.integers(2, 40),
    st.sampled_from([0, 77, 255]),
    st.sampled_from(["threshold:128", "levels:3"]),
)
def test_regions_that_are_the_same_everywhere_are_sure_of_what_is_defined(
    width: int, height: int, level: int, labels: str
) -> None:
    flat = np.full((height, width), level, np.uint8)
    for method in ("analytic", "bootstrap"):
        report = crosspatch.compare(flat, flat, labels=labels, intervals=method)
        for each in report.metrics.values():
            assert each.interval is None or each.value is not None
            if each.interval is not None and method == "bootstrap":
                assert (each.interval.low, each.interval.high) == near((each.value, each.value))


def test_what_is_left_out_is_drawn_no_more(grey_photograph: Levels) -> None:
    truth, test = grey_photograph[:45, :45], grey_photograph[100:145, 50:95]
    level = int(np.bincount(truth.ravel()).argmax())
    kept = (truth != level) & (test != level)
    histogram = JointHistogram.of(truth, test, [level])
    labelling = Rule.parse("threshold:120").fit(histogram.truth, [level])
    blocks = Blocks.of(truth, test, labelling, kept)
    once = np.ones((1, blocks.count))
    drawn = blocks.drawn(LevelCounts, once)
    assert drawn.truth[0].tolist() == histogram.truth.tolist()
    assert drawn.test[0].tolist() == histogram.test.tolist()
    by_level = crosspatch.compare(truth, test, labels="threshold:120", ignore=level, seed=6, intervals="bootstrap")
    by_mask = crosspatch.compare(truth, test, labels="threshold:120", ignore_mask=~kept, seed=6, intervals="bootstrap")
    assert [ends(each.interval) for each in by_level.metrics.values()] == [
        ends(each.interval) for each in by_mask.metrics.values()
    ]


def test_smooth_masks_have_wider_intervals_than_independent_pixels_would(grey_photograph: Levels) -> None:
    options = {"rectangle": (64, 64), "seed": 11}
    by_formula, by_blocks = (
        crosspatch.compare(grey_photograph, intervals=method, **options)["accuracy"].interval
        for method in ("analytic", "bootstrap")
    )
    assert by_formula is not None
    assert by_blocks is not None
    assert by_blocks.high - by_blocks.low > 2 * (by_formula.high - by_formula.low)


def test_regions_too_large_to_be_drawn_a_thousand_times_are_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intervals, "MOST_PX", 99)
    whole = np.arange(100, dtype=np.uint8).reshape(10, 10)
    with pytest.raises(
        Impossible, match=r"intervals by bootstrap take regions of at most 0\.0 megapixels: ask for"
    ) as found:
        crosspatch.compare(whole, whole, intervals="bootstrap")
    assert found.value.field == "intervals"
    assert crosspatch.compare(whole[1:], whole[1:], intervals="bootstrap")["mae"].interval is not None


def test_tables_do_not_depend_on_how_many_pairs_are_counted_at_once(
    grey_photograph: Levels, monkeypatch: pytest.MonkeyPatch
) -> None:
    def found() -> dict[str, Interval | None]:
        report = crosspatch.compare(grey_photograph, rectangle=(50, 40), seed=9, labels="otsu", intervals="bootstrap")
        return {key: each.interval for key, each in report.metrics.items()}

    at_once = found()
    monkeypatch.setattr("crosspatch.evidence.blocks.CHUNK_PX", 97)
    assert found() == at_once
