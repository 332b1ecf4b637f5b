"""Published values of rates and of their averages over classes."""

from __future__ import annotations

from metrics.published import Published, example, of_labels, of_matrix

RATES: list[Published] = [
    *example(
        "Altman D. G., Bland J. M. (1994), Diagnostic tests 1 and 2, BMJ 308, 1552 and 309, 102: liver scans",
        of_matrix([[54, 32], [27, 231]]),
        {
            "recall": "0.90",
            "specificity": "0.63",
            "precision": "0.88",
            "negative_predictive_value": "0.67",
            "prevalence": "0.75",
            "accuracy": "0.83",
        },
    ),
    *example(
        "Kuhn M. (2008), caret, confusionMatrix, example: the same liver scans",
        of_matrix([[54, 32], [27, 231]]),
        {
            "accuracy": "0.8285",
            "no_information_rate": "0.7500",
            "cohen_kappa": "0.5336",
            "recall": "0.8953",
            "specificity": "0.6279",
            "precision": "0.8783",
            "negative_predictive_value": "0.6667",
            "prevalence": "0.7500",
            "predicted_prevalence": "0.7645",
            "balanced_accuracy": "0.7616",
        },
    ),
    *example(
        "Wikipedia, Template:Diagnostic testing example, fecal occult blood screen test",
        of_matrix([[1820, 180], [10, 20]]),
        {
            "accuracy": "0.9064",
            "f1": "0.174",
            "recall": "0.667",
            "false_negative_rate": "0.333",
            "false_positive_rate": "0.090",
            "specificity": "0.91",
            "prevalence": "0.0148",
            "precision": "0.10",
            "false_omission_rate": "0.0055",
            "positive_likelihood_ratio": "7.41",
            "negative_likelihood_ratio": "0.366",
            "false_discovery_rate": "0.900",
            "negative_predictive_value": "0.9945",
            "diagnostic_odds_ratio": "20.2",
        },
    ),
    *example(
        "Haghighi S. et al. (2018), PyCM, README, class 2 of the example",
        of_matrix([[4, 2], [3, 3]]),
        {
            "error_rate": "0.41667",
            "f0_5": "0.57692",
            "f1": "0.54545",
            "f2": "0.51724",
            "false_discovery_rate": "0.40000",
            "false_negative_rate": "0.50000",
            "false_omission_rate": "0.42857",
            "false_positive_rate": "0.33333",
            "fowlkes_mallows": "0.54772",
            "g_mean": "0.57735",
            "iou": "0.37500",
            "markedness": "0.17143",
            "youden_j": "0.16667",
            "positive_likelihood_ratio": "1.50000",
            "negative_likelihood_ratio": "0.75000",
            "diagnostic_odds_ratio": "2.00000",
        },
    ),
    *example(
        "Haghighi S. et al. (2018), PyCM, README, class 1 of the example",
        of_matrix([[8, 1], [2, 1]]),
        {
            "f0_5": "0.45455",
            "f2": "0.35714",
            "fowlkes_mallows": "0.40825",
            "g_mean": "0.54433",
            "iou": "0.25000",
            "markedness": "0.30000",
            "youden_j": "0.22222",
            "diagnostic_odds_ratio": "4.00000",
        },
    ),
    *example(
        "Hasso Plattner Institute, Snowman, test of the metrics of an experiment; these counts are the smallest with "
        "its precision 0.5000, recall 0.1250, specificity 0.9945 and accuracy 0.9579",
        of_matrix([[181, 1], [7, 1]]),
        {
            "accuracy": "0.9579",
            "balanced_accuracy": "0.5598",
            "youden_j": "0.1195",
            "f1": "0.2000",
            "false_omission_rate": "0.0372",
            "false_positive_rate": "0.0055",
            "fowlkes_mallows": "0.2500",
            "markedness": "0.4628",
            "mcc": "0.2352",
            "prevalence_threshold": "0.1733",
            "iou": "0.1111",
        },
    ),
    *example(
        "SegEvalKit, Volume metrics, Code: 4,400 voxels around 4,000 in a volume of 40 x 40 x 20",
        of_matrix([[27_600, 400], [0, 4_000]]),
        {"volumetric_similarity": "0.9524", "f1": "0.9524"},
    ),
    *example(
        "scikit-learn, precision_recall_fscore_support, example",
        of_labels(["cat", "dog", "pig", "cat", "dog", "pig"], ["cat", "pig", "dog", "cat", "cat", "dog"]),
        {"macro_precision": "0.222", "macro_recall": "0.333", "macro_f1": "0.267", "weighted_f1": "0.267"},
    ),
    *example(
        "scikit-learn, classification_report, example",
        of_labels([0, 1, 2, 2, 2], [0, 0, 2, 2, 1]),
        {
            "accuracy": "0.60",
            "macro_precision": "0.50",
            "macro_recall": "0.56",
            "macro_f1": "0.49",
            "weighted_f1": "0.61",
        },
    ),
    *example(
        "scikit-learn, balanced_accuracy_score, example",
        of_labels([0, 1, 0, 0, 1, 0], [0, 1, 0, 0, 0, 1]),
        {"balanced_accuracy": "0.625"},
    ),
    *example(
        "scikit-learn, zero_one_loss, example",
        of_labels([2, 2, 3, 4], [1, 2, 3, 4]),
        {"error_rate": "0.25"},
    ),
    *example(
        "Haghighi S. et al. (2018), PyCM, README, overall statistics of the example",
        of_matrix([[3, 0, 0], [0, 1, 2], [2, 1, 3]]),
        {
            "macro_precision": "0.56667",
            "macro_recall": "0.61111",
            "macro_f1": "0.56515",
            "mean_iou": "0.40833",
            # The mean of the J that are printed, 0.6, 0.25 and 0.375, weighted by the P: 3, 3 and 6 of 12.
            "frequency_weighted_iou": "0.40000",
        },
    ),
    *example(
        "TensorFlow, tf.keras.metrics.MeanIoU, standalone usage",
        of_labels([0, 0, 1, 1], [0, 1, 0, 1]),
        {"mean_iou": "0.33"},
    ),
]
