"""Published values of distances between distributions, and of tests: what chance alone would do."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from itertools import combinations
from math import log

import numpy as np
from metrics.published import Published, example, of_levels, of_matrix
from metrics.published_levels import DRUG_1, DRUG_2
from scipy import stats

from crosspatch.evidence import LevelCounts
from crosspatch.metric import Metric

# P is 1..10 over 55 and Q is 20..29 over 245: here of 2,695 pixels each.
PHILENTROPY = "Drost H.-G. (2018), philentropy, README, dist.diversity of P = 1:10 and Q = 20:29"
P_AND_Q = of_levels(np.repeat(range(10), 49 * np.arange(1, 11)), np.repeat(range(10), 11 * np.arange(20, 30)))
# Kirkman's lists controlB and treatmentB, by rank among all forty: the statistic sees nothing but their order.
CONTROL = [1.26, 0.34, 0.70, 1.75, 50.57, 1.55, 0.08, 0.42, 0.50, 3.20, 0.15, 0.49, 0.95, 0.24, 1.37, 0.17, 6.98, 0.10]
CONTROL += [0.94, 0.38]
TREATMENT = [2.37, 2.16, 14.82, 1.73, 41.04, 0.23, 1.32, 2.91, 39.41, 0.11, 27.44, 4.51, 0.51, 4.50, 0.18, 14.68, 4.66]
TREATMENT += [1.30, 2.06, 1.19]
RANKED = sorted(CONTROL + TREATMENT)
# Right eyes against left of 7,477 women.
VISION = [[1520, 266, 124, 66], [234, 1512, 432, 78], [117, 362, 1772, 205], [36, 82, 179, 492]]
AGRESTI_2002 = "Agresti A. (2002), Categorical Data Analysis"


def chi_square(freedom: int, p_value: float) -> float:
    """The statistic that was printed in place of its p-value."""
    return float(stats.chi2.isf(p_value, freedom))


def share_as_large_as_1897(metric: Metric) -> float:
    """Of all orders in which seven values and seven can lie, the share whose U of Anderson is 1897 or more."""
    orders = np.array(list(combinations(range(14), 7)))
    truth, test = np.zeros((2, len(orders), 256))
    np.put_along_axis(truth, orders, 1, axis=1)
    test[:, :14] = 1 - truth[:, :14]
    u = (metric(LevelCounts(truth, test, np.zeros((len(orders), 511)))) + (4 * 49 - 1) / (6 * 14)) * 49 * 14
    return float((u > 1897 - 0.5).mean())


def sums(cuts: tuple[int, int]) -> list[list[int]]:
    """Two hundred pixels each, of which so many are dark and the others bright."""
    return [[0] * dark + [1] * (200 - dark) for dark in cuts]


DISTRIBUTIONS: list[Published] = [
    *example(
        PHILENTROPY,
        P_AND_Q,
        {"total_variation": "0.17625232", "histogram_intersection": "0.82374768"},
    ),
    *example(
        f"{PHILENTROPY}, squared_chi, twice ours", P_AND_Q, {"chi_square_distance": "0.10102943"}, lambda d: 2 * d
    ),
    *example(f"{PHILENTROPY}, hellinger, twice ours", P_AND_Q, {"hellinger_distance": "0.32787819"}, lambda d: 2 * d),
    *example(
        f"{PHILENTROPY}, in bits",
        P_AND_Q,
        {"bhattacharyya_distance": "0.03930448", "kullback_leibler": "0.13926288"},
        lambda nats: nats / log(2),
    ),
    *example(f"{PHILENTROPY}, distance by jensen-shannon", P_AND_Q, {"jensen_shannon": "0.02628933"}),
    *example(
        "SciPy, scipy.stats.wasserstein_distance, example",
        of_levels([0, 1, 3], [5, 6, 8]),
        {"wasserstein": Fraction(5)},
    ),
    *example("SciPy, scipy.stats.energy_distance, example", of_levels([0], [2]), {"energy_distance": Fraction(2)}),
    *example(
        "Kirkman T. W. (1996), Statistics to use, KS-test, data B, as the tests of Holst's UniSim print it",
        of_levels([RANKED.index(x) for x in CONTROL], [RANKED.index(x) for x in TREATMENT]),
        {"ks_statistic": "0.45"},
    ),
    *example(
        "Anderson T. W. (1962), On the distribution of the two-sample Cramér-von Mises criterion, tables 2 to 5, as "
        "the tests of SciPy print them: P(U >= 1897) for 7 and 7",
        share_as_large_as_1897,
        {"cramer_von_mises": Fraction(117, 1716)},
    ),
    *example(
        "effectsize, cohens_d of the data set sleep of R",
        of_levels(DRUG_2, DRUG_1),
        {"cohen_d": "-0.8321811"},
    ),
    *example(
        "R, wilcox.test of the data set sleep: W, of 100 pairs",
        of_levels(DRUG_2, DRUG_1),
        {"common_language_effect": "25.5"},
        lambda share: 100 * share,
    ),
]

TESTS: list[Published] = [
    *example("R, wilcox.test of the data set sleep", of_levels(DRUG_1, DRUG_2), {"mann_whitney_p": "0.06933"}),
    *example("R, t.test, example of the data set sleep", of_levels(DRUG_1, DRUG_2), {"welch_t_p": "0.07939"}),
    *example(
        "SciPy, scipy.special.kolmogorov, example, of 1: a gap of 0.1 between 200 and 200",
        of_levels(*sums((100, 80))),
        {"ks_p": "0.26999967"},
    ),
    *example(
        "SciPy, scipy.special.kolmogorov, example, of 0.5: a gap of 0.05 between 200 and 200",
        of_levels(*sums((90, 100))),
        {"ks_p": "0.96394524"},
    ),
    *example(
        f"{AGRESTI_2002}, section 10.1: z² of two polls of 1,600 people on the prime minister",
        of_matrix([[794, 150], [86, 570]]),
        {"mcnemar_p": "17.36", "bowker_p": "17.36", "stuart_maxwell_p": "17.36"},
        partial(chi_square, 1),
    ),
    *example(
        f"Stuart A. (1955), Biometrika 42: unaided vision, the statistic in {AGRESTI_2002}, section 10.4, and with one "
        "digit more in the manual of statsmodels, Contingency tables",
        of_matrix(VISION),
        {"stuart_maxwell_p": "11.957"},
        partial(chi_square, 3),
    ),
    *example(
        f"Bowker's statistic of the same women in {AGRESTI_2002}, section 10.4, and in the manual of statsmodels",
        of_matrix(VISION),
        {"bowker_p": "19.107"},
        partial(chi_square, 6),
    ),
]
