"""What is done with the bytes of an upload. In go bytes, out come pixels and a description of them.

This runs in the decoder's process alone (`decoding`): import nothing here that does not turn files into pixels.
"""

from __future__ import annotations

from typing import Any

from crosspatch.decode import read_picture
from crosspatch.labelling import MOST_VALUES_BY_DEFAULT, Rule, default_rule
from crosspatch.limits import Limits
from crosspatch.picture import CHANNELS, Channel, Picture, default_size, few_levels, resize
from crosspatch.plane import PictureFacts
from crosspatch.rectangles import default_side_px
from crosspatch.request import Size


def open_first(data: bytes, limits: Limits) -> tuple[dict[str, Any], Picture, bool]:
    """The description of an upload, the picture as it is shown at first, and whether that was blended."""
    picture = read_picture(data, limits=limits)
    about = _about(picture)
    blend = not Rule.parse(about["defaults"]["labels"]).keeps_values
    return about, resize(picture, *default_size(picture.width, picture.height), blend=blend), blend


def open_resized(data: bytes, limits: Limits, size: Size, blend: bool) -> Picture:
    """The picture at `size` (width, height) px, blended or with its values kept."""
    return resize(read_picture(data, limits=limits), *size, blend=blend)


def _about(picture: Picture) -> dict[str, Any]:
    width, height = default_size(picture.width, picture.height)
    side = default_side_px(width, height)
    levels = _levels(picture)
    return {
        **{key: value for key, value in PictureFacts.of(picture).to_dict().items() if key != "id"},
        "notes": [{"code": note.code, "text": note.text} for note in picture.notes],
        "levels": levels,
        "defaults": {
            "resize": {"width": width, "height": height},
            "rectangle": {"width": side, "height": side},
            "channel": "luminance",
            "labels": str(default_rule(levels["luminance"])),
        },
    }


def _levels(picture: Picture) -> dict[Channel, tuple[int, ...] | None]:
    """The distinct levels of each channel, None where they are too many: what the default labelling depends on."""
    found: dict[Channel, tuple[int, ...] | None] = {}
    alike = picture.pixels.ndim == 2 or picture.stored is not None
    for channel in CHANNELS:
        if channel == "alpha" and picture.alpha is None:
            found[channel] = ()  # there is nothing to compare, which is said where it is asked for
        elif channel != "alpha" and alike and found:
            found[channel] = found["luminance"]
        else:
            found[channel] = few_levels(picture, channel, at_most=MOST_VALUES_BY_DEFAULT)
    return found
