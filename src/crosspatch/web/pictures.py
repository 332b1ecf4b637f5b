"""Stored pictures, ready to be compared. In go ids and sizes, out come resized pictures and planes.

Three places, nearest first: this worker's memory (bounded in bytes), the store (shared by all workers, small pictures
only), the uploaded file itself, which is decoded again. Files are decoded in a process of their own (`decoders`); other
heavy work runs on the workbench.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeVar

from cachetools import LRUCache
from PIL import Image

from crosspatch.errors import Impossible, PictureTooLarge, UnreadablePicture
from crosspatch.html import DRAWN_PX, Shown, html_report
from crosspatch.labelling import Rule, default_rule
from crosspatch.limits import Limits
from crosspatch.picture import Channel, Note, Origin, Picture, default_size
from crosspatch.plane import IgnoreMask, PictureFacts, Plane
from crosspatch.report import Report
from crosspatch.request import Plan, Size
from crosspatch.web.decoders import Decoders
from crosspatch.web.held import HeldBytes
from crosspatch.web.packed import pack, unpack
from crosspatch.web.store import ImageStore, StoredImage
from crosspatch.web.work import Workbench

# What is worth keeping beside the upload itself: a resized picture of 1,024 x 1,024 px in colour.
MAX_SHARED_BYTES = 4 * 2**20

Sought = Callable[[str, bool], None]
K = TypeVar("K")
V = TypeVar("V")


class Pictures:
    """All pictures of a service. `cache_bytes` bounds what one worker keeps in memory.

    `note` is told each time one is looked for there: a "picture" or a "plane", and whether it was found.
    """

    def __init__(
        self,
        store: ImageStore,
        workbench: Workbench,
        decoders: Decoders,
        held: HeldBytes,
        limits: Limits,
        cache_bytes: int,
        note: Sought = lambda *_: None,
    ) -> None:
        self.store = store
        self.limits = limits
        self._workbench = workbench
        self._decoders = decoders
        self._held = held
        self._note = note
        self._lock = threading.Lock()
        self._resized: LRUCache[tuple[str, Size, bool], Picture] = LRUCache(cache_bytes // 2, _picture_bytes)
        self._planes: LRUCache[tuple[str, Size, str, bool], Plane] = LRUCache(cache_bytes // 2, _plane_bytes)

    @property
    def kept_bytes(self) -> int:
        """How much this worker keeps in memory."""
        with self._lock:
            return int(self._resized.currsize + self._planes.currsize)

    def add(self, data: bytes) -> StoredImage:
        """Decode and store an upload. Raises UnreadablePicture, PictureTooLarge, Busy, DecoderUnavailable or
        StoreUnavailable."""
        about, shown, blend = self._decoders.first(data)
        stored = self.store.put(data, about)
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
        return default_rule(*(self.store.about(image_id).about["levels"][channel] for image_id in image_ids))

    def plane(self, image_id: str, size: Size, channel: Channel, rule: Rule) -> Plane:
        """One channel of a stored picture at `size` (width, height) px: exactly the pixels that are compared."""
        facts = self.facts(image_id)  # asked first: what has expired is gone, whatever memory holds
        key = (image_id, size, channel, rule.keeps_values)
        plane = self._kept(self._planes, key)
        if plane is None:
            resized = self.resized(image_id, size, blend=not rule.keeps_values)
            levels = self._workbench.run(lambda: resized.levels(channel, stored=rule.keeps_values))
            plane = Plane(levels, facts)
            self._keep(self._planes, key, plane)
        return plane

    def mask(self, image_id: str, size: Size) -> IgnoreMask:
        """The pixels that a stored mask picture leaves out of one at `size` (width, height) px."""
        facts = self.facts(image_id)
        return replace(IgnoreMask.of(self.resized(image_id, size, blend=False), size), facts=facts)

    def resized(self, image_id: str, size: Size, *, blend: bool = True) -> Picture:
        """A stored picture at `size` (width, height) px."""
        self._check_asked(*size)
        key = (image_id, size, blend)
        picture = self._kept(self._resized, key)
        if picture is None:
            shared = self.store.derived(image_id, _name(size, blend))
            picture = None if shared is None else unpack(shared)
            if picture is None:
                with self._held.taken(self.store.about(image_id).about["bytes"]):
                    picture = self._decode(self.store.read(image_id), size, blend)
                self._share(key, picture)
            else:
                self._keep(self._resized, key, picture)
        return picture

    def html(self, report: Report, *names: str) -> str:
        """A report on stored pictures as one HTML file; `names` are what they are called, "" for what is not known."""
        drawn = [self._drawn(each, report.plan) for each in (report.image, report.test_image) if each is not None]

        def render() -> str:
            named = zip(drawn, (*names, "", ""), strict=False)
            return html_report(report, [Shown.of(*each, report.plan, name) for each, name in named])

        return self._workbench.run(render)

    def _drawn(self, facts: PictureFacts, plan: Plan) -> tuple[Picture, Picture]:
        """A stored picture as it is drawn for eyes, and resized as it is compared."""
        image_id = str(facts.origin.id)
        original = self.resized(image_id, default_size(facts.width, facts.height, DRAWN_PX))
        return original, self.resized(image_id, plan.size, blend=not plan.labels.keeps_values)

    def _decode(self, data: bytes, size: Size, blend: bool) -> Picture:
        try:
            return self._decoders.resized(data, size, blend)
        except (PictureTooLarge, UnreadablePicture) as fault:  # as it was uploaded it could be decoded
            raise Impossible(f"resized to {size[0]}x{size[1]} px, {fault}", "width") from None

    def _kept(self, cache: LRUCache[K, V], key: K) -> V | None:
        with self._lock:
            found = cache.get(key)
        self._note("plane" if cache is self._planes else "picture", found is not None)
        return found

    def _keep(self, cache: LRUCache[K, V], key: K, value: V) -> None:
        with self._lock, suppress(ValueError):  # raised for what is larger than the whole cache
            cache[key] = value

    def _check_asked(self, width: int, height: int) -> None:
        try:
            self.limits.check_size(width, height)
        except PictureTooLarge as fault:
            words = (
                str(fault)
                .replace("this picture is", "the resize asks for")
                .replace("a smaller picture", "a smaller size")
            )
            raise Impossible(words, "width") from None

    def _share(self, key: tuple[str, Size, bool], picture: Picture) -> None:
        self._keep(self._resized, key, picture)
        if _picture_bytes(picture) <= MAX_SHARED_BYTES:
            image_id, size, blend = key
            self.store.put_derived(image_id, _name(size, blend), pack(picture))


def to_png(pixels: Any) -> bytes:
    """Encode an array (H, W) or (H, W, 3), uint8, for speed rather than size."""
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG", compress_level=1)
    return out.getvalue()


def _name(size: Size, blend: bool) -> str:
    return f"{size[0]}x{size[1]}{'' if blend else '-nearest'}"


def _picture_bytes(picture: Picture) -> int:
    return sum(array.nbytes for array in (picture.pixels, picture.alpha, picture.stored) if array is not None)


def _plane_bytes(plane: Plane) -> int:
    return plane.levels.nbytes
