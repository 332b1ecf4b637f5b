"""A corpus of bad pictures, made when it is asked for: in goes the name of a family, out come its cases.

Whatever is made twice is the same: chance has a seed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bad_pictures import bmp, damage, gif, jpeg, png, strangers, tiff, webp
from bad_pictures.cases import Case

__all__ = ["FAMILIES", "Case"]

_KINDS = ("bombs", "absurd", "metadata", "frames", "broken")

FAMILIES: dict[str, Callable[[], Iterator[Case]]] = {
    **{make.__name__: make for make in (damage.truncated, damage.flipped, damage.scrambled, damage.mistaken)},
    **{make.__name__: make for make in (damage.misnamed, strangers.strangers, strangers.polyglots)},
    **{
        f"{module.__name__.rpartition('.')[2]} {kind}": getattr(module, kind)
        for module in (png, jpeg, webp, tiff, gif, bmp)
        for kind in _KINDS
        if hasattr(module, kind)
    },
}
