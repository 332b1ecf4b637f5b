"""From bytes to a Picture. In goes a path, bytes, a file, an image or an array; out comes a Picture, or a refusal.

Size is judged from the header, before a pixel is decoded, and only formats of the allow-list are opened.
"""

from __future__ import annotations

import hashlib
import os
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, UnidentifiedImageError

from crosspatch.errors import CrosspatchError, PictureTooLarge, UnreadablePicture
from crosspatch.limits import CountedFile, Limits, steps_of
from crosspatch.picture import STRIP_PX, Note, Origin, Picture
from crosspatch.signatures import looks_like

FORMATS = ("PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF")
FORMATS_IN_WORDS = "PNG, JPEG, WebP, TIFF, BMP or GIF"

Source = str | os.PathLike[str] | bytes | BinaryIO | Image.Image | NDArray[Any] | Picture
Sixteen = NDArray[np.uint16]

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_PLAIN_WORDS = re.compile(r"(?!.*\bobject\b)[A-Za-z0-9 ,.:()-]+")
_SIXTEEN_BIT = "I;16"
_UNREAD_MODES = {
    "I": "32-bit integer",
    "F": "floating-point",
    "LAB": "Lab colour",
}


def read_picture(source: Source, *, limits: Limits = Limits()) -> Picture:
    """Decode a picture: PNG, JPEG, WebP, TIFF, BMP or GIF from a path, bytes or a binary file; or a Pillow image; or an
    array (H, W), (H, W, 1), (H, W, 3) or (H, W, 4) of uint8, bool (0 and 255) or uint16 (H, W) (16-bit grey).

    Raises UnreadablePicture for anything else, PictureTooLarge beyond `limits`, TypeError for other arrays, and
    OSError when a path cannot be read.
    """
    if isinstance(source, Picture):
        return source
    if isinstance(source, np.ndarray):
        return _from_array(source, limits)
    if isinstance(source, Image.Image):
        limits.check_size(*source.size)
        with _in_our_words():
            return _from_image(source.copy(), Origin(format=source.format, mode=source.mode))
    return _from_bytes(_read_bytes(source, limits), limits)


def _read_bytes(source: str | os.PathLike[str] | bytes | BinaryIO, limits: Limits) -> bytes:
    if isinstance(source, bytes):
        data: object = source
    elif isinstance(source, str | os.PathLike):
        data = Path(source).read_bytes()
    else:
        data = source.read() if hasattr(source, "read") else None
    if not isinstance(data, bytes):
        raise TypeError(
            f"a picture is a path, bytes, a binary file, a Pillow image or an array, not {type(source).__name__}"
        )
    limits.check_bytes(len(data))
    return data


def _from_bytes(data: bytes, limits: Limits) -> Picture:
    with _in_our_words():
        try:
            image = Image.open(CountedFile(data, limits), formats=FORMATS)
        except UnidentifiedImageError:
            raise UnreadablePicture(
                f"this file is not a picture we can read: it {looks_like(data)}. Use {FORMATS_IN_WORDS}."
            ) from None
        limits.check_size(*image.size)
        limits.check_steps(steps_of(image, data))
        origin = Origin(hashlib.sha256(data).hexdigest(), _format(image), image.mode, len(data))
        return _from_image(image, origin)


@contextmanager
def _in_our_words() -> Iterator[None]:
    """Turn what Pillow raises into our errors. Its warnings (odd metadata, many pixels) help nobody here."""
    try:
        with warnings.catch_warnings(action="ignore"):
            yield
    except CrosspatchError:
        raise
    except Image.DecompressionBombError:
        raise PictureTooLarge("this picture has more than 178 megapixels: use a smaller picture") from None
    except Exception as fault:  # Pillow's readers raise whatever a broken file makes them stumble over
        raise UnreadablePicture(
            f"this picture is damaged or cut off ({_reason(fault)}): save it again, as {FORMATS_IN_WORDS}"
        ) from fault


def _reason(fault: Exception) -> str:
    """What Pillow says, where it speaks of the picture and not of its own insides."""
    said = " ".join(str(fault).split())
    if isinstance(fault, MemoryError):
        return "it takes more memory than there is"
    if "MAX_TEXT" in said:
        return "its texts are too long when they are unpacked"
    if isinstance(fault, OSError | SyntaxError | ValueError) and _PLAIN_WORDS.fullmatch(said):
        return said
    return "its parts contradict each other"


def _from_image(image: Image.Image, origin: Origin) -> Picture:
    notes: list[Note] = []
    if _has_frames(image):
        image.seek(0)
        notes.append(Note("first-frame", "The file holds several frames; the first was taken."))
    if image.mode in _UNREAD_MODES:
        raise UnreadablePicture(
            f"this is a {_UNREAD_MODES[image.mode]} picture, and 8 or 16 bits a channel are read: save it as 8-bit"
        )
    if any(";16" in str(tile.args) for tile in getattr(image, "tile", ())) and not image.mode.startswith(_SIXTEEN_BIT):
        notes.append(Note("high-bytes", "16 bits a channel were cut to 8: of colour, only the high bytes are read."))
    image.load()
    image = _upright(image, notes)
    if image.mode.startswith(_SIXTEEN_BIT):
        return _from_sixteen_bit(image, origin, notes)
    stored = np.asarray(image.getchannel(0)) if image.mode in ("P", "PA") else None
    if image.mode == "La":  # Pillow converts premultiplied grey to nothing else
        image = image.convert("LA")
    if image.has_transparency_data:
        pixels, alpha = _flatten(image)
        return _seen_through(Picture(pixels, alpha, stored, origin, tuple(notes)))
    return Picture(_pixels(image, "L" if image.mode in ("1", "L") else "RGB"), None, stored, origin, tuple(notes))


def _has_frames(image: Image.Image) -> bool:
    try:
        return bool(getattr(image, "is_animated", False))
    except Exception:  # a damaged second frame leaves the first whole
        return True


def _pixels(image: Image.Image, mode: Literal["L", "RGB"]) -> NDArray[np.uint8]:
    """The pixels (H, W) or (H, W, 3), a strip at a time: whole, each step would touch as much fresh memory again."""
    pixels = np.empty((image.height, image.width, *((3,) if mode == "RGB" else ())), np.uint8)
    for top in range(0, image.height, STRIP_PX):
        strip = image.crop((0, top, image.width, min(top + STRIP_PX, image.height)))
        pixels[top : top + STRIP_PX] = strip if strip.mode == mode else strip.convert(mode)
    return pixels


def _flatten(image: Image.Image) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """RGB over white (H, W, 3) and alpha (H, W), a strip at a time: whole, it would take five copies of the picture."""
    pixels = np.empty((image.height, image.width, 3), np.uint8)
    alpha = np.empty((image.height, image.width), np.uint8)
    for top in range(0, image.height, STRIP_PX):
        rows = slice(top, top + STRIP_PX)
        strip = image.crop((0, top, image.width, min(top + STRIP_PX, image.height))).convert("RGBA")
        alpha[rows] = np.asarray(strip.getchannel("A"))
        pixels[rows] = np.asarray(Image.alpha_composite(Image.new("RGBA", strip.size, "white"), strip).convert("RGB"))
    return pixels, alpha


def _seen_through(picture: Picture) -> Picture:
    """The picture with a note that it was flattened; without alpha where that is nowhere less than full."""
    if picture.alpha is None or int(np.min(picture.alpha)) == 255:
        return replace(picture, alpha=None)
    return replace(picture, notes=(*picture.notes, _FLATTENED))


def _upright(image: Image.Image, notes: list[Note]) -> Image.Image:
    # Not ImageOps.exif_transpose: it writes the metadata anew, and refuses photographs whose metadata it cannot write.
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation)
    except Exception:  # damaged metadata leaves the pixels whole
        return image
    if orientation not in _TURNS:
        return image
    notes.append(Note("turned", "The picture was turned upright, as its EXIF orientation says."))
    return image.transpose(_TURNS[orientation])


def _from_sixteen_bit(image: Image.Image, origin: Origin, notes: list[Note]) -> Picture:
    stored: Sixteen = np.asarray(image).astype(np.uint16, copy=False)
    pixels = _scale(stored)
    notes.append(_SCALED)
    clear = image.info.get("transparency")
    if not isinstance(clear, int):
        return Picture(pixels, None, stored, origin, tuple(notes))
    opaque = stored != clear
    pixels = np.where(opaque, pixels, np.uint8(255))
    return _seen_through(Picture(pixels, _full_range(opaque), stored, origin, tuple(notes)))


def _from_array(array: NDArray[Any], limits: Limits) -> Picture:
    if array.ndim not in (2, 3) or array.size == 0 or (array.ndim == 3 and array.shape[2] not in (1, 3, 4)):
        raise TypeError(f"a picture is (H, W), (H, W, 1), (H, W, 3) or (H, W, 4), not {array.shape}")
    limits.check_size(array.shape[1], array.shape[0])
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[..., 0]
    if array.dtype == np.bool_:
        array = _full_range(array)
    if array.dtype.newbyteorder("=") == np.uint16 and array.ndim == 2:
        stored: Sixteen = array.astype(np.uint16)
        return Picture(_scale(stored), None, stored, notes=(_SCALED,))
    if array.dtype != np.uint8:
        raise TypeError(f"a picture's levels are uint8, bool, or uint16 for grey, not {array.dtype}: convert the array")
    if array.ndim == 3 and array.shape[2] == 4:
        return _from_image(Image.fromarray(array), Origin())
    return Picture(np.ascontiguousarray(array))


_FLATTENED = Note("flattened", "Transparency was flattened over white; channel alpha shows it as it is.")
_SCALED = Note("scaled", "16-bit grey levels were scaled to 8 bits; the labelling `values` takes them as they are.")


def _scale(levels: Sixteen) -> NDArray[np.uint8]:
    pixels = np.empty(levels.shape, np.uint8)
    for top in range(0, len(levels), STRIP_PX):
        pixels[top : top + STRIP_PX] = (levels[top : top + STRIP_PX].astype(np.uint32) * 255 + 32767) // 65535
    return pixels


def _full_range(mask: NDArray[Any]) -> NDArray[np.uint8]:
    return mask.astype(np.uint8) * np.uint8(255)


def _format(image: Image.Image) -> str:
    # A camera's JPEG with a preview behind it is opened as MPO; its first frame is a plain JPEG.
    return "JPEG" if image.format == "MPO" else str(image.format)
