"""From bytes to a Picture. In goes a path, bytes, a file, an image or an array; out comes a Picture, or a refusal.

Size is judged from the header, before a pixel is decoded, and only formats of the allow-list are opened.
"""

from __future__ import annotations

import hashlib
import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from crosspatch.errors import PictureTooLarge, UnreadablePicture
from crosspatch.picture import Note, Origin, Picture

FORMATS = ("PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF")
FORMATS_IN_WORDS = "PNG, JPEG, WebP, TIFF, BMP or GIF"

Source = str | os.PathLike[str] | bytes | BinaryIO | Image.Image | NDArray[Any] | Picture
Sixteen = NDArray[np.uint16]

_LOOKS_LIKE = (
    (b"%PDF", 0, "a PDF"),
    (b"%!PS", 0, "PostScript"),
    (b"<svg", 0, "an SVG drawing"),
    (b"<?xml", 0, "XML or an SVG drawing"),
    (b"<!DOCTYPE", 0, "a web page"),
    (b"<html", 0, "a web page"),
    (b"PK\x03\x04", 0, "a ZIP archive or an office document"),
    (b"8BPS", 0, "a Photoshop document"),
    (b"ftypavif", 4, "an AVIF picture"),
    (b"ftyphei", 4, "an HEIC picture"),
    (b"ftypmif1", 4, "an HEIC picture"),
    (b"ftyp", 4, "a video"),
    (b"\x1aE\xdf\xa3", 0, "a video"),
    (b"\x00\x00\x01\x00", 0, "an icon"),
    (b"\x00\x00\x00\x0cjP", 0, "a JPEG 2000 picture"),
    (b"\x1f\x8b", 0, "a gzip archive"),
)
_SIXTEEN_BIT = "I;16"
_UNREAD_MODES = {
    "I": "32-bit integer",
    "F": "floating-point",
    "LAB": "Lab colour",
}


@dataclass(frozen=True)
class Limits:
    """What a picture may be at most: bytes of the file, pixels, and pixels along a side."""

    file_bytes: int | None = None
    pixels: int | None = None
    side_px: int | None = None
    aspect: int | None = None

    def check_bytes(self, length: int) -> None:
        """Raise PictureTooLarge when a file of `length` bytes exceeds the limit."""
        if self.file_bytes is not None and length > self.file_bytes:
            raise PictureTooLarge(
                f"this file has {length / 2**20:.1f} MiB, and at most {self.file_bytes / 2**20:.0f} MiB are taken: "
                "use a smaller picture, or a stronger compression"
            )

    def check_size(self, width: int, height: int) -> None:
        """Raise PictureTooLarge when a picture of `width` x `height` px exceeds a limit."""
        size = f"this picture is {width}x{height} px"
        if self.side_px is not None and max(width, height) > self.side_px:
            raise PictureTooLarge(f"{size}, and a side has at most {self.side_px:,} px: use a smaller picture")
        if self.pixels is not None and width * height > self.pixels:
            raise PictureTooLarge(
                f"{size}, that is {width * height / 1e6:.1f} megapixels, and at most {self.pixels / 1e6:.0f} are "
                "taken: use a smaller picture"
            )
        if self.aspect is not None and max(width, height) > self.aspect * min(width, height):
            raise PictureTooLarge(f"{size}, and one side is at most {self.aspect} times the other: crop the picture")


def read_picture(source: Source, *, limits: Limits = Limits()) -> Picture:
    """Decode a picture: PNG, JPEG, WebP, TIFF, BMP or GIF from a path, bytes or a binary file; or a Pillow image; or an
    array (H, W), (H, W, 1), (H, W, 3) or (H, W, 4) of uint8, bool (0 and 255) or uint16 (H, W) (16-bit grey).

    Raises UnreadablePicture for anything else, PictureTooLarge beyond `limits`, TypeError for other arrays, and
    OSError when a path cannot be read.
    """
    if isinstance(source, Picture):
        return source
    if isinstance(source, np.ndarray):
        return _from_array(source)
    if isinstance(source, Image.Image):
        limits.check_size(*source.size)
        return _from_image(source.copy(), Origin(format=source.format, mode=source.mode))
    return _from_bytes(_read_bytes(source, limits), limits)


def _read_bytes(source: str | os.PathLike[str] | bytes | BinaryIO, limits: Limits) -> bytes:
    if isinstance(source, bytes):
        data = source
    elif isinstance(source, str | os.PathLike):
        data = Path(source).read_bytes()
    else:
        data = source.read()
    limits.check_bytes(len(data))
    return data


def _from_bytes(data: bytes, limits: Limits) -> Picture:
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
        limits.check_size(*image.size)
        origin = Origin(hashlib.sha256(data).hexdigest(), _format(image), image.mode, len(data))
        return _from_image(image, origin)
    except (UnreadablePicture, PictureTooLarge):
        raise
    except UnidentifiedImageError:
        raise UnreadablePicture(
            f"this file is not a picture we can read: it {_guess(data)}. Use {FORMATS_IN_WORDS}."
        ) from None
    except Image.DecompressionBombError:
        raise PictureTooLarge("this picture has more than 178 megapixels: use a smaller picture") from None
    except Exception as fault:  # Pillow's readers raise whatever a broken file makes them stumble over
        raise UnreadablePicture(
            f"this picture is damaged or cut off ({fault}): save it again, as {FORMATS_IN_WORDS}"
        ) from fault


def _from_image(image: Image.Image, origin: Origin) -> Picture:
    notes: list[Note] = []
    if getattr(image, "is_animated", False):
        image.seek(0)
        notes.append(Note("first-frame", "The file holds several frames; the first was taken."))
    if image.mode in _UNREAD_MODES:
        raise UnreadablePicture(
            f"this is a {_UNREAD_MODES[image.mode]} picture, and 8 or 16 bits a channel are read: save it as 8-bit"
        )
    image.load()
    ImageOps.exif_transpose(image, in_place=True)
    if image.mode.startswith(_SIXTEEN_BIT):
        return _from_sixteen_bit(image, origin, notes)
    stored = np.asarray(image) if image.mode == "P" else None
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        alpha = np.asarray(rgba.getchannel("A"))
        if alpha.min() < 255:
            notes.append(Note("flattened", "Transparency was flattened over white."))
        image = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba).convert("RGB")
    else:
        alpha = None
        image = image.convert("L" if image.mode in ("1", "L") else "RGB")
    return Picture(np.asarray(image), alpha, stored, origin, tuple(notes))


def _from_sixteen_bit(image: Image.Image, origin: Origin, notes: list[Note]) -> Picture:
    stored: Sixteen = np.asarray(image).astype(np.uint16)
    pixels = _scale(stored)
    notes.append(_SCALED)
    clear = image.info.get("transparency")
    if not isinstance(clear, int):
        return Picture(pixels, None, stored, origin, tuple(notes))
    opaque = stored != clear
    notes.append(Note("flattened", "Transparency was flattened over white."))
    return Picture(np.where(opaque, pixels, np.uint8(255)), _full_range(opaque), stored, origin, tuple(notes))


def _from_array(array: NDArray[Any]) -> Picture:
    if array.ndim not in (2, 3) or array.size == 0 or (array.ndim == 3 and array.shape[2] not in (1, 3, 4)):
        raise TypeError(f"a picture is (H, W), (H, W, 1), (H, W, 3) or (H, W, 4), not {array.shape}")
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[..., 0]
    if array.dtype == np.bool_:
        array = _full_range(array)
    if array.dtype == np.uint16 and array.ndim == 2:
        return Picture(_scale(array), None, array, notes=(_SCALED,))
    if array.dtype != np.uint8:
        raise TypeError(f"a picture's levels are uint8, bool, or uint16 for grey, not {array.dtype}: convert the array")
    if array.ndim == 3 and array.shape[2] == 4:
        return _from_image(Image.fromarray(array), Origin())
    return Picture(np.ascontiguousarray(array))


_SCALED = Note("scaled", "16-bit grey levels were scaled to 8 bits.")


def _scale(levels: Sixteen) -> NDArray[np.uint8]:
    return ((levels.astype(np.uint32) * 255 + 32767) // 65535).astype(np.uint8)


def _full_range(mask: NDArray[Any]) -> NDArray[np.uint8]:
    return mask.astype(np.uint8) * np.uint8(255)


def _format(image: Image.Image) -> str:
    # A camera's JPEG with a preview behind it is opened as MPO; its first frame is a plain JPEG.
    return "JPEG" if image.format == "MPO" else str(image.format)


def _guess(data: bytes) -> str:
    if not data:
        return "is empty"
    start = data[:512].lstrip()
    for magic, offset, name in _LOOKS_LIKE:
        if start[offset:].lower().startswith(magic.lower()):
            return f"looks like {name}"
    if not any(byte < 9 for byte in start):
        return "looks like text"
    return "has none of their signatures"
