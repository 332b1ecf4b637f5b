"""How much memory the decoding of a file takes at its peak. In go its bytes and what is asked, out come bytes.

The figures were measured for each format and kind of pixels, and the decoder holds itself to what is answered here: an
estimate that is too low costs a second attempt, never more memory than was admitted.
"""

from __future__ import annotations

from crosspatch.errors import PictureTooLarge
from crosspatch.limits import Limits
from crosspatch.picture import STRIP_PX, default_size
from crosspatch.request import Size
from crosspatch.web.picture_headers import Header, Kind, read_header

# Interpreter, tables of the codecs, what malloc rounds up.
_FIXED_BYTES = 3 * 2**20
# At least so much is given, and so often the bytes of the file, for what is not pixels: metadata is listed and joined.
_LEAST_BYTES, _METADATA_FILES = 8 * 2**20, 5
# Bytes a pixel: the decoded image beside the arrays made of it, and the arrays with what a resize makes of them.
_DECODED: dict[Kind, float] = {"grey": 2, "sixteen": 7, "palette": 6, "colour": 7}
_KEPT: dict[Kind, float] = {"grey": 2, "sixteen": 4, "palette": 8.5, "colour": 7}
# Resized, a pixel of an image and of the array made of it; the first pass of two makes an image alone.
_RESIZED: dict[Kind, float] = {"grey": 2, "sixteen": 6, "palette": 8, "colour": 7}
_TRANSPARENT = 1
_TURNED = 4
# libwebp draws on two canvases, and hands over a third; the file is copied twice.
_WEBP, _WEBP_FILES = 16.3, 2
# To list a strip or tile of a TIFF.
_PIECE_STEPS = 4


def estimate(data: bytes, size: Size | None = None) -> int | None:
    """Bytes to decode a file and to resize it to `size`, or as it is shown at first; None where the header is odd."""
    header = read_header(data)
    if header is None:
        return None
    width, height = size or default_size(header.width, header.height)
    upright = (header.height, header.width) if header.turned else (header.width, header.height)
    resizing = 0.0 if (width, height) == upright else _resizing(header, width, height)
    return _FIXED_BYTES + int(max(_decoding(header, len(data)), resizing))


def check(data: bytes, needed_bytes: int | None, limits: Limits, most_bytes: int) -> None:
    """Raise PictureTooLarge when a file exceeds a limit by its header, or would need more than `most_bytes`."""
    limits.check_bytes(len(data))
    header = read_header(data)
    if header is None:
        return
    limits.check_size(header.width, header.height)
    limits.check_steps(header.pieces * _PIECE_STEPS)
    if needed_bytes is not None and needed_bytes > most_bytes:
        raise PictureTooLarge(
            f"this picture, {header.format} of {header.width}x{header.height} px, needs about {in_mb(needed_bytes)} of "
            f"memory to decode and resize, and at most {in_mb(most_bytes)} are taken: use a smaller picture"
        )


def allotment(data: bytes, needed_bytes: int | None, most_bytes: int) -> int:
    """The bytes that a decoder is given for a file: all there are where the header is odd."""
    if needed_bytes is None:
        return most_bytes
    return min(most_bytes, max(needed_bytes, _LEAST_BYTES + _METADATA_FILES * len(data)))


def in_mb(count: int) -> str:
    """Bytes in words."""
    return f"{count / 2**20:.0f} MiB"


def _decoding(header: Header, file_bytes: int) -> float:
    px = header.width * header.height
    each = _DECODED[header.kind] + _TRANSPARENT * header.alpha + _TURNED * header.turned
    each = max(each, 4 + header.kept_bytes_per_px)
    if header.format == "WEBP":
        each = max(each, _WEBP)
    strips = STRIP_PX * header.width * (24 if header.alpha else 8)
    return px * each + strips + (_WEBP_FILES * file_bytes if header.format == "WEBP" else 0)


def _resizing(header: Header, width: int, height: int) -> float:
    """Pillow resizes along rows first, then along columns."""
    channels = 4 if header.kind in ("palette", "colour") else 1
    across = max(header.width, header.height) if header.turned else header.height
    kept = _KEPT[header.kind] + _TRANSPARENT * header.alpha
    resized = _RESIZED[header.kind] + _TRANSPARENT * header.alpha
    return header.width * header.height * kept + channels * width * across + width * height * resized
