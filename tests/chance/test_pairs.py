"""Many pairs at once are what they are one by one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import default_rng
from sklearn.metrics import confusion_matrix

from crosspatch import Rectangle
from crosspatch.evidence import BinaryCounts, ClassCounts, Drawn, JointCounts, LevelCounts, Masks, Pairs, Regions
from crosspatch.evidence.bits import BitPlane, count_bits
from crosspatch.histogram import Levels
from crosspatch.labelling import Rule
from crosspatch.places import Places, random_places, shifted_places

NOISE = default_rng(5).integers(0, 256, (90, 210)).astype(np.uint8)
OTHER = default_rng(6).integers(0, 256, (90, 210)).astype(np.uint8)
LEFT_OUT = default_rng(7).random((90, 210)) < 0.2


def pairs(width: int, height: int, labels: str = "threshold:128", *, holes: bool = False) -> Pairs:
    labelling = Rule.parse(labels).fit(np.bincount(NOISE.ravel(), minlength=256))
    counted = (~LEFT_OUT, ~LEFT_OUT[::-1]) if holes else None
    return Pairs(NOISE, OTHER, width, height, labelling, counted)


def cut(found: Pairs, places: Places) -> Iterator[tuple[Levels, Levels]]:
    """The counted pixels of each pair, by plain slices."""
    for x, y, u, v in zip(places.truth_x, places.truth_y, places.test_x, places.test_y, strict=True):
        ours, theirs = (
            np.s_[y : y + found.height, x : x + found.width],
            np.s_[v : v + found.height, u : u + found.width],
        )
        kept = np.ones((found.height, found.width), bool)
        if found.counted is not None:
            kept = found.counted[0][ours] & found.counted[1][theirs]
        yield found.truth[ours][kept], found.test[theirs][kept]


@given(st.integers(1, 210), st.integers(1, 90), st.booleans(), st.integers(0, 2**32))
def test_outcomes_are_scikit_learns(width: int, height: int, holes: bool, seed: int) -> None:
    found = pairs(width, height, "threshold:100,160", holes=holes)
    places = random_places(default_rng(seed), (210, 90), (width, height), 5)
    m = found.binary(places)
    for index, (truth, test) in enumerate(cut(found, places)):
        outcomes = confusion_matrix(truth >= 100, test >= 160, labels=[False, True]) if truth.size else np.zeros((2, 2))
        tn, fp, fn, tp = outcomes.ravel()
        assert [counts[index] for counts in (m.tn, m.fp, m.fn, m.tp)] == [tn, fp, fn, tp]


@pytest.mark.parametrize("holes", [False, True])
@pytest.mark.parametrize("labels", ["levels:3", "levels:256"])
def test_confusion_matrices_are_scikit_learns(labels: str, holes: bool) -> None:
    found, places = pairs(21, 14, labels, holes=holes), random_places(default_rng(1), (210, 90), (21, 14), 6)
    classes = int(labels.partition(":")[2])
    matrices = found.classes(places).matrix
    for matrix, (truth, test) in zip(matrices, cut(found, places), strict=True):
        of_truth, of_test = (levels.astype(int) * classes // 256 for levels in (truth, test))
        np.testing.assert_array_equal(matrix, confusion_matrix(of_truth, of_test, labels=range(classes)))


@pytest.mark.parametrize("holes", [False, True])
def test_joint_histograms_are_numpys(holes: bool) -> None:
    found, places = pairs(33, 20, holes=holes), random_places(default_rng(2), (210, 90), (33, 20), 4)
    for table, (truth, test) in zip(found.joint(places).counts, cut(found, places), strict=True):
        expected, _, _ = np.histogram2d(truth.ravel(), test.ravel(), 256, [[0, 256], [0, 256]])
        np.testing.assert_array_equal(table, expected)


def test_each_kind_of_evidence_has_the_pairs_as_its_leading_axis() -> None:
    drawn = Drawn(pairs(40, 30), random_places(default_rng(3), (210, 90), (40, 30), 7))
    assert drawn.of(BinaryCounts).tp.shape == (7,)  # type: ignore[attr-defined]
    assert drawn.of(ClassCounts).matrix.shape == (7, 2, 2)  # type: ignore[attr-defined]
    assert drawn.of(LevelCounts).differences.shape == (7, 511)  # type: ignore[attr-defined]
    assert drawn.of(JointCounts).counts.shape == (7, 256, 256)  # type: ignore[attr-defined]
    assert drawn.of(Regions).truth.shape == drawn.of(Masks).truth.shape == (7, 30, 40)  # type: ignore[attr-defined]


@given(st.integers(1, 200), st.integers(0, 2**32))
def test_words_hold_the_pixels_of_a_rectangle_and_nothing_else(width: int, seed: int) -> None:
    mask = default_rng(seed).random((3, 230)) < 0.5
    x = np.array([0, 230 - width, (230 - width) // 2])
    words = BitPlane.of(mask).cut(x, np.array([0, 1, 0]), width, 2)
    for index, (left, top) in enumerate(zip(x.tolist(), (0, 1, 0), strict=True)):
        bits = np.unpackbits(words[index].T.copy().view(np.uint8), axis=1, bitorder="little")
        np.testing.assert_array_equal(bits[:, :width], mask[top : top + 2, left : left + width])
        assert not bits[:, width:].any()
    assert count_bits(words).tolist() == [
        int(mask[top : top + 2, left : left + width].sum()) for left, top in zip(x.tolist(), (0, 1, 0), strict=True)
    ]


def test_shifts_are_counted_as_a_fourier_transform_counts_them() -> None:
    height, width = NOISE.shape
    shifted = np.pad(OTHER, ((0, height - 1), (0, width - 1)), "wrap")
    found = Pairs(NOISE, shifted, width, height, pairs(1, 1).labelling)
    places = shifted_places(default_rng(4), (width, height), Rectangle(0, 0, width, height), 500)
    spectra = [np.fft.rfft2((levels >= 128).astype(float)) for levels in (NOISE, OTHER)]
    both = np.rint(np.fft.irfft2(np.conj(spectra[0]) * spectra[1], s=NOISE.shape))
    np.testing.assert_array_equal(found.binary(places).tp, both[places.test_y, places.test_x])
