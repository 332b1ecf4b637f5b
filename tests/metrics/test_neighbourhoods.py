"""Structure and boundary on regions larger than those of the cases, and each class of many, against the references."""

from __future__ import annotations

import numpy as np
import pytest
from metrics.cases import CASES, Case
from metrics.references import REFERENCES
from skimage import data

from crosspatch.evidence import Evidence, Masks, Regions
from crosspatch.measure import measure_classes
from crosspatch.metrics import CATALOGUE

_rng = np.random.default_rng(27)
BOUNDARY = [key for key, metric in CATALOGUE.items() if metric.family == "boundary"]
CAMERA, COINS = data.camera(), data.coins()


def noisy(region: np.ndarray, spread: int) -> np.ndarray:
    noise = _rng.integers(-spread, spread + 1, region.shape)
    return np.clip(region.astype(int) + noise, 0, 255).astype(np.uint8)


LARGE = {
    "two places of a photograph": Case(CAMERA[:192, :200], CAMERA[200:392, 100:300]),
    "a photograph with noise": Case(CAMERA[:176, :176], noisy(CAMERA[:176, :176], 30)),
    "odd sides": Case(CAMERA[5:192, 9:210], noisy(CAMERA[5:192, 9:210], 90)),
    "a side of 175 px": Case(CAMERA[:175, :300], CAMERA[100:275, :300]),
    "inverted": Case(CAMERA[:180, :180], 255 - CAMERA[:180, :180]),
    "darker": Case(COINS[:190, :240], COINS[:190, :240] // 3, "threshold:60"),
    "noise": Case(*_rng.integers(0, 256, (2, 177, 181)).astype(np.uint8)),
    "identical": Case(COINS, COINS, "threshold:107"),
    "coins, moved by four": Case(COINS[4:, :], COINS[:-4, :], "threshold:107"),
    "few pixels, far apart": Case(np.pad([[255]], ((3, 150), (190, 2))), np.pad([[255, 0, 255]], ((150, 3), (1, 189)))),
    "a pixel against noise": Case(np.pad([[255]], ((70, 50), (60, 50))), _rng.integers(0, 256, (121, 111))),
    "a narrow strip": Case(*_rng.integers(0, 256, (2, 2, 400)).astype(np.uint8), "threshold:250"),
}


@pytest.mark.parametrize("name", LARGE)
def test_structure_and_boundary_of_large_regions_equal_their_references(name: str) -> None:
    case = Case(LARGE[name].truth.astype(np.uint8), LARGE[name].test.astype(np.uint8), LARGE[name].labels)
    keys = [*BOUNDARY, "ssim", "ms_ssim", "gmsd"]
    actual = {key: case.value(CATALOGUE[key]) for key in keys}
    assert actual == pytest.approx({key: REFERENCES[key](case) for key in keys}, rel=1e-9, abs=1e-9, nan_ok=True)


MANY = {name: case for name, case in CASES.items() if len(case.classes) > 2} | {
    "a photograph in sixteen classes": Case(CAMERA[:90, :100], CAMERA[300:390, 200:300], "levels:16"),
    "a photograph, a class a level": Case(CAMERA[:40, :50], CAMERA[300:340, 200:250], "levels:256"),
}


@pytest.mark.parametrize("name", MANY)
def test_boundaries_of_each_class_are_those_of_its_mask_alone(name: str) -> None:
    case = MANY[name]
    found = measure_classes(case.evidence, [CATALOGUE[key] for key in BOUNDARY])
    actual = {(k, key): found[k][key].value for k in case.classes for key in BOUNDARY}
    expected = {(k, key): REFERENCES[key](case.of_class(k)) for k in case.classes for key in BOUNDARY}
    without = {place: np.nan if value is None else value for place, value in actual.items()}
    assert without == pytest.approx(expected, rel=1e-9, abs=1e-9, nan_ok=True)


def test_a_missing_class_has_no_distance_but_no_boundary_in_common_either() -> None:
    empty, full = np.zeros((2, 9, 9), np.uint8)
    full[3:6, 3:6] = 1
    actual = [CATALOGUE[key](Masks(*masks)).item() for masks in ((full, empty), (empty, full)) for key in BOUNDARY]
    np.testing.assert_array_equal(actual, [np.nan, np.nan, np.nan, np.nan, 0] * 2)


def test_opposed_patterns_have_no_multi_scale_similarity() -> None:
    stripes = np.tile(np.array([0, 255], np.uint8).repeat(20), (200, 5))
    assert np.isnan(CATALOGUE["ms_ssim"](Regions(stripes, 255 - stripes)))


def test_the_five_boundary_metrics_measure_the_distances_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    once = Masks.distances.func
    monkeypatch.setattr(Masks.distances, "func", lambda masks: calls.append(masks) or once(masks))
    evidence: Evidence = Case(CAMERA[:50, :50], CAMERA[50:100, :50]).evidence
    for key in BOUNDARY:
        CATALOGUE[key](evidence.of(Masks))
    assert len(calls) == 1
