"""A mask with 64 pixels in a word. In go a mask and places, out come words of rectangles cut there.

What two masks have in common is then the number of bits in the conjunction of their words, 64 pixels at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

WORD = 64
Words = NDArray[np.uint64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class BitPlane:
    """A mask (H, W) as `words` (ceil(W / 64) + 1, H), uint64: bit i of word [j, y] is pixel (64 j + i, y).

    A column of words lies together in memory, so that a rectangle is cut by copying a few runs.
    """

    words: Words

    @classmethod
    def of(cls, mask: NDArray[np.bool_]) -> Self:
        """Pack a mask (H, W), bool."""
        height, width = mask.shape
        packed = np.zeros((height, (width // WORD + 2) * WORD // 8), np.uint8)
        packed[:, : (width + 7) // 8] = np.packbits(mask, axis=1, bitorder="little")
        return cls(np.ascontiguousarray(packed.view("<u8").T).astype(np.uint64, copy=False))

    def cut(self, x: Whole, y: Whole, width: int, height: int) -> Words:
        """The words of rectangles at `x, y` (n,): (n, ceil(width / 64), height), bits beyond the width being 0."""
        columns = -(-width // WORD)
        found = sliding_window_view(self.words, (columns + 1, height))[x // WORD, y]
        offset = (x % WORD).astype(np.uint64)[:, None, None]
        # A shift by 64 is not defined: it is taken in two steps.
        cut = found[:, :-1] >> offset
        cut |= found[:, 1:] << (WORD - 1 - offset) << np.uint64(1)
        if width % WORD:
            cut[:, -1] &= np.uint64((1 << width % WORD) - 1)
        return cut


def count_bits(words: Words) -> Whole:
    """How many bits are set in the words of each rectangle: (n, columns, height) to (n,)."""
    counts: Whole = np.bitwise_count(words).sum((-2, -1), dtype=np.int64)
    return counts
