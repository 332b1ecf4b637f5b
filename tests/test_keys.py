"""The keys that clients rely on: which metrics there are, and which of them a report has for how many classes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image
from sklearn import metrics as sk

from crosspatch.cli import main
from crosspatch.metrics import CATALOGUE


def keys(text: str) -> list[str]:
    return text.split()


RATES = keys("""precision recall specificity negative_predictive_value false_positive_rate false_negative_rate
    false_discovery_rate false_omission_rate f1 f2 f0_5 iou g_mean fowlkes_mallows prevalence predicted_prevalence
    volumetric_similarity positive_likelihood_ratio negative_likelihood_ratio diagnostic_odds_ratio youden_j markedness
    prevalence_threshold""")
WHOLE_RATES = keys("""accuracy balanced_accuracy error_rate macro_precision macro_recall macro_f1 weighted_f1 mean_iou
    frequency_weighted_iou""")
BOUNDARY = keys("hausdorff_px hausdorff_95_px average_surface_distance_px surface_dice boundary_iou")
SCORES = keys("roc_auc average_precision brier_score log_loss expected_calibration_error")
WHOLE = {
    "agreement": keys("""cohen_kappa linear_weighted_kappa quadratic_weighted_kappa mcc gwet_ac1 scott_pi
        krippendorff_alpha rand_index adjusted_rand_index no_information_rate"""),
    "errors": keys("mae mse rmse nrmse max_error bias psnr median_absolute_error differing_share"),
    "correlation": keys("""pearson spearman kendall_tau_b concordance r2 explained_variance icc
        cosine_similarity"""),
    "information": keys("""label_mutual_information normalized_mutual_information variation_of_information v_measure
        homogeneity completeness joint_entropy mutual_information"""),
    "distributions": keys("""ks_statistic wasserstein energy_distance cramer_von_mises total_variation
        histogram_intersection chi_square_distance bhattacharyya_distance hellinger_distance kullback_leibler
        jensen_shannon cohen_d common_language_effect"""),
    "tests": keys("mcnemar_p bowker_p stuart_maxwell_p ks_p mann_whitney_p welch_t_p"),
    "structure": keys("ssim ms_ssim gmsd"),
}
FAMILIES = {"rates": [*RATES, *WHOLE_RATES], "scores": SCORES, "boundary": BOUNDARY, **WHOLE}


def test_the_catalogue_has_exactly_the_keys_that_are_promised() -> None:
    found = {family: {key for key, each in CATALOGUE.items() if each.family == family} for family in FAMILIES}
    assert found == {family: set(keys) for family, keys in FAMILIES.items()}
    assert set(CATALOGUE) == {key for keys in FAMILIES.values() for key in keys}


@pytest.mark.parametrize("classes", [2, 21, 256])
def test_two_masks_of_any_number_of_classes_give_every_key_that_applies(classes: int, tmp_path: Path) -> None:
    rng = np.random.default_rng(classes)
    truth = rng.integers(0, classes, (200, 190)).astype(np.uint8)
    truth.flat[:classes] = np.arange(classes)
    test = np.where(rng.random(truth.shape) < 0.7, truth, rng.integers(0, classes, truth.shape)).astype(np.uint8)
    names = [tmp_path / f"{name}.png" for name in ("truth", "test")]
    for name, pixels in zip(names, (truth, test), strict=True):
        Image.fromarray(pixels).save(name)
    options = [] if classes <= 32 else ["--labels", "values"]
    done = CliRunner().invoke(main, ["compare", *map(str, names), *options, "--format", "json"])
    report = json.loads(done.stdout)
    whole = [key for keys in WHOLE.values() for key in keys] + WHOLE_RATES
    expected = {*whole, *RATES, *SCORES, *BOUNDARY} if classes == 2 else {*whole} - {"mcnemar_p"}
    assert {row["key"] for row in report["metrics"]} == expected
    assert report["confusion"]["matrix"] == sk.confusion_matrix(truth.ravel(), test.ravel()).tolist()
    assert len(report["per_class"]) == (0 if classes == 2 else classes)
    for each in report["per_class"]:
        assert {row["key"] for row in each["metrics"]} == {*RATES, *BOUNDARY}
    kappa = next(row["value"] for row in report["metrics"] if row["key"] == "cohen_kappa")
    assert kappa == pytest.approx(sk.cohen_kappa_score(truth.ravel(), test.ravel()), abs=1e-9)
    assert (report["curves"] is None) == (classes > 2)
