"""The catalogue: one module a family, one declaration a metric. To add a metric, declare it in its family's module."""

from crosspatch.metric import collect
from crosspatch.metrics import (
    agreement,
    averages,
    boundary,
    correlation,
    distributions,
    errors_,
    information,
    rates,
    scores,
    structure,
    tests,
)

CATALOGUE = collect(
    rates,
    averages,
    agreement,
    scores,
    errors_,
    correlation,
    information,
    distributions,
    tests,
    structure,
    boundary,
)
