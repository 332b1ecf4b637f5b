"""One channel of the resized picture: exactly the pixels that are compared. In goes a Picture, out comes a Plane.

A plane is small (one byte a pixel), so it can be kept and shared where a decoded picture can not.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from crosspatch.histogram import Counts, Levels
from crosspatch.labelling import MOST_VALUES_BY_DEFAULT, Rule, default_rule
from crosspatch.picture import Channel, Note, Origin, Picture, count_levels, few_levels, resize


@dataclass(frozen=True)
class PictureFacts:
    """What a report says of a picture: where it came from, its own size in pixels, and what was done to it."""

    origin: Origin
    width: int
    height: int
    notes: tuple[Note, ...] = ()

    @classmethod
    def of(cls, picture: Picture) -> PictureFacts:
        """The facts of a decoded picture."""
        return cls(picture.origin, picture.width, picture.height, picture.notes)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, in pixels."""
        return self.width, self.height

    def to_dict(self) -> dict[str, object]:
        """Ready for JSON."""
        origin = self.origin
        return {
            "id": origin.id,
            "width": self.width,
            "height": self.height,
            "format": origin.format,
            "mode": origin.mode,
            "bytes": origin.bytes,
        }


@dataclass(frozen=True, eq=False)
class Plane:
    """`levels` (H, W), uint8: one channel of the resized picture. `facts` tell of the picture before resizing."""

    levels: Levels
    facts: PictureFacts

    @property
    def width(self) -> int:
        """Of the resized picture, in pixels."""
        return int(self.levels.shape[1])

    @property
    def height(self) -> int:
        """Of the resized picture, in pixels."""
        return int(self.levels.shape[0])

    @cached_property
    def histogram(self) -> Counts:
        """How many pixels have each level: (256,), int64."""
        return count_levels(self.levels)


@dataclass(frozen=True, eq=False)
class IgnoreMask:
    """`ignored` (H, W), bool: which pixels of the resized picture are left out. `facts` tell of the mask picture."""

    ignored: NDArray[np.bool_]
    facts: PictureFacts

    @classmethod
    def of(cls, picture: Picture, size: tuple[int, int]) -> IgnoreMask:
        """Every pixel of a mask picture that is neither black nor wholly transparent, at `size` (width, height) px.

        Each takes its nearest pixel; 16-bit levels are taken as they are stored.
        """
        mask = resize(picture, *size, blend=False)
        drawn = mask.pixels if mask.stored is None or mask.stored.dtype == np.uint8 else mask.stored
        ignored = (drawn != 0).reshape(mask.height, mask.width, -1).any(-1)
        return cls(ignored if mask.alpha is None else ignored & (mask.alpha > 0), PictureFacts.of(picture))


def prepare(picture: Picture, size: tuple[int, int], channel: Channel, rule: Rule) -> Plane:
    """Resize the picture to `size` (width, height) px and take one channel. Under `values`, stored values are kept."""
    resized = resize(picture, *size, blend=not rule.keeps_values)
    return Plane(resized.levels(channel, stored=rule.keeps_values), PictureFacts.of(picture))


def default_labels(*pictures: Picture, channel: Channel = "luminance") -> Rule:
    """The labelling of these pictures together when none is asked for: `values` for few levels, else `otsu`."""
    return default_rule(*(few_levels(picture, channel, at_most=MOST_VALUES_BY_DEFAULT) for picture in pictures))
