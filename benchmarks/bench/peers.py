"""What others do, as their users would call it. In go arrays, out come values by Crosspatch's keys."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import pearsonr
from sklearn import metrics as sk

from bench.inputs import Levels


def usual_pointwise(truth: Levels, test: Levels, threshold: int, labels: type) -> dict[str, float]:
    """The 16 statistics by one library call each, with labels of the type named."""
    y, p = (truth >= threshold).astype(labels).ravel(), (test >= threshold).astype(labels).ravel()
    t, s = truth.ravel(), test.ravel()
    t64, s64 = t.astype(np.float64), s.astype(np.float64)
    return {
        "accuracy": sk.accuracy_score(y, p),
        "balanced_accuracy": sk.balanced_accuracy_score(y, p),
        "precision": sk.precision_score(y, p),
        "recall": sk.recall_score(y, p),
        "specificity": sk.recall_score(y, p, pos_label=0),
        "f1": sk.f1_score(y, p),
        "iou": sk.jaccard_score(y, p),
        "cohen_kappa": sk.cohen_kappa_score(y, p),
        "mcc": sk.matthews_corrcoef(y, p),
        "roc_auc": sk.roc_auc_score(y, s),
        "average_precision": sk.average_precision_score(y, s),
        "mae": sk.mean_absolute_error(t64, s64),
        "rmse": sk.root_mean_squared_error(t64, s64),
        "pearson": pearsonr(t64, s64).statistic,
        "r2": sk.r2_score(t64, s64),
        "mutual_information": sk.mutual_info_score(t, s),
    }


def careful_pointwise(truth: Levels, test: Levels, threshold: int) -> dict[str, float]:
    """The same by a user who takes two confusion matrices from scikit-learn and writes the formulas."""
    y, p = (truth >= threshold).astype(np.uint8).ravel(), (test >= threshold).astype(np.uint8).ravel()
    (tn, fp), (fn, tp) = sk.confusion_matrix(y, p).astype(np.float64)
    joint = sk.confusion_matrix(truth.ravel(), test.ravel(), labels=np.arange(256)).astype(np.float64)
    return _rates(tn, fp, fn, tp) | _scores(joint, threshold) | _of_levels(joint)


def _rates(tn: float, fp: float, fn: float, tp: float) -> dict[str, float]:
    n = tn + fp + fn + tp
    recall, specificity = tp / (tp + fn), tn / (tn + fp)
    chance = ((tp + fp) * (tp + fn) + (tn + fn) * (tn + fp)) / n**2
    return {
        "accuracy": (tp + tn) / n,
        "balanced_accuracy": (recall + specificity) / 2,
        "precision": tp / (tp + fp),
        "recall": recall,
        "specificity": specificity,
        "f1": 2 * tp / (2 * tp + fp + fn),
        "iou": tp / (tp + fp + fn),
        "cohen_kappa": ((tp + tn) / n - chance) / (1 - chance),
        "mcc": (tp * tn - fp * fn) / np.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)),
    }


def _scores(joint: NDArray[np.float64], threshold: int) -> dict[str, float]:
    positives, negatives = joint[threshold:].sum(0)[::-1], joint[:threshold].sum(0)[::-1]
    tps, fps = positives.cumsum(), negatives.cumsum()
    tpr, fpr = np.r_[0, tps / tps[-1]], np.r_[0, fps / fps[-1]]
    kept = tps + fps > 0
    precision = tps[kept] / (tps + fps)[kept]
    steps = np.diff(np.r_[0, tps[kept] / tps[-1]])
    return {"roc_auc": np.trapezoid(tpr, fpr), "average_precision": (steps * precision).sum()}


def _of_levels(joint: NDArray[np.float64]) -> dict[str, float]:
    n, rows, columns, level = joint.sum(), joint.sum(1), joint.sum(0), np.arange(256.0)
    gap = level[None, :] - level[:, None]
    mean_t, mean_s = rows @ level / n, columns @ level / n
    var_t, var_s = rows @ (level - mean_t) ** 2 / n, columns @ (level - mean_s) ** 2 / n
    covariance = (level - mean_t) @ joint @ (level - mean_s) / n
    mse = (joint * gap**2).sum() / n
    y, x = np.nonzero(joint)
    cells = joint[y, x]
    return {
        "mae": (joint * abs(gap)).sum() / n,
        "rmse": np.sqrt(mse),
        "pearson": covariance / np.sqrt(var_t * var_s),
        "r2": 1 - mse / var_t,
        "mutual_information": (cells / n * np.log(n * cells / (rows[y] * columns[x]))).sum(),
    }


def usual_binary(truth: NDArray[np.bool_], test: NDArray[np.bool_]) -> dict[str, float]:
    """15 metrics of two classes, one scikit-learn call each; where one is undefined, 0 without a warning.

    Labels are bytes: scikit-learn takes half as long for them as for booleans.
    """
    y, p = truth.view(np.uint8).ravel(), test.view(np.uint8).ravel()
    quiet = {"zero_division": 0}
    return {
        "accuracy": sk.accuracy_score(y, p),
        "error_rate": sk.zero_one_loss(y, p),
        "balanced_accuracy": sk.balanced_accuracy_score(y, p),
        "precision": sk.precision_score(y, p, **quiet),
        "recall": sk.recall_score(y, p, **quiet),
        "specificity": sk.recall_score(y, p, pos_label=0, **quiet),
        "negative_predictive_value": sk.precision_score(y, p, pos_label=0, **quiet),
        "f1": sk.f1_score(y, p, **quiet),
        "f2": sk.fbeta_score(y, p, beta=2, **quiet),
        "f0_5": sk.fbeta_score(y, p, beta=0.5, **quiet),
        "iou": sk.jaccard_score(y, p, **quiet),
        "cohen_kappa": sk.cohen_kappa_score(y, p),
        "mcc": sk.matthews_corrcoef(y, p),
        "macro_f1": sk.f1_score(y, p, average="macro", **quiet),
        "weighted_f1": sk.f1_score(y, p, average="weighted", **quiet),
    }
