"""What users of MONAI, torchmetrics and pycm call, on one thread of the processor. Imported where it is measured."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from bench.inputs import Levels

with warnings.catch_warnings():  # of what MONAI will drop, while it is imported and when it is called
    warnings.simplefilter("ignore")
    import torch
    from monai import metrics as monai
    from torchmetrics.functional import classification

torch.set_num_threads(1)
warnings.filterwarnings("ignore", category=FutureWarning, module="monai")

# MONAI's names of what Crosspatch calls otherwise.
MONAI_NAMES = {
    "accuracy": "accuracy",
    "balanced_accuracy": "balanced accuracy",
    "precision": "precision",
    "recall": "sensitivity",
    "specificity": "specificity",
    "negative_predictive_value": "negative predictive value",
    "false_positive_rate": "fall out",
    "false_negative_rate": "miss rate",
    "false_discovery_rate": "false discovery rate",
    "f1": "f1 score",
    "iou": "threat score",
    "mcc": "matthews correlation coefficient",
}
_TORCHMETRICS = {
    "accuracy": classification.binary_accuracy,
    "precision": classification.binary_precision,
    "recall": classification.binary_recall,
    "specificity": classification.binary_specificity,
    "f1": classification.binary_f1_score,
    "iou": classification.binary_jaccard_index,
    "cohen_kappa": classification.binary_cohen_kappa,
    "mcc": classification.binary_matthews_corrcoef,
}


def monai_mask(truth: Levels, test: Levels) -> Callable[[], dict[str, float]]:
    """12 metrics of two masks of 0 and 1; the tensors are made beforehand."""
    y, p = (torch.from_numpy(mask)[None, None] for mask in (truth, test))

    def call() -> dict[str, float]:
        counts = monai.get_confusion_matrix(p, y, include_background=True)
        named = MONAI_NAMES.items()
        return {key: monai.compute_confusion_matrix_metric(name, counts).item() for key, name in named}

    return call


def torchmetrics_mask(truth: Levels, test: Levels) -> Callable[[], dict[str, float]]:
    """8 metrics of two masks, likewise."""
    y, p = torch.from_numpy(truth), torch.from_numpy(test)
    return lambda: {key: metric(p, y).item() for key, metric in _TORCHMETRICS.items()}


def pycm_mask(truth: Levels, test: Levels) -> Callable[[], dict[str, float]]:
    """Everything that pycm makes of two masks, of which two are compared."""
    from pycm import ConfusionMatrix

    def call() -> dict[str, float]:
        found = ConfusionMatrix(truth.ravel(), test.ravel())
        return {"accuracy": found.Overall_ACC, "cohen_kappa": found.Kappa}

    return call


def monai_boundary(truth: Levels, test: Levels) -> Callable[[], dict[str, float]]:
    """Hausdorff distance, its 95th percentile and the average symmetric surface distance, by one call each."""
    y, p = (torch.from_numpy(mask)[None, None] for mask in (truth, test))
    return lambda: {
        "hausdorff_px": monai.compute_hausdorff_distance(p, y, include_background=True).item(),
        "hausdorff_95_px": monai.compute_hausdorff_distance(p, y, include_background=True, percentile=95).item(),
        "average_surface_distance_px": monai.compute_average_surface_distance(
            p, y, include_background=True, symmetric=True
        ).item(),
    }


def torchmetrics_histogram(truth: Levels, test: Levels) -> Callable[[], Any]:
    """The confusion matrix of 256 levels."""
    y, p = (torch.from_numpy(levels.astype(np.int64)) for levels in (truth, test))
    return lambda: classification.multiclass_confusion_matrix(p, y, num_classes=256).numpy()
