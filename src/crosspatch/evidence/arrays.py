"""What all evidence shares: the type of its arrays, and the values that counts of levels belong to."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from crosspatch.histogram import LEVELS

Array = NDArray[np.float64]

LEVEL = np.arange(LEVELS, dtype=np.float64)
# Test minus truth, from -255 to 255.
DIFFERENCE = np.arange(1 - LEVELS, LEVELS, dtype=np.float64)


def dot(a: Array, b: Array) -> Array:
    """The sum of products over the last axis."""
    products: Array = np.vecdot(a, b)
    return products


def weighted_log(weights: Array, excess: Array) -> Array:
    """Each weight times the natural logarithm of 1 + excess, 0 where the weight is 0: there 0 log 0 = 0.

    A ratio of counts a / b comes as its excess over 1, (a - b) / b: large counts that hardly differ lose no digits.
    """
    return weights * np.log1p(excess, where=weights > 0, out=np.zeros(np.shape(weights)))


@dataclass(frozen=True, eq=False)
class Cells:
    """The cells of tables (..., I, J) that hold a count, each (n,): of 256 x 256 cells a small patch fills few.

    `table` is the index of its table, leading axes flattened, `row` and `column` say where in it the cell lies.
    """

    table: NDArray[np.intp]
    row: NDArray[np.intp]
    column: NDArray[np.intp]
    count: Array
    shape: tuple[int, ...]

    @classmethod
    def of(cls, tables: NDArray[np.number[Any]]) -> Self:
        """The cells of tables (..., I, J) of counts, of any number type, that hold one."""
        *shape, rows, columns = tables.shape
        flat = tables.ravel()
        place = np.flatnonzero(flat != 0)  # of booleans it is several times faster
        line, column = _divided(place, columns)
        table, row = _divided(line, rows)
        return cls(table, row, column, flat[place].astype(np.float64), tuple(shape))

    def count_by(self, index: NDArray[np.intp], size: int) -> Array:
        """The counts of each table by an index of its cells, 0 <= index < size: (..., size)."""
        sums: Array = np.bincount(self.table * size + index, weights=self.count, minlength=prod(self.shape) * size)
        return sums.reshape(*self.shape, size)

    def sum(self, values: Array) -> Array:
        """The sum of a value a cell (n,) over each table (...,), always in the same order, whatever else is there."""
        sums: Array = np.bincount(self.table, weights=values, minlength=prod(self.shape))
        return sums.reshape(self.shape)

    def sum_logs(self, excess: Array) -> Array:
        """The sum over each table (...,) of each cell's count times the natural logarithm of 1 + its excess (n,)."""
        return self.sum(self.count * np.log1p(excess))

    def at_row(self, values: Array) -> Array:
        """For each cell (n,) the value of its row, from values (..., I)."""
        return values.reshape(-1, values.shape[-1])[self.table, self.row]

    def at_column(self, values: Array) -> Array:
        """For each cell (n,) the value of its column, from values (..., J)."""
        return values.reshape(-1, values.shape[-1])[self.table, self.column]

    def of_table(self, values: Array) -> Array:
        """For each cell (n,) the value of its table, from values (...,)."""
        return values.ravel()[self.table]


def _divided(numbers: NDArray[np.intp], by: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """As divmod; of a power of two by shifting, for processors divide slowly."""
    if by & (by - 1):
        return np.divmod(numbers, by)
    return numbers >> (by.bit_length() - 1), numbers & (by - 1)
