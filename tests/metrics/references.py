"""What each metric should be, by somebody else's code or by brute force over pixels. NaN where it is undefined.

The key of each entry is the metric's. A test holds them to the catalogue: no metric without a reference.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from math import inf, isfinite, log, nan, sqrt

import numpy as np
from metrics import formulas
from metrics.cases import Case
from scipy import stats
from scipy.ndimage import binary_erosion, generate_binary_structure
from scipy.signal import convolve2d
from scipy.spatial import distance
from skimage import metrics as sk_image
from sklearn import metrics as sk
from statsmodels.stats import contingency_tables


def share(selected: Sequence[bool] | np.ndarray) -> float:
    """The share of true ones; NaN of none."""
    return sum(map(bool, selected)) / len(selected) if len(selected) else nan


def over(a: float, b: float) -> float:
    return a / b if b != 0 else nan


def quietly(call: Callable[..., float], *args: object, **options: object) -> float:
    """The libraries warn of degenerate cases, which are meant here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return float(call(*args, **options))


def recall(c: Case, positive: int = 1) -> float:
    y, z = c.labelled
    return share(z[y == positive] == positive)


def precision(c: Case, positive: int = 1) -> float:
    y, z = c.labelled
    return share(y[z == positive] == positive)


def of_sklearn(name: str, **options: object) -> Callable[[Case], float]:
    """A function of labels."""
    return lambda c: quietly(getattr(sk, name), *c.labelled, **options)


def averaged(name: str, average: str) -> Callable[[Case], float]:
    return lambda c: quietly(getattr(sk, name), *c.labelled, average=average, labels=list(c.classes), zero_division=nan)


def of_levels(call: Callable[..., float], **options: object) -> Callable[[Case], float]:
    return lambda c: quietly(call, c.t, c.s, **options)


def unless(undefined: Callable[[Case], bool], reference: Callable[[Case], float]) -> Callable[[Case], float]:
    return lambda c: nan if undefined(c) else reference(c)


def one_class(c: Case) -> bool:
    return len(set(c.labelled[0]) | set(c.labelled[1])) == 1


def one_truth_class(c: Case) -> bool:
    return len(set(c.labelled[0])) == 1


def one_test_class(c: Case) -> bool:
    return len(set(c.labelled[1])) == 1


def one_class_each(c: Case) -> bool:
    return one_truth_class(c) and one_test_class(c)


def constant_truth(c: Case) -> bool:
    return len(set(c.t)) == 1


def a_constant(c: Case) -> bool:
    return constant_truth(c) or len(set(c.s)) == 1


def of_class(measure: Callable[[set[int], set[int]], float], c: Case) -> list[tuple[float, int]]:
    """A measure of two sets of pixel places for each class, where it is defined, with the truth's pixels."""
    y, z = ([set(np.flatnonzero(labels == k)) for k in c.classes] for labels in c.labelled)
    return [(measure(a, b), len(a)) for a, b in zip(y, z, strict=True) if a | b]


def jaccard(a: set[int], b: set[int]) -> float:
    return len(a & b) / len(a | b)


def weighted(values: list[tuple[float, int]]) -> float:
    return sum(value * weight for value, weight in values) / sum(weight for _, weight in values)


def positives(c: Case) -> tuple[set[int], set[int]]:
    y, z = c.labelled
    return set(np.flatnonzero(y)), set(np.flatnonzero(z))


def volumetric_similarity(c: Case) -> float:
    a, b = map(len, positives(c))
    return nan if a + b == 0 else 1 - abs(a - b) / (a + b)


def prevalence_threshold(c: Case) -> float:
    tpr, fpr = recall(c), 1 - recall(c, 0)
    return over(sqrt(fpr), sqrt(tpr) + sqrt(fpr)) if isfinite(tpr) and isfinite(fpr) else nan


def diagnostic_odds_ratio(c: Case) -> float:
    matrix = sk.confusion_matrix(*c.labelled, labels=[0, 1])
    return nan if 0 in (matrix[0, 1], matrix[1, 0]) else quietly(lambda: stats.fisher_exact(matrix)[0])


def kappa(weights: str | None) -> Callable[[Case], float]:
    return unless(
        one_class, lambda c: quietly(sk.cohen_kappa_score, *c.labelled, labels=list(c.classes), weights=weights)
    )


def gwet_ac1(c: Case) -> float:
    """Gwet 2008: chance is the share of pixels hard to label, spread evenly over the classes."""
    y, z = c.labelled
    prevalences = [(share(y == k) + share(z == k)) / 2 for k in c.classes]
    chance = sum(pi * (1 - pi) for pi in prevalences) / (len(c.classes) - 1)
    return (share(y == z) - chance) / (1 - chance)


def scott_pi(c: Case) -> float:
    """Scott 1955: chance draws both labels from the labels of both regions together."""
    y, z = c.labelled
    chance = sum((count / (2 * len(y))) ** 2 for count in Counter([*y, *z]).values())
    return over(share(y == z) - chance, 1 - chance) if not one_class(c) else nan


def krippendorff_alpha(c: Case) -> float:
    """Hayes and Krippendorff 2007: by the coincidences of values within pixels, and of all values."""
    y, z = c.labelled
    coincidences: Counter[tuple[int, int]] = Counter()
    for a, b in zip(y, z, strict=True):
        coincidences[a, b] += 1
        coincidences[b, a] += 1
    values = Counter([*y, *z])
    observed = sum(count for (a, b), count in coincidences.items() if a != b)
    expected = sum(values[a] * values[b] for a in values for b in values if a != b) / (2 * len(y) - 1)
    return 1 - over(observed, expected)


def same_pairs(c: Case) -> tuple[np.ndarray, np.ndarray]:
    """Of any two different pixels: are they of one class in the truth, and in the test?"""
    two = np.triu_indices(len(c.t), 1)
    return tuple((labels[:, None] == labels)[two] for labels in c.labelled)


def adjusted_rand_index(c: Case) -> float:
    truth, test = same_pairs(c)
    if not truth.size or ((truth == test).all() and len(set(truth)) == 1):
        return nan
    return quietly(sk.adjusted_rand_score, *c.labelled)


def expected_calibration_error(c: Case) -> float:
    y, _ = c.labelled
    total = 0.0
    for b in range(10):
        inside = np.array([min(9, 10 * level // 255) == b for level in c.s.tolist()])
        if inside.any():
            total += inside.sum() * abs((c.s[inside] / 255).mean() - y[inside].mean())
    return total / len(y)


def log_loss(c: Case) -> float:
    y, _ = c.labelled
    likelihood = np.where(y == 1, c.s / 255, 1 - c.s / 255)
    return nan if (likelihood == 0).any() else quietly(sk.log_loss, y, c.s / 255, labels=[0, 1])


def icc(c: Case) -> float:
    """McGraw and Wong 1996, case 2A: by the mean squares of a two-way analysis of variance."""
    x = np.stack([c.t, c.s], axis=1).astype(float)
    n, k = x.shape
    if n == 1:
        return nan
    of_pixels, of_regions = x.mean(1, keepdims=True), x.mean(0, keepdims=True)
    msr = k * ((of_pixels - x.mean()) ** 2).sum() / (n - 1)
    msc = n * ((of_regions - x.mean()) ** 2).sum() / (k - 1)
    mse = ((x - of_pixels - of_regions + x.mean()) ** 2).sum() / ((n - 1) * (k - 1))
    return over(msr - mse, msr + (k - 1) * mse + k / n * (msc - mse))


def concordance(c: Case) -> float:
    """Lin 1989: one less the mean squared difference over what it would be without correlation."""
    shift = c.t.mean() - c.s.mean()
    return 1 - over(((c.t - c.s) ** 2).mean(), c.t.var() + c.s.var() + shift**2)


def shares(c: Case) -> tuple[np.ndarray, np.ndarray]:
    """Of the truth's and of the test's pixels, at each level that occurs."""
    levels = sorted({*c.t, *c.s})
    return tuple(np.array([share(region == level) for level in levels]) for region in (c.t, c.s))


def of_shares(call: Callable[[np.ndarray, np.ndarray], float]) -> Callable[[Case], float]:
    return lambda c: quietly(call, *shares(c))


def kullback_leibler(c: Case) -> float:
    divergence = float(stats.entropy(*shares(c)))
    return divergence if divergence < inf else nan


def bhattacharyya_distance(c: Case) -> float:
    f, g = shares(c)
    return nan if not (f * g).any() else -log(sum(sqrt(a * b) for a, b in zip(f, g, strict=True)))


def cohen_d(c: Case) -> float:
    if len(c.t) < 2:
        return nan
    return over(c.s.mean() - c.t.mean(), sqrt((c.t.var(ddof=1) + c.s.var(ddof=1)) / 2))


def cramer_von_mises(c: Case) -> float:
    """Anderson 1962 by ranks for a single pixel, which SciPy refuses."""
    if len(c.t) > 1:
        return quietly(lambda: stats.cramervonmises_2samp(c.t, c.s, method="asymptotic").statistic)
    rank_of_truth, rank_of_test = stats.rankdata([*c.t, *c.s])
    return ((rank_of_truth - 1) ** 2 + (rank_of_test - 1) ** 2) / 2 - 3 / 12


def ssim(c: Case) -> float:
    if min(c.truth.shape) < 11:
        return nan
    options = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False, "data_range": 255}
    return float(sk_image.structural_similarity(c.truth, c.test, **options))


def differing(c: Case) -> bool:
    return bool((c.labelled[0] != c.labelled[1]).any())


def mcnemar_p(c: Case) -> float:
    matrix = sk.confusion_matrix(*c.labelled, labels=[0, 1])
    return quietly(lambda: contingency_tables.mcnemar(matrix, exact=False, correction=False).pvalue)


def bowker_p(c: Case) -> float:
    """Statsmodels' statistic; its degrees of freedom count pairs of classes that never meet."""
    matrix = sk.confusion_matrix(*c.labelled, labels=list(c.classes))
    meeting = {frozenset(pair) for pair in zip(*c.labelled, strict=True) if pair[0] != pair[1]}
    return stats.chi2.sf(contingency_tables.SquareTable(matrix, shift_zeros=False).symmetry().statistic, len(meeting))


def stuart_maxwell_p(c: Case) -> float:
    """Stuart 1955: how the counts of classes differ, over the covariance of the difference that each pixel makes."""
    y, z = c.labelled
    one_hot = np.eye(len(c.classes))
    change = one_hot[y] - one_hot[z]
    difference, covariance = change.sum(0), change.T @ change
    statistic = difference @ np.linalg.pinv(covariance, hermitian=True) @ difference
    return stats.chi2.sf(statistic, np.linalg.matrix_rank(covariance, hermitian=True))


def ks_p(c: Case) -> float:
    """The limiting distribution; scipy.stats.ks_2samp takes that of one sample of half the pixels for it."""
    statistic = quietly(lambda: stats.ks_2samp(c.t, c.s, method="asymp").statistic)
    return stats.kstwobign.sf(sqrt(len(c.t) / 2) * statistic)


def one_level(c: Case) -> bool:
    return len({*c.t, *c.s}) == 1


def boundaries(c: Case) -> list[np.ndarray]:
    return [mask & ~binary_erosion(mask, generate_binary_structure(2, 1)) for mask in map(np.bool, c.class_maps)]


def of_boundaries(measure: Callable[[np.ndarray, np.ndarray], float]) -> Callable[[Case], float]:
    """A measure of boundary maps (H, W), bool."""
    return lambda c: measure(*boundaries(c)) if all(map(np.any, boundaries(c))) else nan


def of_distances(measure: Callable[[np.ndarray, np.ndarray], float]) -> Callable[[Case], float]:
    """A measure of the distances from each boundary pixel to the nearest of the other, by brute force."""

    def reference(truth: np.ndarray, test: np.ndarray) -> float:
        every = distance.cdist(np.argwhere(truth), np.argwhere(test))
        return float(measure(every.min(1), every.min(0)))

    return of_boundaries(reference)


def boundary_iou(c: Case) -> float:
    """As in the authors' code: cv2.erode by ones(3, 3), as often as the band is wide, with 0 around the picture."""
    bands = []
    for mask in map(np.bool, c.class_maps):
        eroded = mask
        for _ in range(max(1, round(0.02 * sqrt(mask.shape[0] ** 2 + mask.shape[1] ** 2)))):
            eroded = binary_erosion(eroded, np.ones((3, 3)), border_value=0)
        bands.append(set(np.flatnonzero(mask ^ eroded)))
    return jaccard(*bands) if bands[0] | bands[1] else nan


def ms_ssim(c: Case) -> float:
    """Wang et al. 2003 by scikit-image's maps: the mean of contrast and pattern, at the last scale that of all."""
    if min(c.truth.shape) < 176:
        return nan
    t, s = c.truth.astype(float), c.test.astype(float)
    product = 1.0
    for scale, weight in enumerate((0.0448, 0.2856, 0.3001, 0.2363, 0.1333)):
        options = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False, "data_range": 255}
        mean, full = sk_image.structural_similarity(t, s, full=True, **options)
        if scale < 4:
            mu_t, mu_s = formulas.window_mean(t), formulas.window_mean(s)
            mean = (full[5:-5, 5:-5] * (mu_t**2 + mu_s**2 + 2.55**2) / (2 * mu_t * mu_s + 2.55**2)).mean()
        product *= mean**weight if mean >= 0 else nan
        t, s = (np.pad(x, [(0, side % 2) for side in x.shape], "symmetric") for x in (t, s))
        t, s = ((x[::2, ::2] + x[1::2, ::2] + x[::2, 1::2] + x[1::2, 1::2]) / 4 for x in (t, s))
    return product


def gmsd(c: Case) -> float:
    """Xue et al. 2014, as in the authors' GMSD.m but for std2, which divides by n - 1."""
    across = np.array([[1, 0, -1]] * 3) / 3
    magnitudes = []
    for x in (c.truth, c.test):
        # In MATLAB "same" starts at the second place where a 2 x 2 filter touches the picture, in SciPy at the first.
        half = convolve2d(x, np.ones((2, 2)) / 4, "full")[1::2, 1::2]
        magnitudes.append(np.hypot(*(convolve2d(half, kernel, "same") for kernel in (across, across.T))))
    a, b = magnitudes
    return float(np.std((2 * a * b + 170) / (a**2 + b**2 + 170)))


REFERENCES: dict[str, Callable[[Case], float]] = {
    "accuracy": of_sklearn("accuracy_score"),
    "error_rate": of_sklearn("zero_one_loss"),
    "balanced_accuracy": of_sklearn("balanced_accuracy_score"),
    "precision": of_sklearn("precision_score", zero_division=nan),
    "recall": of_sklearn("recall_score", zero_division=nan),
    "specificity": of_sklearn("recall_score", pos_label=0, zero_division=nan),
    "negative_predictive_value": of_sklearn("precision_score", pos_label=0, zero_division=nan),
    "false_positive_rate": lambda c: share(c.labelled[1][c.labelled[0] == 0] == 1),
    "false_negative_rate": lambda c: share(c.labelled[1][c.labelled[0] == 1] == 0),
    "false_discovery_rate": lambda c: share(c.labelled[0][c.labelled[1] == 1] == 0),
    "false_omission_rate": lambda c: share(c.labelled[0][c.labelled[1] == 0] == 1),
    "f1": of_sklearn("f1_score", zero_division=nan),
    "f2": of_sklearn("fbeta_score", beta=2, zero_division=nan),
    "f0_5": of_sklearn("fbeta_score", beta=0.5, zero_division=nan),
    "iou": unless(lambda c: not any(positives(c)), lambda c: jaccard(*positives(c))),
    "g_mean": lambda c: sqrt(recall(c) * recall(c, 0)),
    "fowlkes_mallows": lambda c: sqrt(precision(c) * recall(c)),
    "prevalence": lambda c: share(c.labelled[0] == 1),
    "predicted_prevalence": lambda c: share(c.labelled[1] == 1),
    "volumetric_similarity": volumetric_similarity,
    "positive_likelihood_ratio": lambda c: over(recall(c), share(c.labelled[1][c.labelled[0] == 0] == 1)),
    "negative_likelihood_ratio": lambda c: over(share(c.labelled[1][c.labelled[0] == 1] == 0), recall(c, 0)),
    "diagnostic_odds_ratio": diagnostic_odds_ratio,
    "youden_j": lambda c: recall(c) + recall(c, 0) - 1,
    "markedness": lambda c: precision(c) + precision(c, 0) - 1,
    "prevalence_threshold": prevalence_threshold,
    "macro_precision": averaged("precision_score", "macro"),
    "macro_recall": averaged("recall_score", "macro"),
    "macro_f1": averaged("f1_score", "macro"),
    "weighted_f1": averaged("f1_score", "weighted"),
    "mean_iou": lambda c: float(np.mean([value for value, _ in of_class(jaccard, c)])),
    "frequency_weighted_iou": lambda c: weighted(of_class(jaccard, c)),
    "cohen_kappa": kappa(None),
    "linear_weighted_kappa": kappa("linear"),
    "quadratic_weighted_kappa": kappa("quadratic"),
    "mcc": unless(lambda c: one_truth_class(c) or one_test_class(c), of_sklearn("matthews_corrcoef")),
    "gwet_ac1": gwet_ac1,
    "scott_pi": scott_pi,
    "krippendorff_alpha": krippendorff_alpha,
    "rand_index": lambda c: share(np.equal(*same_pairs(c))),
    "adjusted_rand_index": adjusted_rand_index,
    "no_information_rate": lambda c: Counter(c.labelled[0]).most_common(1)[0][1] / len(c.t),
    "roc_auc": unless(one_truth_class, lambda c: float(sk.roc_auc_score(c.labelled[0], c.s / 255))),
    "average_precision": unless(
        lambda c: not positives(c)[0], lambda c: float(sk.average_precision_score(c.labelled[0], c.s / 255))
    ),
    "brier_score": lambda c: float(sk.mean_squared_error(c.labelled[0], c.s / 255)),
    "log_loss": log_loss,
    "expected_calibration_error": expected_calibration_error,
    "mae": of_levels(sk.mean_absolute_error),
    "mse": of_levels(sk.mean_squared_error),
    "rmse": of_levels(sk.root_mean_squared_error),
    "nrmse": unless(constant_truth, of_levels(sk_image.normalized_root_mse, normalization="min-max")),
    "max_error": of_levels(sk.max_error),
    "bias": lambda c: sum((c.s - c.t).tolist()) / len(c.t),
    "psnr": unless(
        lambda c: bool((c.t == c.s).all()),
        lambda c: float(sk_image.peak_signal_noise_ratio(c.truth, c.test, data_range=255)),
    ),
    "median_absolute_error": of_levels(sk.median_absolute_error),
    "differing_share": of_levels(distance.hamming),
    "pearson": unless(a_constant, of_levels(lambda t, s: stats.pearsonr(t, s).statistic)),
    "spearman": unless(a_constant, of_levels(lambda t, s: stats.spearmanr(t, s).statistic)),
    "kendall_tau_b": unless(a_constant, of_levels(lambda t, s: stats.kendalltau(t, s, variant="b").statistic)),
    "concordance": concordance,
    "r2": unless(constant_truth, of_levels(sk.r2_score)),
    "explained_variance": unless(constant_truth, of_levels(sk.explained_variance_score)),
    "icc": icc,
    "cosine_similarity": unless(
        lambda c: not c.t.any() or not c.s.any(), of_levels(lambda t, s: 1 - distance.cosine(t, s))
    ),
    "label_mutual_information": of_sklearn("mutual_info_score"),
    "normalized_mutual_information": unless(one_class_each, of_sklearn("normalized_mutual_info_score")),
    "variation_of_information": lambda c: float(
        sum(sk_image.variation_of_information(*(x.reshape(c.truth.shape) for x in c.labelled))) * log(2)
    ),
    "v_measure": unless(one_class_each, of_sklearn("v_measure_score")),
    "homogeneity": unless(one_truth_class, of_sklearn("homogeneity_score")),
    "completeness": unless(one_test_class, of_sklearn("completeness_score")),
    "joint_entropy": lambda c: float(stats.entropy(list(Counter(zip(c.t, c.s, strict=True)).values()))),
    "mutual_information": of_levels(sk.mutual_info_score),
    "ks_statistic": of_levels(lambda t, s: stats.ks_2samp(t, s, method="asymp").statistic),
    "wasserstein": of_levels(stats.wasserstein_distance),
    "energy_distance": of_levels(stats.energy_distance),
    "cramer_von_mises": cramer_von_mises,
    "total_variation": of_shares(lambda f, g: distance.cityblock(f, g) / 2),
    "histogram_intersection": lambda c: (Counter(c.t) & Counter(c.s)).total() / len(c.t),
    "chi_square_distance": of_shares(lambda f, g: sum((f - g) ** 2 / (f + g)) / 2),
    "bhattacharyya_distance": bhattacharyya_distance,
    "hellinger_distance": of_shares(lambda f, g: distance.euclidean(np.sqrt(f), np.sqrt(g)) / sqrt(2)),
    "kullback_leibler": kullback_leibler,
    "jensen_shannon": of_shares(lambda f, g: distance.jensenshannon(f, g) ** 2),
    "cohen_d": cohen_d,
    "common_language_effect": lambda c: (
        quietly(lambda: stats.mannwhitneyu(c.s, c.t, method="asymptotic").statistic) / len(c.t) ** 2
    ),
    "mcnemar_p": unless(lambda c: not differing(c), mcnemar_p),
    "bowker_p": unless(lambda c: not differing(c), bowker_p),
    "stuart_maxwell_p": unless(lambda c: not differing(c), stuart_maxwell_p),
    "ks_p": ks_p,
    "mann_whitney_p": unless(one_level, of_levels(lambda t, s: stats.mannwhitneyu(t, s, method="asymptotic").pvalue)),
    "welch_t_p": unless(
        lambda c: constant_truth(c) and len(set(c.s)) == 1,
        of_levels(lambda t, s: stats.ttest_ind(t, s, equal_var=False).pvalue),
    ),
    "ssim": ssim,
    "ms_ssim": ms_ssim,
    "gmsd": gmsd,
    "hausdorff_px": of_boundaries(sk_image.hausdorff_distance),
    "hausdorff_95_px": of_distances(lambda a, b: max(np.percentile(a, 95), np.percentile(b, 95))),
    "average_surface_distance_px": of_distances(lambda a, b: np.concatenate([a, b]).mean()),
    "surface_dice": of_distances(lambda a, b: share(np.concatenate([a, b]) <= 1)),
    "boundary_iou": boundary_iou,
}
