"""Rectangles: where they can be, what they cut out, what two of them share."""

from __future__ import annotations

from collections import Counter
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.random import PCG64, Generator
from scipy.stats import chisquare

from crosspatch import Impossible, InvalidRequest, Rectangle, overlap, random_region
from crosspatch.rectangles import default_side_px, random_rectangle

PLACES = st.integers(0, 30)
SIDES = st.integers(1, 12)


def mask(rectangle):
    pixels = np.zeros((60, 60), bool)
    rectangle.cut(pixels)[...] = True
    return pixels


@st.composite
def pairs(draw):
    width, height = draw(SIDES), draw(SIDES)
    return [Rectangle(draw(PLACES), draw(PLACES), width, height) for _ in range(2)]


@given(pairs())
def test_overlap_is_symmetric(pair):
    a, b = pair
    assert overlap(a, b) == overlap(b, a)


@given(pairs())
def test_overlap_counts_the_pixels_in_both_masks(pair):
    a, b = pair
    both, either = int((mask(a) & mask(b)).sum()), int((mask(a) | mask(b)).sum())
    found = overlap(a, b)
    assert (found.area_px, found.overlaps) == (both, both > 0)
    assert found.percent == 100 * both / a.area_px
    assert found.iou == both / either


@given(pairs())
def test_overlap_is_100_percent_exactly_for_equal_rectangles(pair):
    a, b = pair
    found = overlap(a, b)
    assert (found.percent == 100, found.iou == 1) == (a == b, a == b)


def test_overlap_of_large_rectangles_one_pixel_apart_is_below_100_percent():
    found = overlap(Rectangle(0, 0, 60_000, 60_000), Rectangle(1, 0, 60_000, 60_000))
    assert (found.area_px, found.percent < 100, found.iou < 1) == (59_999 * 60_000, True, True)


@pytest.mark.parametrize(("dx", "dy"), [(4, 0), (-4, 0), (0, 3), (0, -3), (4, 3), (-4, 3)])
def test_rectangles_that_touch_do_not_overlap(dx, dy):
    found = overlap(Rectangle(10, 10, 4, 3), Rectangle(10 + dx, 10 + dy, 4, 3))
    assert (found.overlaps, found.area_px, found.percent, found.iou) == (False, 0, 0, 0)


def test_overlap_of_rectangles_of_different_sizes_is_refused():
    with pytest.raises(InvalidRequest, match="4x3 px and 3x4 px"):
        overlap(Rectangle(0, 0, 4, 3), Rectangle(0, 0, 3, 4))


@given(pairs())
def test_a_region_is_the_pixels_at_its_place_and_a_view(pair):
    rectangle = pair[0]
    picture = np.arange(60 * 60 * 3).reshape(60, 60, 3)
    region = rectangle.cut(picture)
    assert region.shape == (rectangle.height, rectangle.width, 3)
    assert np.shares_memory(region, picture)
    assert (
        region[-1, -1].tolist()
        == picture[rectangle.y + rectangle.height - 1, rectangle.x + rectangle.width - 1].tolist()
    )


@pytest.mark.parametrize("place", [(-1, 0), (0, -1), (7, 0), (0, 4)])
def test_a_rectangle_that_leaves_the_picture_is_refused(place):
    with pytest.raises(Impossible, match="leaves the 10x6 px picture"):
        Rectangle(*place, 4, 3).cut(np.zeros((6, 10)))


@pytest.mark.parametrize(("size", "field"), [((11, 1), "rectangle_width"), ((1, 7), "rectangle_height")])
def test_a_rectangle_larger_than_its_picture_is_refused_by_name_of_the_side(rng, size, field):
    with pytest.raises(Impossible, match=r"does not fit in the 10x6 px picture") as refusal:
        random_rectangle(rng, 10, 6, *size)
    assert refusal.value.field == field


@pytest.mark.parametrize("size", [(0, 1), (1, 0), (-1, 5)])
def test_a_rectangle_has_at_least_one_pixel(size):
    with pytest.raises(InvalidRequest, match="at least 1x1 px"):
        Rectangle(0, 0, *size)


@given(seed=st.integers(0, 2**53 - 1), picture=st.tuples(SIDES, SIDES), size=st.tuples(SIDES, SIDES))
def test_a_random_rectangle_lies_inside_the_picture_and_a_seed_repeats_it(seed, picture, size):
    assume(size[0] <= picture[0] and size[1] <= picture[1])
    found = [random_rectangle(Generator(PCG64(seed)), *picture, *size) for _ in range(2)]
    assert found[0] == found[1]
    assert found[0].cut(np.zeros(picture[::-1])).shape == size[::-1]


def test_every_position_can_be_drawn_edges_included_and_none_is_preferred(rng):
    drawn = Counter((r.x, r.y) for r in (random_rectangle(rng, 7, 5, 3, 2) for _ in range(6000)))
    assert set(drawn) == set(product(range(5), range(4)))
    assert chisquare(list(drawn.values())).pvalue > 0.01


def test_a_rectangle_as_large_as_the_picture_has_one_position(rng):
    assert {random_rectangle(rng, 5, 4, 5, 4) for _ in range(20)} == {Rectangle(0, 0, 5, 4)}


@pytest.mark.parametrize(
    ("seed", "truth", "test"),
    [
        (0, (381, 285), (229, 121)),
        (1, (212, 229), (339, 426)),
        (7, (424, 280), (307, 402)),
        (42, (40, 347), (293, 197)),
        (2**53 - 1, (27, 353), (371, 272)),
    ],
)
def test_golden_rectangles_of_64_in_512_pixels(seed, truth, test):
    rng = Generator(PCG64(seed))
    drawn = [random_rectangle(rng, 512, 512, 64, 64) for _ in range(2)]
    assert [(r.x, r.y) for r in drawn] == [truth, test]


def test_a_random_region_is_cut_where_its_rectangle_says(rng, photograph):
    rectangle, pixels = random_region(photograph, 40, 30, rng)
    assert np.array_equal(pixels, photograph[rectangle.y :, rectangle.x :][:30, :40])
    assert np.shares_memory(pixels, photograph)


@pytest.mark.parametrize(
    ("picture", "side"),
    [((512, 512), 128), ((800, 100), 100), ((100, 800), 100), ((511, 300), 127), ((3, 2), 1), ((1, 1), 1)],
)
def test_the_default_side_is_a_quarter_of_the_longest_at_most_the_shorter(picture, side):
    assert default_side_px(*picture) == side
