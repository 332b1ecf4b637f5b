"""Published values of scores, errors and correlation: how the test's grey levels follow the truth."""

from __future__ import annotations

from fractions import Fraction

from metrics.published import Published, example, mean_of, of_labels, of_levels, of_scores

# There y is 3, -0.5, 2, 7 and its prediction 2.5, 0, 2, 8; here both are doubled and raised by 1.
HALVES = of_levels([7, 0, 5, 15], [6, 1, 5, 17])
# Student's hours of sleep gained by two drugs, the data set sleep of R; here in tenths of an hour, raised by 16.
DRUG_1 = [23, 0, 14, 4, 15, 50, 53, 24, 16, 36]
DRUG_2 = [35, 24, 27, 17, 15, 60, 71, 32, 62, 50]

LEVELS: list[Published] = [
    *example(
        "Hanley J. A., McNeil B. J. (1982), table I: 109 CT images rated in five grades",
        of_levels(
            [0] * 58 + [1] * 51,
            [g for grade, count in enumerate([33, 6, 6, 11, 2]) for g in [grade] * count]
            + [g for grade, count in enumerate([3, 2, 2, 11, 33]) for g in [grade] * count],
        ),
        {"roc_auc": "0.893"},
    ),
    *example(
        "scikit-learn, average_precision_score and auc, examples, their scores times 100",
        of_levels([0, 0, 1, 1], [10, 40, 35, 80]),
        {"average_precision": "0.83", "roc_auc": "0.75"},
    ),
    *example(
        "scikit-learn, brier_score_loss, example",
        of_scores([0, 1, 1, 0], [0.1, 0.9, 0.8, 0.3]),
        {"brier_score": "0.0375"},
    ),
    *example(
        "scikit-learn, log_loss, example",
        of_scores([1, 0, 0, 1], [0.9, 0.1, 0.2, 0.65]),
        {"log_loss": "0.21616"},
    ),
    *example(
        "MetricsReloaded, test of expectation_calibration_error, after Reinke A. et al. (2024), Understanding "
        "metric-related pitfalls in image analysis validation, figure SN 2.24, ten bins",
        of_scores([0, 1, 0, 0, 1, 1, 1, 1, 1, 0], [0.22, 0.48, 0.49, 0.96, 0.55, 0.64, 0.78, 0.82, 0.34, 0.87]),
        {"expected_calibration_error": "0.36"},
    ),
    *example(
        "scikit-learn, user guide, Regression metrics",
        HALVES,
        {"r2": "0.948608", "explained_variance": "0.957173"},
    ),
    *example(
        "scikit-learn, user guide, Regression metrics, and root_mean_squared_error, example",
        HALVES,
        {"mae": Fraction(1, 2), "median_absolute_error": Fraction(1, 2), "rmse": "0.612"},
        lambda doubled: doubled / 2,
    ),
    *example(
        "scikit-learn, user guide, Regression metrics",
        HALVES,
        {"mse": Fraction(3, 8)},
        lambda quadrupled: quadrupled / 4,
    ),
    *example(
        "Keras, keras.metrics.ConcordanceCorrelation, example, the mean of its two lists, times 10",
        mean_of(of_levels([0, 10, 5], [1, 9, 5]), of_levels([10, 10, 2], [10, 9, 2])),
        {"concordance": "0.981632038542"},
    ),
    *example(
        "torchmetrics, NormalizedRootMeanSquaredError by the range, example, doubled",
        of_levels([5, 10, 8, 16], [6, 10, 5, 14]),
        {"nrmse": "0.1701"},
    ),
    *example("scikit-learn, max_error, example", of_levels([3, 2, 7, 1], [4, 2, 7, 1]), {"max_error": Fraction(1)}),
    *example(
        "R, t.test, example of paired groups in the data set sleep, after Student (1908), The probable error of a mean",
        of_levels(DRUG_2, DRUG_1),
        {"bias": "-1.58"},
        lambda tenths: tenths / 10,
    ),
    *example(
        "torchmetrics, PeakSignalNoiseRatio, example, from a range of 0..3 to 0..255",
        of_levels([255, 170, 85, 0], [0, 85, 170, 255]),
        {"psnr": "2.5527"},
    ),
    *example(
        "SciPy, scipy.spatial.distance.hamming, example",
        of_levels([1, 0, 0], [0, 1, 0]),
        {"differing_share": Fraction(2, 3)},
    ),
    *example(
        "SciPy, scipy.stats.pearsonr, example, y doubled",
        of_levels([1, 2, 3, 4, 5, 6, 7], [20, 18, 5, 12, 8, 6, 4]),
        {"pearson": "-0.828503883588428"},
    ),
    *example(
        "Wikipedia, Spearman's rank correlation coefficient, example: intelligence and hours of television",
        of_levels([106, 100, 86, 101, 99, 103, 97, 113, 112, 110], [7, 27, 2, 50, 28, 29, 20, 12, 6, 17]),
        {"spearman": Fraction(-29, 165)},
    ),
    *example(
        "SciPy, scipy.stats.kendalltau, example",
        of_levels([12, 2, 1, 12, 2], [1, 4, 7, 1, 0]),
        {"kendall_tau_b": "-0.47140452"},
    ),
    *example(
        "McGraw K. O., Wong S. P. (1996), Forming inferences about some intraclass correlation coefficients, as the "
        "manual of the R package rel has it: absolute agreement of the paired scores (2, 4), (4, 6) and (6, 8)",
        of_levels([2, 4, 6], [4, 6, 8]),
        {"icc": "0.67"},
    ),
    *example(
        "SciPy, scipy.spatial.distance.cosine, example",
        of_levels([1, 1, 0], [0, 1, 0]),
        {"cosine_similarity": "0.29289321881345"},
        lambda similarity: 1 - similarity,
    ),
    *example("scikit-learn, hamming_loss, example", of_labels([2, 2, 3, 4], [1, 2, 3, 4]), {"differing_share": "0.25"}),
]
