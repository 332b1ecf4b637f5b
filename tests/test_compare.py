"""The one natural path: pictures in, a report out."""

from __future__ import annotations

import inspect
from collections import Counter
from itertools import product

import numpy as np
import pytest
from files import encoded, palette_image
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from scipy.stats import chisquare
from sklearn.metrics import accuracy_score, confusion_matrix, jaccard_score

import crosspatch
from crosspatch import METRICS, Impossible, InvalidRequest, JointHistogram, Rectangle
from crosspatch.compare import place
from crosspatch.labelling import Rule
from crosspatch.measure import NO_PAIRS, NO_REGIONS
from crosspatch.request import ComparisonRequest

OTSU = Rule("otsu")
NOISE = np.random.default_rng(8).integers(0, 256, (2, 40, 50), np.uint8)


def corners(report):
    return (report.truth.x, report.truth.y), (report.test.x, report.test.y)


def codes(report):
    """What was done to the pictures; that p-values need independent pixels is said of all."""
    return [note.code for note in report.notes if note.code != "dependent-pixels"]


@pytest.mark.parametrize(("families", "said"), [(None, True), (["tests"], True), (["rates", "errors"], False)])
def test_p_values_come_with_the_caution_that_pixels_depend_on_each_other(families, said):
    report = crosspatch.compare(np.zeros((4, 4), np.uint8), families=families, seed=1)
    assert ("dependent-pixels" in [note.code for note in report.notes]) is said


# Rectangles of one picture


def test_golden_comparison_of_64_pixels_in_512(photograph):
    report = crosspatch.compare(photograph, resize=(512, 512), rectangle=(64, 64), seed=7)
    assert (report.truth, report.test) == (Rectangle(424, 280, 64, 64), Rectangle(307, 402, 64, 64))


def test_width_and_height_are_not_mistaken_for_each_other(grey_photograph):
    report = crosspatch.compare(grey_photograph, resize="300x200", rectangle="50x40", seed=7)
    rng = np.random.Generator(np.random.PCG64(7))
    expected = [int(rng.integers(0, most + 1)) for most in (250, 160, 250, 160)]
    assert corners(report) == ((expected[0], expected[1]), (expected[2], expected[3]))
    assert (report.truth.width, report.truth.height) == (50, 40)


@pytest.mark.parametrize(
    ("placed", "expected"),
    [
        ({"truth": (3, 5)}, ((3, 5), (307, 402))),
        ({"test": (3, 5)}, ((424, 280), (3, 5))),
        ({"truth": (0, 0), "test": (448, 448)}, ((0, 0), (448, 448))),
    ],
)
def test_placing_one_rectangle_does_not_move_the_other(grey_photograph, placed, expected):
    assert corners(crosspatch.compare(grey_photograph, rectangle=(64, 64), seed=7, **placed)) == expected


def test_every_pair_of_positions_can_be_drawn_and_none_is_preferred():
    asked = [ComparisonRequest.of(rectangle=(3, 2), seed=seed).plan([(4, 4)], OTSU) for seed in range(3000)]
    drawn = Counter(tuple((r.x, r.y) for r in place(plan, one_picture=True)) for plan in asked)
    positions = list(product(range(2), range(3)))
    assert set(drawn) == set(product(positions, positions))
    assert chisquare(list(drawn.values())).pvalue > 0.01


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"rectangle": "51x10"}, "rectangle_width"),
        ({"rectangle": "10x41"}, "rectangle_height"),
        ({"rectangle": "10x10", "truth": "41,0"}, "truth_x"),
        ({"rectangle": "10x10", "test": "0,31"}, "test_y"),
        ({"resize": "20x20", "rectangle": "30x10"}, "rectangle_width"),
    ],
)
def test_a_rectangle_that_does_not_fit_is_refused_by_field(options, field):
    with pytest.raises(Impossible) as refusal:
        crosspatch.compare(NOISE[0], **options)
    assert refusal.value.field == field


def test_a_rectangle_equal_to_the_picture_overlaps_itself_fully_and_agrees():
    report = crosspatch.compare(NOISE[0], rectangle=(50, 40))
    assert (report.overlap.percent, report.overlap.iou, report["accuracy"].value) == (100, 1, 1)


def test_each_step_is_a_public_function_that_compare_calls(photograph):
    data = encoded(photograph, "PNG")
    picture = crosspatch.resize(crosspatch.read_picture(data), 200, 150)
    rng = np.random.Generator(np.random.PCG64(7))
    (truth, _), (test, _) = (crosspatch.random_region(picture, 30, 20, rng) for _ in range(2))
    report = crosspatch.compare(data, resize=(200, 150), rectangle=(30, 20), seed=7)
    assert (report.truth, report.test, report.overlap) == (truth, test, crosspatch.overlap(truth, test))
    assert report.histogram == JointHistogram.of(truth.cut(picture.levels()), test.cut(picture.levels()))


# Labels


@given(seed=st.integers(0, 2**53 - 1), labels=st.sampled_from(["otsu", "threshold:90", "threshold:90,160", "levels:5"]))
def test_confusion_counts_the_classes_of_each_pixel_pair(seed, labels):
    report = crosspatch.compare(NOISE[0], rectangle="9x7", labels=labels, seed=seed)
    lookups = [
        np.array(report.labelling.lookup(starts))
        for starts in (report.labelling.truth_starts, report.labelling.test_starts)
    ]
    truth, test = (
        lookup[r.cut(NOISE[0])].ravel() for lookup, r in zip(lookups, (report.truth, report.test), strict=True)
    )
    expected = confusion_matrix(truth, test, labels=range(len(report.confusion.classes)))
    assert report.confusion.matrix.tolist() == expected.tolist()
    assert report.confusion.pixels == 63
    assert report["accuracy"].value == pytest.approx(accuracy_score(truth, test))


def test_otsu_looks_at_the_whole_picture_and_not_at_the_regions(grey_photograph):
    reports = [crosspatch.compare(grey_photograph, labels="otsu", rectangle="8x8", seed=seed) for seed in range(5)]
    assert {report.labelling.thresholds for report in reports} == {(103,)}


def test_otsu_of_two_pictures_looks_at_both():
    dark, bright = (np.array([levels * 20], np.uint8) for levels in ([0, 10], [200, 210]))
    report = crosspatch.compare(dark, bright, labels="otsu")
    assert report.labelling.thresholds == (11,)


def test_values_are_those_of_the_whole_picture_even_where_a_region_lacks_them():
    picture = np.zeros((10, 10), np.uint8)
    picture[9, 9] = 5
    report = crosspatch.compare(picture, rectangle="3x3", truth="0,0", test="1,1", labels="values")
    assert (report.confusion.classes, report.confusion.matrix.tolist()) == (("0", "5"), [[9, 0], [0, 0]])


def test_the_values_of_a_palette_are_its_indices():
    picture = palette_image(np.array([[0, 3], [3, 1]], np.uint8), np.full((4, 3), 77, np.uint8))
    report = crosspatch.compare(encoded(picture, "PNG"), rectangle="2x2")
    assert (report.labelling.method, report.confusion.classes) == ("values", ("0", "1", "3"))


def test_a_palette_under_values_is_resized_without_inventing_classes(rng):
    picture = palette_image(rng.choice([0, 5], (40, 40)).astype(np.uint8), rng.integers(0, 256, (6, 3), np.uint8))
    report = crosspatch.compare(encoded(picture, "PNG"), resize="23x17")
    assert report.confusion.classes == ("0", "5")


def test_16_bit_levels_are_compared_by_default_and_refused_as_values():
    picture = np.array([[0, 60_000], [60_000, 0]], np.uint16)
    assert crosspatch.compare(picture, rectangle="2x2").labelling.method == "otsu"
    with pytest.raises(Impossible, match="this picture holds 60000"):
        crosspatch.compare(picture, labels="values")


def test_alpha_of_an_opaque_picture_is_refused():
    with pytest.raises(Impossible, match="opaque"):
        crosspatch.compare(NOISE[0], channel="alpha")


@pytest.mark.parametrize("level", [0, 1, 128, 255])
def test_a_picture_of_one_level_is_one_class_without_rates_and_says_so(level):
    report = crosspatch.compare(np.full((8, 8), level, np.uint8))
    assert (report.labelling.method, report.confusion.matrix.tolist()) == ("values", [[4]])
    assert [key for key in report.metrics if METRICS[key].family == "rates"] == []
    assert codes(report) == ["constant-picture"]


@pytest.mark.parametrize(("level", "threshold", "matrix"), [(0, 1, [[4, 0], [0, 0]]), (9, 9, [[0, 0], [0, 4]])])
def test_otsu_of_a_picture_of_one_level_takes_that_level_and_says_so(level, threshold, matrix):
    report = crosspatch.compare(np.full((8, 8), level, np.uint8), labels="otsu")
    assert (report.labelling.thresholds, report.confusion.matrix.tolist()) == ((threshold,), matrix)
    assert codes(report) == ["constant-picture"]


def test_two_constant_pictures_of_different_levels_are_not_a_constant_picture():
    report = crosspatch.compare(np.full((3, 3), 7, np.uint8), np.full((3, 3), 8, np.uint8))
    assert (codes(report), report.confusion.matrix.tolist()) == (["values-as-levels"], [[0, 9], [0, 0]])


@pytest.mark.parametrize("labels", ["otsu", "threshold:128", "levels:256", "values", None])
def test_a_picture_of_one_pixel_is_compared(labels):
    report = crosspatch.compare(np.array([[200]], np.uint8), labels=labels)
    assert (report.confusion.pixels, report.overlap.percent) == (1, 100)


def test_more_than_two_classes_have_the_rates_of_each_class_against_the_rest(rng):
    truth, test = rng.integers(0, 3, (2, 20, 20), np.uint8)
    report = crosspatch.compare(truth, test)
    expected = jaccard_score(truth.ravel(), test.ravel(), average=None)
    assert [metrics["iou"].value for metrics in report.per_class] == pytest.approx(expected.tolist())
    assert "iou" not in report.metrics
    assert report["mean_iou"].value == pytest.approx(expected.mean())
    assert report["mean_iou"].classes_counted == 3


def test_boundaries_are_of_the_positive_class_or_else_of_each_class():
    """A square that moves by 3 px right, then the same with a third class below it that stays where it is."""
    truth = np.full((40, 40), 10, np.uint8)
    truth[5:15, 5:15] = 90
    test = np.roll(truth, 3, axis=1)
    two = crosspatch.compare(truth, test)
    truth[30:], test[30:] = 200, 200
    three = crosspatch.compare(truth, test)
    assert (two["hausdorff_px"].value, two.per_class) == (3, [])
    assert "hausdorff_px" not in three.metrics
    assert [metrics["hausdorff_px"].value for metrics in three.per_class] == [3, 3, 0]


def test_each_picture_has_the_boundary_of_its_own_threshold():
    truth, test = np.zeros((2, 20, 20), np.uint8)
    truth[5:10, 5:10], test[5:10, 5:10], test[12:, 12:] = 50, 250, 200
    report = crosspatch.compare(truth, test, labels="threshold:40,240")
    assert (report["hausdorff_px"].value, report["boundary_iou"].value) == (0, 1)


def test_an_average_over_classes_says_how_many_entered():
    truth, test = (np.array([levels], np.uint8) for levels in ([0, 0, 60], [0, 0, 60]))
    report = crosspatch.compare(truth, test, labels="levels:8")
    assert (report["mean_iou"].value, report["mean_iou"].classes_counted) == (1, 2)


# Two pictures


def test_two_pictures_are_compared_whole_and_do_not_overlap():
    report = crosspatch.compare(*NOISE, labels="threshold:128")
    expected = confusion_matrix(NOISE[0].ravel() >= 128, NOISE[1].ravel() >= 128)
    assert (report.overlap, report.truth, report.test) == (None, Rectangle(0, 0, 50, 40), Rectangle(0, 0, 50, 40))
    assert report.confusion.matrix.tolist() == expected.tolist()


def test_one_rectangle_serves_two_pictures():
    report = crosspatch.compare(*NOISE, rectangle="9x7", seed=3)
    one_picture = crosspatch.compare(NOISE[0], rectangle="9x7", seed=3)
    assert report.truth == report.test == one_picture.truth
    assert report.overlap is None
    assert report.histogram == JointHistogram.of(*(report.truth.cut(pixels) for pixels in NOISE))


def test_truth_places_the_rectangle_of_two_pictures():
    report = crosspatch.compare(*NOISE, rectangle="9x7", truth="4,5")
    assert report.truth == report.test == Rectangle(4, 5, 9, 7)


@pytest.mark.parametrize("options", [{"test": "1,1"}, {"test": "1,1", "rectangle": "9x7"}])
def test_placing_test_in_two_pictures_is_refused(options):
    with pytest.raises(Impossible, match="one rectangle serves both") as refusal:
        crosspatch.compare(*NOISE, **options)
    assert refusal.value.field == "test_x"


def test_placing_truth_in_two_pictures_that_are_compared_whole_is_refused_but_at_their_corner():
    assert crosspatch.compare(*NOISE, truth="0,0").truth == Rectangle(0, 0, 50, 40)
    with pytest.raises(Impossible, match="x = 1 leaves the 50x40 px picture: use 0 to 0"):
        crosspatch.compare(*NOISE, truth="1,0")


def test_two_pictures_of_different_sizes_are_compared_at_the_size_asked_for(photograph):
    with pytest.raises(Impossible, match="ask for a resize"):
        crosspatch.compare(photograph, NOISE[0])
    assert crosspatch.compare(photograph, NOISE[0], resize="30x20").confusion.pixels == 600


def test_swapping_the_two_pictures_transposes_the_matrix():
    one, other = (crosspatch.compare(*pair, labels="levels:4") for pair in (NOISE, NOISE[::-1]))
    assert one.confusion.matrix.tolist() == other.confusion.matrix.T.tolist()


# Ignored levels


def test_pairs_with_an_ignored_level_are_left_out():
    truth, test = (np.array([levels], np.uint8) for levels in ([0, 1, 255, 1, 255], [0, 255, 1, 1, 255]))
    report = crosspatch.compare(truth, test, ignore=255)
    assert (report.confusion.classes, report.confusion.matrix.tolist()) == (("0", "1"), [[1, 0], [0, 1]])


def test_when_every_pair_is_left_out_every_value_is_null_with_its_reason():
    report = crosspatch.compare(np.full((4, 4), 255, np.uint8), labels="threshold:128", ignore=255)
    assert report.confusion.pixels == 0
    assert all((value.value, bool(value.undefined)) == (None, True) for value in report.metrics.values())


def test_metrics_of_neighbourhoods_are_null_with_their_reason_where_pixels_are_left_out():
    report = crosspatch.compare(*NOISE, labels="threshold:128", ignore=0)
    found = {key: value for key, value in report.metrics.items() if METRICS[key].family in ("structure", "boundary")}
    assert {METRICS[key].family for key in found} == {"structure", "boundary"}
    assert {(value.value, value.undefined) for value in found.values()} == {(None, NO_REGIONS)}


def test_boundaries_of_each_class_are_null_with_their_reason_where_pixels_are_left_out():
    report = crosspatch.compare(*NOISE // 64, ignore=1)
    found = [metrics["hausdorff_px"] for metrics in report.per_class]
    assert [(value.value, value.undefined) for value in found] == [(None, NO_REGIONS)] * 3
    nothing = crosspatch.compare(*NOISE // 64, labels="levels:3", ignore=[0, 1, 2, 3])
    assert {metrics["hausdorff_px"].undefined for metrics in nothing.per_class} == {NO_PAIRS}


# Families


def test_only_the_families_asked_for_are_computed():
    report = crosspatch.compare(*NOISE, families=["rates"])
    assert {METRICS[key].family for key in report.metrics} == {"rates"}


def test_a_family_that_does_not_exist_is_refused_by_field():
    with pytest.raises(InvalidRequest, match=r"'colour' is not a family of metrics: use .*rates") as refusal:
        crosspatch.compare(*NOISE, families=["colour"])
    assert refusal.value.field == "families"


@pytest.mark.parametrize(
    ("field", "given"),
    [("families", 5), ("class_names", 5), ("seed", True), ("seed", 1.0), ("ignore", True), ("seed", np.array([1, 2]))],
)
def test_what_is_of_another_type_is_refused_by_field(field, given):
    with pytest.raises(InvalidRequest) as refusal:
        crosspatch.compare(*NOISE, rectangle=(4, 4), **{field: given})
    assert refusal.value.field == field


def test_nothing_given_is_changed(grey_photograph):
    before = grey_photograph.copy()
    crosspatch.compare(grey_photograph, grey_photograph, labels="levels:4", ignore=3)
    assert np.array_equal(grey_photograph, before)


def test_every_public_name_has_its_words():
    public = [getattr(crosspatch, name) for name in crosspatch.__all__]
    assert [item for item in public if callable(item) and not inspect.getdoc(item)] == []


def test_an_image_of_pillow_is_compared_like_its_array(photograph):
    one, other = (crosspatch.compare(source, seed=1) for source in (photograph, Image.fromarray(photograph)))
    assert one.histogram == other.histogram
