"""Published values of agreement and information: what two lists of classes have in common."""

from __future__ import annotations

from fractions import Fraction
from math import log

from metrics.published import Published, example, of_labels, of_levels, of_matrix

# The data set SexualFun of the R package vcd (Agresti 1990).
SEXUAL_FUN = [[7, 7, 2, 3], [2, 8, 3, 7], [1, 5, 4, 9], [2, 8, 9, 14]]
# Raters 2 and 3 of the data set anxiety of the R package irr.
ANXIETY = "36462424332333221334", "21443216111233113322"
PYCM = "Haghighi S. et al. (2018), PyCM, README, overall statistics of the example"
PYCM_MATRIX = [[3, 0, 0], [0, 1, 2], [2, 1, 3]]
PYCM_LEVELS = [2, 0, 2, 2, 0, 1, 1, 2, 2, 0, 1, 2], [0, 0, 2, 1, 0, 2, 1, 0, 2, 0, 2, 2]


def in_bits(nats: float) -> float:
    return nats / log(2)


AGREEMENT: list[Published] = [
    *example(
        "Cohen J. (1960), A coefficient of agreement for nominal scales: 200 patients judged by two",
        of_matrix([[88, 14, 18], [10, 40, 10], [2, 6, 12]]),
        {"cohen_kappa": "0.492"},
    ),
    *example(
        "vcd, Kappa, example SexualFun",
        of_matrix(SEXUAL_FUN),
        {"cohen_kappa": "0.1293", "linear_weighted_kappa": "0.2374"},
    ),
    *example(
        "irr, kappa2 unweighted, equal and squared, of anxiety[, 2:3], as the tests of statsmodels print it",
        of_labels(*ANXIETY),
        {
            "cohen_kappa": "-0.006289308",
            "linear_weighted_kappa": "0.1459075",
            "quadratic_weighted_kappa": "0.2520325",
        },
    ),
    *example(
        "Gwet K. (2002), Kappa statistic is not satisfactory for assessing the extent of agreement between raters",
        of_matrix([[118, 5], [2, 0]]),
        {"gwet_ac1": "0.941", "cohen_kappa": "-0.023"},
    ),
    *example(
        "Krippendorff K. (2011), Computing Krippendorff's alpha-reliability, section A",
        of_labels("0100000010", "1110010000"),
        {"krippendorff_alpha": "0.095"},
    ),
    *example(
        "Krippendorff K. (2011), Computing Krippendorff's alpha-reliability, section B",
        of_labels("aabbdcccedda", "babbbccceddd"),
        {"krippendorff_alpha": "0.692"},
    ),
    *example(
        PYCM,
        of_matrix(PYCM_MATRIX),
        {
            "accuracy": "0.58333",
            "cohen_kappa": "0.35484",
            "scott_pi": "0.34426",
            "gwet_ac1": "0.38931",
            "mcc": "0.36667",
            "no_information_rate": "0.50000",
        },
    ),
    *example(
        "scikit-learn, matthews_corrcoef, example",
        of_labels([1, 1, 1, -1], [1, -1, 1, 1]),
        {"mcc": "-0.33"},
    ),
    *example(
        "Yeung K. Y., Ruzzo W. L. (2001), Details of the adjusted Rand index and clustering algorithms",
        of_matrix([[1, 1, 0], [1, 2, 1], [0, 0, 4]]),
        {"rand_index": "0.711", "adjusted_rand_index": "0.313"},
    ),
    *example(
        "Manning C. D., Raghavan P., Schütze H. (2008), Introduction to Information Retrieval, section 16.3",
        of_matrix([[5, 1, 2], [1, 4, 0], [0, 1, 3]]),
        {"normalized_mutual_information": "0.36", "rand_index": "0.68"},
    ),
    *example(
        "scikit-learn, user guide, Clustering, Homogeneity, completeness and V-measure",
        of_labels([0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 2, 2]),
        {"homogeneity": "0.67", "completeness": "0.42", "v_measure": "0.52"},
    ),
    *example(
        "scikit-learn, mutual_info_score, example",
        of_labels([0, 1, 1, 0, 1, 0], [0, 1, 0, 0, 1, 1]),
        {"label_mutual_information": "0.0566"},
    ),
    *example(PYCM, of_matrix(PYCM_MATRIX), {"label_mutual_information": "0.52421"}, in_bits),
    *example(PYCM, of_levels(*PYCM_LEVELS), {"joint_entropy": "2.45915", "mutual_information": "0.52421"}, in_bits),
    *example(
        "van der Walt S. et al. (2014), scikit-image, test of variation_of_information: 1 bit",
        of_labels([1, 2, 3, 4], [1, 1, 8, 8]),
        {"variation_of_information": Fraction(1)},
        in_bits,
    ),
]
