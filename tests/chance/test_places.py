"""Where random pairs lie: everywhere they may, equally often, and always the same for a seed."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import PCG64, Generator, SeedSequence

from crosspatch import Impossible, Rectangle
from crosspatch.places import PLACES, Places, disjoint_places, random_places, shifted_places


def rng(seed: int = 7) -> Generator:
    return Generator(PCG64(SeedSequence(seed, spawn_key=(2,))))


def rows(places: Places) -> list[tuple[int, ...]]:
    return list(zip(*(getattr(places, name).tolist() for name in PLACES), strict=True))


def test_the_draws_of_a_seed_never_change() -> None:
    assert rows(random_places(rng(), (512, 384), (64, 48), 3)) == [
        (178, 212, 352, 164),
        (218, 11, 117, 228),
        (312, 216, 387, 23),
    ]


def test_more_pairs_begin_with_the_same_ones() -> None:
    few, many = random_places(rng(), (40, 30), (8, 9), 10), random_places(rng(), (40, 30), (8, 9), 1000)
    assert rows(many.part(0, 10)) == rows(few)


@given(st.integers(1, 30), st.integers(1, 30), st.data())
def test_places_reach_every_edge_and_go_no_farther(width: int, height: int, data: st.DataObject) -> None:
    size = data.draw(st.integers(1, width)), data.draw(st.integers(1, height))
    places = random_places(rng(), (width, height), size, 2000)
    for name, most in zip(PLACES, (width - size[0], height - size[1]) * 2, strict=True):
        starts = getattr(places, name)
        assert (starts.min(), starts.max()) == (0, most)


def test_a_rectangle_that_does_not_fit_is_refused() -> None:
    with pytest.raises(Impossible, match="does not fit"):
        random_places(rng(), (10, 10), (11, 2), 5)


@pytest.mark.parametrize(("picture", "size"), [((5, 4), (2, 3)), ((3, 6), (3, 2)), ((4, 4), (2, 2)), ((7, 1), (3, 1))])
def test_disjoint_pairs_are_all_those_there_are_equally_often(picture: tuple[int, int], size: tuple[int, int]) -> None:
    starts = [range(side - part + 1) for side, part in zip(picture, size, strict=True)]
    apart = [
        (x, y, u, v)
        for x, y, u, v in itertools.product(*starts, *starts)
        if abs(x - u) >= size[0] or abs(y - v) >= size[1]
    ]
    drawn = 400 * len(apart)
    found = Counter(rows(disjoint_places(rng(), picture, size, drawn)))
    assert set(found) == set(apart)
    # Chi-square with many degrees of freedom is about normal: six standard deviations.
    surprise = sum((count - 400) ** 2 / 400 for count in found.values())
    assert abs(surprise - len(apart)) < 6 * np.sqrt(2 * len(apart))


@given(st.integers(2, 60), st.integers(2, 60), st.data())
def test_disjoint_pairs_share_no_pixel(width: int, height: int, data: st.DataObject) -> None:
    size = data.draw(st.integers(1, width // 2)), data.draw(st.integers(1, height))
    places = disjoint_places(rng(), (width, height), size, 500)
    assert not places.overlap_px(*size).any()
    assert places.truth_x.min() >= 0
    assert places.test_y.max() <= height - size[1]


def test_two_rectangles_that_must_overlap_are_refused() -> None:
    with pytest.raises(Impossible, match="without overlap"):
        disjoint_places(rng(), (9, 9), (5, 5), 10)


def test_overlap_is_that_of_rectangles() -> None:
    places = random_places(rng(), (30, 20), (9, 7), 200)
    expected = [
        len(
            set(itertools.product(range(x, x + 9), range(y, y + 7)))
            & set(itertools.product(range(u, u + 9), range(v, v + 7)))
        )
        for x, y, u, v in rows(places)
    ]
    assert places.overlap_px(9, 7).tolist() == expected
    assert any(expected)


def test_a_shift_moves_the_test_alone_and_wraps_around() -> None:
    places = shifted_places(rng(), (5, 4), Rectangle(3, 2, 2, 2), 4000)
    found = rows(places)
    assert {row[:2] for row in found} == {(3, 2)}
    assert {row[2:] for row in found} == set(itertools.product(range(5), range(4)))
