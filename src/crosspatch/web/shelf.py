"""A place to keep bytes by key until they expire. In go keys and bytes, out come bytes, or StoreUnavailable.

A key is an id, a dot and a word, all made by the store: no text of a user is in it. There are two such places, a
directory (`shelf_files`) and a Redis database (`shelf_redis`), both on cachelib.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import IO, Protocol

from crosspatch.errors import CrosspatchError

KEY = re.compile(r"[0-9a-f]{64}\.[0-9a-z]+")
_PROBE = f"{'0' * 64}.probe"


class StoreUnavailable(CrosspatchError):
    """The store cannot be reached or written."""


@dataclass(frozen=True)
class Entry:
    """What is known of one key without reading it: its bytes, and when it expires in seconds since 1970."""

    key: str
    bytes: int
    expires_s: float


class Shelf(Protocol):
    """Keeps bytes by key. Every method raises StoreUnavailable when the place fails."""

    def get(self, key: str) -> bytes | None:
        """The bytes; None when there are none, or they expired."""

    def set(self, key: str, data: bytes, lifetime_s: int) -> None:
        """Keep the bytes; all or nothing."""

    def delete(self, key: str) -> None:
        """Forget the bytes, if any."""

    def entries(self) -> list[Entry]:
        """All that is kept. What expired is removed on the way."""


class RawBytes:
    """Bytes as they are, for cachelib: its own way, pickle, lets whoever can write to the place run code here."""

    def load(self, file: IO[bytes]) -> bytes:
        """From a file, what is left in it."""
        return file.read()

    def dumps(self, value: bytes) -> bytes:
        """For Redis."""
        return value

    def loads(self, value: bytes | None) -> bytes | None:
        """From Redis, None when there is none."""
        return value


def check(shelf: Shelf) -> None:
    """Write, and remove what was written. Raises StoreUnavailable when that fails."""
    shelf.set(_PROBE, b"", 10)
    shelf.delete(_PROBE)
