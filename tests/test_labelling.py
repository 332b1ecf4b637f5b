"""From levels to classes: every rule against one pixel at a time."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import skimage.data
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from skimage.filters import threshold_otsu
from sklearn.metrics import confusion_matrix

from crosspatch import Impossible, InvalidRequest, JointHistogram
from crosspatch.labelling import Rule, default_rule, otsu_threshold

SEVERAL_LEVELS = st.dictionaries(st.integers(0, 255), st.integers(1, 10**12), min_size=2, max_size=12)


def histogram(levels):
    return np.bincount(np.ravel(levels), minlength=256)


def counts_of(counts):
    found = np.zeros(256, np.int64)
    found[list(counts)] = list(counts.values())
    return found


def between_class_variance(counts, threshold):
    """Exactly, as a fraction, from its definition; None where a class is empty."""
    n = sum(counts.values())
    low = {level: count for level, count in counts.items() if level < threshold}
    high = {level: count for level, count in counts.items() if level >= threshold}
    if not low or not high:
        return None
    means = [Fraction(sum(v * c for v, c in part.items()), sum(part.values())) for part in (low, high)]
    return Fraction(sum(low.values()) * sum(high.values()), n * n) * (means[1] - means[0]) ** 2


# Otsu


@given(SEVERAL_LEVELS)
def test_otsu_is_the_smallest_threshold_of_the_largest_between_class_variance(counts):
    variances = {t: between_class_variance(counts, t) for t in range(1, 256)}
    largest = max(v for v in variances.values() if v is not None)
    assert otsu_threshold(counts_of(counts)) == min(t for t, v in variances.items() if v == largest)


@pytest.mark.parametrize(
    ("counts", "threshold"),
    [
        ({0: 1, 255: 1}, 1),  # every threshold separates them equally well
        ({10: 3, 200: 5}, 11),
        ({0: 1, 100: 1, 200: 1}, 1),  # a tie of 1..100 with 101..200
        ({254: 1, 255: 1}, 255),
        ({0: 10**15, 1: 1, 255: 1}, 2),
        ({0: 10**17 - 1, 100: 10, 200: 10**17}, 101),  # no tie, though floating-point numbers take it for one
    ],
)
def test_otsu_compares_exactly_and_breaks_ties_towards_the_smallest_threshold(counts, threshold):
    assert otsu_threshold(counts_of(counts)) == threshold


@pytest.mark.parametrize("name", ["camera", "coins", "page", "moon", "text", "brick"])
def test_otsu_of_photographs_is_that_of_scikit_image_plus_one(name):
    picture = getattr(skimage.data, name)()
    assert otsu_threshold(histogram(picture)) == threshold_otsu(picture) + 1


@pytest.mark.parametrize("seed", range(20))
def test_otsu_of_random_pictures_is_that_of_scikit_image_plus_one(seed):
    rng = np.random.default_rng(seed)
    picture = np.clip(rng.normal(rng.choice([60, 180], (40, 40)), 25), 0, 255).astype(np.uint8)
    assert otsu_threshold(histogram(picture)) == threshold_otsu(picture) + 1


@pytest.mark.parametrize(("level", "threshold"), [(0, 1), (1, 1), (7, 7), (255, 255)])
def test_otsu_of_one_level_is_that_level_and_at_least_1(level, threshold):
    assert Rule("otsu").fit(counts_of({level: 9})).thresholds == (threshold,)


# Rules as text


@pytest.mark.parametrize(
    ("text", "method", "numbers"),
    [
        ("otsu", "otsu", ()),
        ("values", "values", ()),
        ("threshold:1", "threshold", (1,)),
        ("threshold:255", "threshold", (255,)),
        ("threshold:10,200", "threshold", (10, 200)),
        ("levels:2", "levels", (2,)),
        ("levels:256", "levels", (256,)),
    ],
)
def test_a_rule_is_read_and_written_alike(text, method, numbers):
    rule = Rule.parse(text)
    assert (rule.method, rule.numbers, str(rule)) == (method, numbers, text)


@pytest.mark.parametrize(
    "text",
    [
        "", "Otsu", "threshold", "threshold:", "threshold:0", "threshold:256", "threshold:-1", "threshold:1.5",
        "threshold:1,", "threshold:1,2,3", "threshold:0,5", "threshold:1, 2", "threshold:١٢٨", "levels:1",
        "levels:257", "levels:4,4", "values:3", "otsu:3",
    ],
)  # fmt: skip
def test_what_is_not_a_rule_is_refused_by_field(text):
    with pytest.raises(InvalidRequest) as refusal:
        Rule.parse(text)
    assert refusal.value.field == "labels"


@pytest.mark.parametrize(
    ("levels", "method"),
    [
        ([range(1)], "values"),
        ([range(32)], "values"),
        ([range(33)], "otsu"),
        ([range(20), range(12, 32)], "values"),
        ([range(20), range(13, 33)], "otsu"),
        ([range(2), None], "otsu"),
    ],
)
def test_at_most_32_levels_of_all_pictures_together_are_values_by_default(levels, method):
    assert default_rule(*levels).method == method


# Classes, one pixel at a time


@st.composite
def fitted(draw):
    """A rule, what it ignores, two regions, and the class of each level of either, None where there is none."""
    level = st.integers(0, 255)
    rule = draw(
        st.one_of(
            st.builds(lambda t: Rule("threshold", (t,)), st.integers(1, 255)),
            st.builds(lambda t, s: Rule("threshold", (t, s)), st.integers(1, 255), st.integers(1, 255)),
            st.builds(lambda k: Rule("levels", (k,)), st.integers(2, 256)),
            st.just(Rule("values")),
            st.just(Rule("otsu")),
        )
    )
    palette = draw(st.lists(level, min_size=2, max_size=9, unique=True))
    elements = st.sampled_from(palette) if rule.method == "values" else level
    truth, test = (draw(arrays(np.uint8, (6, 7), elements=elements)) for _ in range(2))
    present = set(truth.ravel().tolist()) | set(test.ravel().tolist())
    ignore = draw(st.sets(level, max_size=3)) - {min(present)}
    return rule, ignore, truth, test


def class_of(rule, counts, ignore, level, which):
    if level in ignore:
        return None
    if rule.method == "threshold":
        return int(level >= rule.numbers[which if len(rule.numbers) == 2 else 0])
    if rule.method == "levels":
        return level * rule.numbers[0] // 256
    if rule.method == "values":
        values = [value for value in np.flatnonzero(counts) if value not in ignore]
        return values.index(level) if level in values else None
    present = np.flatnonzero(counts)
    return int(level >= (otsu_threshold(counts) if len(present) > 1 else max(1, present[0])))


@given(fitted())
def test_the_lookup_gives_each_level_its_class(case):
    rule, ignore, truth, test = case
    counts = histogram(truth) + histogram(test)
    labelling = rule.fit(counts, ignore)
    for which, starts in enumerate((labelling.truth_starts, labelling.test_starts)):
        assert labelling.lookup(starts) == [class_of(rule, counts, ignore, level, which) for level in range(256)]


@given(fitted())
def test_the_confusion_matrix_counts_the_classes_of_each_pixel_pair(case):
    rule, ignore, truth, test = case
    counts = histogram(truth) + histogram(test)
    labelling = rule.fit(counts, ignore)
    confusion = labelling.confusion(JointHistogram.of(truth, test, ignore))
    classes = [
        [class_of(rule, counts, ignore, int(level), which) for level in region.ravel()]
        for which, region in enumerate((truth, test))
    ]
    kept = [(t, s) for t, s in zip(*classes, strict=True) if t is not None and s is not None]
    expected = np.zeros((len(labelling.classes),) * 2, int)
    for t, s in kept:
        expected[t, s] += 1
    assert confusion.matrix.tolist() == expected.tolist()
    assert confusion.pixels == len(kept)


@pytest.mark.parametrize("classes", range(2, 257))
def test_equal_levels_keep_every_class_empty_ones_included(classes):
    labelling = Rule("levels", (classes,)).fit(counts_of({3: 5, 4: 1}))
    assert labelling.lookup(labelling.truth_starts) == [level * classes // 256 for level in range(256)]
    assert len(labelling.classes) == classes


def test_two_classes_are_laid_out_as_tn_fp_fn_tp(rng):
    truth, test = rng.integers(0, 256, (2, 30, 30), np.uint8)
    labelling = Rule.parse("threshold:100,150").fit(histogram(truth))
    matrix = labelling.confusion(JointHistogram.of(truth, test)).matrix
    assert labelling.classes == ("negative", "positive")
    assert matrix.tolist() == confusion_matrix(truth.ravel() >= 100, test.ravel() >= 150).tolist()


def test_of_two_values_the_larger_is_positive():
    labelling = Rule("values").fit(counts_of({200: 1, 17: 5}))
    assert (labelling.classes, labelling.positive_from) == (("17", "200"), 200)


def test_one_value_is_one_class():
    labelling = Rule("values").fit(counts_of({9: 4}))
    assert (labelling.classes, labelling.positive_from) == (("9",), None)


def test_an_ignored_value_is_no_class():
    assert Rule("values").fit(counts_of({0: 1, 1: 1, 255: 1}), ignore=(255,)).classes == ("0", "1")


def test_a_picture_of_ignored_values_alone_is_refused():
    with pytest.raises(Impossible, match="every level of the picture is ignored"):
        Rule("values").fit(counts_of({7: 3}), ignore=(7,))


def test_class_names_replace_the_classes_and_nothing_else():
    labelling = Rule("values").fit(counts_of({0: 1, 5: 1, 9: 1}))
    named = labelling.named(["sky", "sea", "sand"])
    assert named.classes == ("sky", "sea", "sand")
    assert named.named(labelling.classes) == labelling


def test_class_names_of_another_number_are_refused():
    with pytest.raises(Impossible, match="1 class names for 2 classes") as refusal:
        Rule("otsu").fit(counts_of({0: 1, 5: 1})).named(["one"])
    assert refusal.value.field == "class_names"


@given(st.integers(1, 70), st.integers(1, 300), st.integers(1, 255), st.integers(1, 255), st.integers(0, 2**32))
def test_two_classes_are_counted_as_from_the_joint_histogram(
    height: int, width: int, threshold: int, test_threshold: int, seed: int
) -> None:
    truth, test = np.random.default_rng(seed).integers(0, 256, (2, height, width)).astype(np.uint8)
    labelling = Rule.parse(f"threshold:{threshold},{test_threshold}").fit(np.bincount([0, 255], minlength=256))
    expected = labelling.confusion(JointHistogram.of(truth, test)).matrix
    np.testing.assert_array_equal(labelling.count_two(truth, test).matrix, expected)


def test_two_classes_of_a_view_are_counted_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crosspatch.labelling._PIECE_PX", 64)
    truth, test = np.random.default_rng(1).integers(0, 256, (2, 40, 90)).astype(np.uint8)[:, ::2, 3:80]
    labelling = Rule.parse("threshold:90,160").fit(np.bincount([0, 255], minlength=256))
    matrix = labelling.count_two(truth, test).matrix
    assert matrix[1, 1] == np.count_nonzero((truth >= 90) & (test >= 160))
    assert matrix.sum() == truth.size
