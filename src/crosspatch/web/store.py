"""Uploaded pictures, kept for a while. In go bytes and a description, out comes the id: the SHA-256 of the bytes.

The store is bounded in number and bytes. It is measured at every `put`, not counted, so that a process that dies leaves
no wrong count behind; what expires first goes first. Between measuring and writing another process may write too: each
measures again after it wrote, so the bounds hold as soon as all are done.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crosspatch.errors import CrosspatchError, PictureTooLarge
from crosspatch.web.holdings import ABOUT, DERIVED, IMAGE, SEEN, Holding, holdings_of, word_of
from crosspatch.web.sealed import seal, unseal
from crosspatch.web.settings import Settings
from crosspatch.web.shelf import Entry, Shelf, StoreUnavailable, check
from crosspatch.web.shelf_files import FileShelf
from crosspatch.web.shelf_redis import RedisShelf
from crosspatch.web.work import in_native_thread

__all__ = ["ExpiredImage", "ImageStore", "StoreUnavailable", "StoredImage", "UnknownImage", "open_store"]

_ID = re.compile(r"[0-9a-f]{64}")
_REMEMBERED_S = 24 * 3600
_MOST_REMEMBERED = 1000


class UnknownImage(CrosspatchError, LookupError):
    """No picture with this id is in the store."""


class ExpiredImage(CrosspatchError, LookupError):
    """A picture with this id was in the store: it expired, had to make room, was deleted, or was damaged."""


@dataclass(frozen=True)
class StoredImage:
    """A picture in the store: its id, the description given with it, and when it expires (UTC)."""

    id: str
    about: Mapping[str, Any]
    expires_at: datetime


def open_store(settings: Settings) -> ImageStore:
    """The store that the settings name. Raises StoreUnavailable when its directory cannot be made or used."""
    shelf: Shelf
    if settings.redis:
        shelf = RedisShelf(settings.store)
    else:
        shelf = FileShelf(Path(settings.store).expanduser(), settings.store_max_bytes)
    return ImageStore(
        shelf,
        lifetime_s=settings.store_lifetime_s,
        max_images=settings.store_max_images,
        max_bytes=settings.store_max_bytes,
    )


class ImageStore:
    """Pictures by id, on a shelf that several processes share. Every method may raise StoreUnavailable."""

    def __init__(self, shelf: Shelf, *, lifetime_s: int, max_images: int, max_bytes: int) -> None:
        self._shelf = shelf
        self._lifetime_s = lifetime_s
        # What is to expire later was kept before the clock was put back: nothing stays more than twice too long.
        self._longest = timedelta(seconds=2 * lifetime_s)
        self._max_images = max_images
        self._max_bytes = max_bytes

    def put(self, data: bytes, about: Mapping[str, Any]) -> StoredImage:
        """Keep the bytes of a picture and its description, JSON values only; once more renews both.

        Raises PictureTooLarge when the picture alone exceeds the store.
        """
        expires_at = datetime.now(UTC) + timedelta(seconds=self._lifetime_s)
        description = seal(json.dumps({"about": about, "expires_at": expires_at.isoformat()}).encode())
        length = len(data) + len(description)
        if length > self._max_bytes:
            raise PictureTooLarge(
                f"this picture has {len(data) / 2**20:.1f} MiB, and the store takes {self._max_bytes / 2**20:.1f} MiB: "
                "use a smaller picture"
            )
        image_id = in_native_thread(_digest, data)
        self._make_room(image_id, length)
        try:
            self._shelf.set(_key(image_id, IMAGE), data, self._lifetime_s + 1)
            self._shelf.set(_key(image_id, ABOUT), description, self._lifetime_s + 1)
            self._shelf.set(_key(image_id, SEEN), b"", self._lifetime_s + _REMEMBERED_S)
        except StoreUnavailable:
            self._undo(image_id)
            raise
        self._make_room(image_id, 0)
        return StoredImage(image_id, about, expires_at)

    def about(self, image_id: str) -> StoredImage:
        """The description of a picture. Raises UnknownImage, or ExpiredImage when it was here within the last day."""
        if not _ID.fullmatch(image_id):
            raise _no_id()
        description = self._shelf.get(_key(image_id, ABOUT))
        if description is None:
            raise self._missing(image_id)
        try:
            known = json.loads(unseal(description))
            stored = StoredImage(image_id, known["about"], datetime.fromisoformat(known["expires_at"]))
            now = datetime.now(UTC)
            is_over = not now < stored.expires_at <= now + self._longest
        except (ValueError, KeyError, TypeError, RecursionError):
            raise self._damaged(image_id) from None
        if is_over:
            self._remove(image_id)
            raise self._missing(image_id)
        return stored

    def read(self, image_id: str) -> bytes:
        """The bytes of a picture, checked against its id; damaged ones are deleted. Raises as `about` does."""
        self.about(image_id)
        data = self._shelf.get(_key(image_id, IMAGE))
        if data is None or in_native_thread(_digest, data) != image_id:
            raise self._damaged(image_id)
        return data

    def delete(self, image_id: str) -> None:
        """Forget a picture and all that was derived from it. Raises as `about` does."""
        self.about(image_id)
        self._remove(image_id)

    def derived(self, image_id: str, key: str) -> bytes | None:
        """Small data derived from a picture, kept earlier under the same key; None when there is none."""
        return self._shelf.get(_derived_key(image_id, key))

    def put_derived(self, image_id: str, key: str, data: bytes) -> None:
        """Keep small data derived from a picture, as long as it. Best effort: nothing goes for it or is raised."""
        try:
            left_s = (self.about(image_id).expires_at - datetime.now(UTC)).total_seconds()
            if self.usage()[1] + len(data) <= self._max_bytes:
                self._shelf.set(_derived_key(image_id, key), data, math.ceil(left_s))
                if self._shelf.get(_key(image_id, ABOUT)) is None:  # deleted meanwhile: nothing of it stays
                    self._shelf.delete(_derived_key(image_id, key))
        except (UnknownImage, ExpiredImage, StoreUnavailable):
            return

    def usage(self) -> tuple[int, int]:
        """How many pictures are kept, and how many bytes in all. What expired is removed on the way."""
        entries = self._shelf.entries()
        self._remove_what_stays_too_long(entries)
        holdings = holdings_of(entries).values()
        return sum(holding.described for holding in holdings), sum(holding.bytes for holding in holdings)

    def ready(self) -> None:
        """Raise StoreUnavailable unless the store can be reached and written."""
        check(self._shelf)

    def _make_room(self, image_id: str, incoming_bytes: int) -> None:
        """Remove what expires first until a picture of `incoming_bytes` can be kept, or is, under `image_id`."""
        entries = self._shelf.entries()
        self._remove_what_stays_too_long(entries)
        self._forget(entries)
        self._spare(entries, incoming_bytes)
        holdings = holdings_of(entries)
        own = holdings.pop(image_id, Holding())
        used_bytes = sum(holding.bytes for holding in holdings.values()) + (incoming_bytes or own.bytes)
        for other in sorted(holdings, key=lambda other: holdings[other].expires_s):
            if len(holdings) < self._max_images and used_bytes <= self._max_bytes:
                return
            used_bytes -= holdings.pop(other).bytes
            self._remove(other, entries)

    def _remove_what_stays_too_long(self, entries: list[Entry]) -> None:
        """What a clock that was put back would keep, which no shelf knows to have expired. From `entries` too."""
        for image_id, holding in holdings_of(entries).items():
            if holding.described and holding.expires_s > time.time() + self._longest.total_seconds() + 1:
                self._remove(image_id, entries)
                entries[:] = [entry for entry in entries if entry.key not in holding.keys]

    def _spare(self, entries: list[Entry], incoming_bytes: int) -> None:
        """Remove derived data, which can be had again, before any picture goes; from `entries` too."""
        too_many_bytes = sum(entry.bytes for entry in entries) + incoming_bytes - self._max_bytes
        derived = (entry for entry in entries if word_of(entry).startswith(DERIVED))
        for entry in sorted(derived, key=lambda entry: entry.expires_s):
            if too_many_bytes <= 0:
                return
            self._shelf.delete(entry.key)
            entries.remove(entry)
            too_many_bytes -= entry.bytes

    def _forget(self, entries: list[Entry]) -> None:
        seen = sorted((entry for entry in entries if word_of(entry) == SEEN), key=lambda entry: entry.expires_s)
        for entry in seen[:-_MOST_REMEMBERED]:
            self._shelf.delete(entry.key)

    def _remove(self, image_id: str, entries: list[Entry] | None = None) -> None:
        """Remove a picture: its description first, so that nobody finds one without the other."""
        self._shelf.delete(_key(image_id, ABOUT))
        for entry in self._shelf.entries() if entries is None else entries:
            if entry.key.startswith(image_id) and word_of(entry) != SEEN:
                self._shelf.delete(entry.key)

    def _undo(self, image_id: str) -> None:
        """After a failed write: leave no bytes that nothing describes. What was whole before stays."""
        try:
            if self._shelf.get(_key(image_id, ABOUT)) is None:
                self._shelf.delete(_key(image_id, IMAGE))
        except StoreUnavailable:
            pass  # the failure being reported says more

    def _damaged(self, image_id: str) -> ExpiredImage:
        self._remove(image_id)
        return ExpiredImage("this picture was damaged in the store and has been removed: upload it again", "image")

    def _missing(self, image_id: str) -> UnknownImage | ExpiredImage:
        if self._shelf.get(_key(image_id, SEEN)) is None:
            return UnknownImage("no picture with this id is here: upload it first", "image")
        return ExpiredImage(
            f"this picture is no longer here, pictures stay for {_in_words(self._lifetime_s)} at most: upload it again",
            "image",
        )


def _no_id() -> UnknownImage:
    return UnknownImage("this is not the id of a picture, which has 64 hexadecimal digits: upload it first", "image")


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _key(image_id: str, word: str) -> str:
    return f"{image_id}.{word}"


def _derived_key(image_id: str, key: str) -> str:
    if not _ID.fullmatch(image_id):
        raise _no_id()
    return _key(image_id, f"{DERIVED}{_digest(key.encode())[:32]}")


def _in_words(seconds: int) -> str:
    minutes = seconds // 60
    return f"{minutes} minutes" if minutes > 1 else f"{seconds} seconds"
