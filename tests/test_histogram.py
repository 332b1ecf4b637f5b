"""Joint histograms: exact counts, and parts that add up to the whole."""

from __future__ import annotations

from functools import reduce
from operator import add

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import confusion_matrix

from crosspatch import Impossible, JointHistogram
from crosspatch.histogram import CHUNK_PX

REGIONS = st.tuples(st.integers(1, 20), st.integers(1, 20)).flatmap(
    lambda shape: st.tuples(arrays(np.uint8, shape), arrays(np.uint8, shape))
)

FEW_LEVELS = st.tuples(*[arrays(np.uint8, (5, 8), elements=st.integers(0, 7), fill=st.nothing())] * 2)


@given(REGIONS)
def test_counts_equal_those_of_numpy_and_scikit_learn(regions):
    truth, test = regions
    counts = JointHistogram.of(truth, test).counts
    expected, _, _ = np.histogram2d(truth.ravel(), test.ravel(), bins=256, range=[[0, 256], [0, 256]])
    assert counts.dtype == np.int64
    assert np.array_equal(counts, expected)
    assert np.array_equal(counts, confusion_matrix(truth.ravel(), test.ravel(), labels=range(256)))


@pytest.mark.parametrize("pixels", [CHUNK_PX - 1, CHUNK_PX, CHUNK_PX + 1, 2 * CHUNK_PX])
def test_no_pixel_is_lost_or_counted_twice_where_chunks_meet(rng, pixels):
    truth, test = rng.integers(0, 256, (2, 1, pixels), np.uint8)
    expected = np.zeros((256, 256), np.int64)
    np.add.at(expected, (truth.ravel(), test.ravel()), 1)
    assert np.array_equal(JointHistogram.of(truth, test).counts, expected)


@settings(max_examples=30)
@given(REGIONS, st.integers(2, 7), st.integers(2, 7))
def test_tiles_add_up_to_the_whole(regions, tile_height, tile_width):
    truth, test = regions
    tiles = [
        JointHistogram.of(truth[y : y + tile_height, x : x + tile_width], test[y : y + tile_height, x : x + tile_width])
        for y in range(0, truth.shape[0], tile_height)
        for x in range(0, truth.shape[1], tile_width)
    ]
    assert reduce(add, tiles) == JointHistogram.of(truth, test)


def test_adding_leaves_both_summands_as_they_were():
    one = JointHistogram.of(np.zeros((2, 2), np.uint8), np.ones((2, 2), np.uint8))
    total = one + one
    assert (one.pixels, total.pixels, total == one) == (4, 8, False)


def test_a_million_million_pixels_are_counted_exactly():
    half = JointHistogram(np.full((256, 256), 10**12 + 1))
    assert (half + half).pixels == 2 * 65_536 * (10**12 + 1)


@given(REGIONS)
def test_the_margins_are_the_histograms_of_the_two_regions(regions):
    truth, test = regions
    found = JointHistogram.of(truth, test)
    assert found.truth.tolist() == np.bincount(truth.ravel(), minlength=256).tolist()
    assert found.test.tolist() == np.bincount(test.ravel(), minlength=256).tolist()
    assert found.pixels == truth.size


@given(REGIONS)
def test_swapping_the_regions_transposes_the_counts(regions):
    truth, test = regions
    assert np.array_equal(JointHistogram.of(test, truth).counts, JointHistogram.of(truth, test).counts.T)


@given(FEW_LEVELS, st.sets(st.integers(0, 7)))
def test_pairs_in_which_either_level_is_ignored_are_left_out(regions, ignore):
    truth, test = regions
    kept = ~(np.isin(truth, list(ignore)) | np.isin(test, list(ignore)))
    assert JointHistogram.of(truth, test, ignore) == JointHistogram.of(truth[kept], test[kept])


def test_regions_that_are_views_are_counted_like_copies(rng):
    picture = rng.integers(0, 256, (40, 40), np.uint8)
    truth, test = picture[3:23, 5:15], picture.T[10:30, 20:30]
    assert JointHistogram.of(truth, test) == JointHistogram.of(truth.copy(), test.copy())


def test_regions_of_different_sizes_are_refused():
    with pytest.raises(Impossible, match="4x3 px and 3x4 px"):
        JointHistogram.of(np.zeros((3, 4), np.uint8), np.zeros((4, 3), np.uint8))


@pytest.mark.parametrize("dtype", [bool, np.int8, np.uint16, np.int64, np.float32])
def test_levels_that_are_not_bytes_are_a_type_error(dtype):
    with pytest.raises(TypeError, match="grey levels are uint8"):
        JointHistogram.of(np.zeros((2, 2), dtype), np.zeros((2, 2), np.uint8))
