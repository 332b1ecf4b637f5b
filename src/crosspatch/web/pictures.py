"""Stored pictures, ready to be compared. In go ids and sizes, out come resized pictures and planes.

Three places, nearest first: this worker's memory (bounded in bytes), the store (shared by all workers, small pictures
only), the uploaded file itself, which is decoded again. Heavy work runs on the workbench; files are read here.
"""

from __future__ import annotations

import io
from typing import Any, TypeVar

import numpy as np
from cachetools import LRUCache
from PIL import Image

from crosspatch.decode import Limits, read_picture
from crosspatch.errors import Impossible, PictureTooLarge
from crosspatch.labelling import Rule
from crosspatch.picture import Channel, Note, Origin, Picture, default_size, resize
from crosspatch.plane import PictureFacts, Plane, default_labels
from crosspatch.rectangles import default_side_px
from crosspatch.request import Size
from crosspatch.web.store import ImageStore, StoredImage
from crosspatch.web.work import Workbench

# What is worth keeping beside the upload itself: a resized picture of 1,024 x 1,024 px in colour.
MAX_SHARED_BYTES = 4 * 2**20

K = TypeVar("K")
V = TypeVar("V")


class Pictures:
    """All pictures of a service. `cache_bytes` bounds what one worker keeps in memory."""

    def __init__(self, store: ImageStore, workbench: Workbench, limits: Limits, cache_bytes: int) -> None:
        self.store = store
        self.limits = limits
        self._workbench = workbench
        self._resized: LRUCache[tuple[str, Size, bool], Picture] = LRUCache(cache_bytes // 2, _picture_bytes)
        self._planes: LRUCache[tuple[str, Size, str, bool], Plane] = LRUCache(cache_bytes // 2, _plane_bytes)

    def add(self, data: bytes) -> StoredImage:
        """Decode and store an upload. Raises UnreadablePicture, PictureTooLarge, Busy or StoreUnavailable."""
        picture, shown, labels = self._workbench.run(_open, data, self.limits)
        stored = self.store.put(data, _about(picture, labels))
        blend = not labels.keeps_values
        self._share((stored.id, (shown.width, shown.height), blend), shown)
        return stored

    def facts(self, image_id: str) -> PictureFacts:
        """What is known of a stored picture. Raises UnknownImage or ExpiredImage."""
        about = self.store.about(image_id).about
        notes = tuple(Note(**note) for note in about["notes"])
        origin = Origin(image_id, about["format"], about["mode"], about["bytes"])
        return PictureFacts(origin, about["width"], about["height"], notes)

    def default_labels(self, image_ids: list[str], channel: Channel) -> Rule:
        """The labelling of these pictures together when none is asked for."""
        if len(image_ids) == 1 and channel == "luminance":
            return Rule.parse(self.store.about(image_ids[0]).about["defaults"]["labels"])
        files = [self.store.read(image_id) for image_id in image_ids]
        return self._workbench.run(_labels_of, files, channel, self.limits)

    def plane(self, image_id: str, size: Size, channel: Channel, rule: Rule) -> Plane:
        """One channel of a stored picture at `size` (width, height) px: exactly the pixels that are compared."""
        facts = self.facts(image_id)  # asked first: what has expired is gone, whatever memory holds
        key = (image_id, size, channel, rule.keeps_values)
        plane = self._planes.get(key)
        if plane is None:
            resized = self.resized(image_id, size, blend=not rule.keeps_values)
            levels = self._workbench.run(lambda: resized.levels(channel, stored=rule.keeps_values))
            plane = Plane(levels, facts)
            _keep(self._planes, key, plane)
        return plane

    def resized(self, image_id: str, size: Size, *, blend: bool = True) -> Picture:
        """A stored picture at `size` (width, height) px."""
        self._check_asked(*size)
        key = (image_id, size, blend)
        picture = self._resized.get(key)
        if picture is None:
            shared = self.store.derived(image_id, _name(size, blend))
            if shared is None:
                data = self.store.read(image_id)
                picture = self._workbench.run(_open_resized, data, self.limits, size, blend)
                self._share(key, picture)
            else:
                picture = _unpack(shared)
                _keep(self._resized, key, picture)
        return picture

    def _check_asked(self, width: int, height: int) -> None:
        try:
            self.limits.check_size(width, height)
        except PictureTooLarge as fault:
            raise Impossible(str(fault).replace("this picture is", "a resize asks for"), "width") from None

    def _share(self, key: tuple[str, Size, bool], picture: Picture) -> None:
        _keep(self._resized, key, picture)
        if _picture_bytes(picture) <= MAX_SHARED_BYTES:
            image_id, size, blend = key
            self.store.put_derived(image_id, _name(size, blend), _pack(picture))


def to_png(pixels: Any) -> bytes:
    """Encode an array (H, W) or (H, W, 3), uint8, for speed rather than size."""
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG", compress_level=1)
    return out.getvalue()


def _open(data: bytes, limits: Limits) -> tuple[Picture, Picture, Rule]:
    picture = read_picture(data, limits=limits)
    labels = default_labels(picture)
    shown = resize(picture, *default_size(picture.width, picture.height), blend=not labels.keeps_values)
    return picture, shown, labels


def _open_resized(data: bytes, limits: Limits, size: Size, blend: bool) -> Picture:
    return resize(read_picture(data, limits=limits), *size, blend=blend)


def _labels_of(files: list[bytes], channel: Channel, limits: Limits) -> Rule:
    return default_labels(*(read_picture(data, limits=limits) for data in files), channel=channel)


# All that turns files into pixels, on the workbench: how long it takes is measured.
DECODING = (_open, _open_resized, _labels_of)


def _about(picture: Picture, labels: Rule) -> dict[str, Any]:
    width, height = default_size(picture.width, picture.height)
    side = default_side_px(width, height)
    return {
        **{key: value for key, value in PictureFacts.of(picture).to_dict().items() if key != "id"},
        "notes": [{"code": note.code, "text": note.text} for note in picture.notes],
        "defaults": {
            "resize": {"width": width, "height": height},
            "rectangle": {"width": side, "height": side},
            "channel": "luminance",
            "labels": str(labels),
        },
    }


def _name(size: Size, blend: bool) -> str:
    return f"{size[0]}x{size[1]}{'' if blend else '-nearest'}"


def _pack(picture: Picture) -> bytes:
    arrays: dict[str, Any] = {"pixels": picture.pixels, "alpha": picture.alpha, "stored": picture.stored}
    out = io.BytesIO()
    np.savez(out, **{name: array for name, array in arrays.items() if array is not None})
    return out.getvalue()


def _unpack(data: bytes) -> Picture:
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        return Picture(*(arrays.get(name) for name in ("pixels", "alpha", "stored")))


def _picture_bytes(picture: Picture) -> int:
    return sum(array.nbytes for array in (picture.pixels, picture.alpha, picture.stored) if array is not None)


def _plane_bytes(plane: Plane) -> int:
    return plane.levels.nbytes


def _keep(cache: LRUCache[K, V], key: K, value: V) -> None:
    try:
        cache[key] = value
    except ValueError:  # larger than the whole cache
        return
