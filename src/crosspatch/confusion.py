"""The confusion matrix: counts of pixel pairs by truth class (rows) and test class (columns)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from crosspatch.histogram import Counts


@dataclass(frozen=True, eq=False)
class ConfusionMatrix:
    """`matrix[i, j]` (K, K), int64: pixel pairs of truth class `i` and test class `j`.

    Two classes: [[tn, fp], [fn, tp]]. `classes` are the K names, in the order of the rows.
    """

    matrix: Counts
    classes: tuple[str, ...]

    @cached_property
    def pixels(self) -> int:
        """How many pairs were counted."""
        return int(self.matrix.sum())
