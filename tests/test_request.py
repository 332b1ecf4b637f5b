"""What a person asks for: read field by field, and filled with the defaults."""

from __future__ import annotations

import numpy as np
import pytest

from crosspatch import Impossible, InvalidRequest
from crosspatch.labelling import Rule
from crosspatch.request import MAX_SEED, ComparisonRequest

OTSU = Rule("otsu")


@pytest.mark.parametrize(
    ("asked", "field", "read"),
    [
        ({"resize": "512x384"}, "resize", (512, 384)),
        ({"resize": " 512 × 384 "}, "resize", (512, 384)),
        ({"rectangle": "64X32"}, "rectangle", (64, 32)),
        ({"rectangle": [64, 32]}, "rectangle", (64, 32)),
        ({"truth": "120,48"}, "truth", (120, 48)),
        ({"truth": (0, 0)}, "truth", (0, 0)),
        ({"test": " 0 , 7 "}, "test", (0, 7)),
        ({"seed": 0}, "seed", 0),
        ({"seed": MAX_SEED}, "seed", 2**53 - 1),
        ({"labels": "threshold:128"}, "labels", Rule("threshold", (128,))),
        ({"ignore": 255}, "ignore", (255,)),
        ({"ignore": [7, 0, 7]}, "ignore", (0, 7)),
        ({"class_names": ["sky", "sea"]}, "class_names", ("sky", "sea")),
    ],
)
def test_options_are_read_as_a_person_writes_them(asked, field, read):
    assert getattr(ComparisonRequest.of(**asked), field) == read


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"resize": "512"}, "width"),
        ({"resize": "512x"}, "width"),
        ({"resize": "5.5x4"}, "width"),
        ({"resize": "-5x4"}, "width"),
        ({"resize": "٥x٤"}, "width"),
        ({"resize": (0, 4)}, "width"),
        ({"resize": (4, 0)}, "height"),
        ({"resize": (4,)}, "width"),
        ({"resize": (4, 4, 4)}, "width"),
        ({"resize": 512}, "width"),
        ({"resize": (4, 5.5)}, "height"),
        ({"rectangle": "0x4"}, "rectangle_width"),
        ({"rectangle": (4, -1)}, "rectangle_height"),
        ({"truth": "1;2"}, "truth_x"),
        ({"truth": (-1, 0)}, "truth_x"),
        ({"truth": (0, None)}, "truth_y"),
        ({"test": "1,2,3"}, "test_x"),
        ({"test": (0, -1)}, "test_y"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**53}, "seed"),
        ({"seed": 1.5}, "seed"),
        ({"channel": "hue"}, "channel"),
        ({"labels": "median"}, "labels"),
        ({"ignore": 256}, "ignore"),
        ({"ignore": [-1]}, "ignore"),
        ({"ignore": [0.5]}, "ignore"),
    ],
)
def test_a_value_that_cannot_be_read_is_refused_by_field(asked, field):
    with pytest.raises(InvalidRequest) as refusal:
        ComparisonRequest.of(**asked)
    assert (refusal.value.field, type(refusal.value)) == (field, InvalidRequest)


def test_integers_of_numpy_become_those_of_python():
    two = np.array([2, 3])
    asked = ComparisonRequest.of(resize=two, rectangle=two, truth=two, test=two, seed=np.int64(7), ignore=np.uint8(9))
    values = [*asked.resize, *asked.rectangle, *asked.truth, *asked.test, asked.seed, *asked.ignore]
    assert [(type(value), value) for value in values] == [(int, value) for value in (2, 3, 2, 3, 2, 3, 2, 3, 7, 9)]


def test_one_picture_is_compared_at_its_own_size_by_squares_of_a_quarter_of_its_longest_side():
    plan = ComparisonRequest.of().plan([(800, 500)], OTSU)
    assert (plan.size, plan.rectangle, plan.labels) == ((800, 500), (200, 200), OTSU)


def test_the_default_rectangle_follows_the_resized_picture():
    plan = ComparisonRequest.of(resize=(400, 60)).plan([(800, 500)], OTSU)
    assert (plan.size, plan.rectangle) == ((400, 60), (60, 60))


def test_two_pictures_are_compared_whole_unless_a_rectangle_is_asked_for():
    sizes = [(80, 50), (80, 50)]
    assert ComparisonRequest.of().plan(sizes, OTSU).rectangle is None
    assert ComparisonRequest.of(rectangle="8x4").plan(sizes, OTSU).rectangle == (8, 4)


def test_two_pictures_of_different_sizes_need_a_resize():
    sizes = [(80, 50), (50, 80)]
    with pytest.raises(Impossible, match="80x50 px and 50x80 px: ask for a resize"):
        ComparisonRequest.of().plan(sizes, OTSU)
    assert ComparisonRequest.of(resize="40x40").plan(sizes, OTSU).size == (40, 40)


def test_labels_that_are_asked_for_go_before_the_default():
    assert str(ComparisonRequest.of(labels="levels:4").plan([(8, 5)], OTSU).labels) == "levels:4"


def test_a_seed_is_drawn_when_none_is_asked_for_and_0_is_a_seed():
    seeds = {ComparisonRequest.of().plan([(8, 5)], OTSU).seed for _ in range(9)}
    assert len(seeds) == 9
    assert all(0 <= seed <= MAX_SEED for seed in seeds)
    assert ComparisonRequest.of(seed=0).plan([(8, 5)], OTSU).seed == 0
