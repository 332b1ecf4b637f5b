"""How a worker and its decoder talk over pipes. In go heads and arrays, out come bytes, and the other way round.

A message is the length of its head (4 bytes, big-endian), the head (a JSON object), and the bytes that the head
announces. Nothing that comes from a decoder is run, unpickled or believed beyond its bounds: it has read hostile files.
"""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Iterator
from typing import Any

from crosspatch.picture import Picture

READY = b"\x06"
MOST_HEAD_BYTES = 64 * 1024
# What a decoder says in place of the class of a fault: its memory was not enough, or perhaps not, or something is
# wrong with our code.
OUT_OF_MEMORY = "memory"
PERHAPS_OF_MEMORY = "perhaps memory"
UNEXPECTED = "unexpected"
ARRAYS = ("pixels", "alpha", "stored")
_LENGTH = struct.Struct("!I")
PREFIX_BYTES = _LENGTH.size


def pack_head(head: dict[str, Any]) -> bytes:
    """A head with its length before it."""
    text = json.dumps(head, separators=(",", ":")).encode()
    return _LENGTH.pack(len(text)) + text


def head_length(prefix: bytes) -> int:
    """The length of the head that follows. Raises ValueError for one that nobody sends."""
    length: int = _LENGTH.unpack(prefix)[0]
    if length > MOST_HEAD_BYTES:
        raise ValueError(f"a head of {length} bytes")
    return length


def read_head(fd: int) -> dict[str, Any]:
    """Wait for a head. Raises EOFError when there is none to come."""
    head: dict[str, Any] = json.loads(read_exactly(fd, head_length(read_exactly(fd, PREFIX_BYTES))))
    return head


def read_exactly(fd: int, length: int) -> bytes:
    """Wait for `length` bytes. Raises EOFError when fewer come."""
    buffer = bytearray(length)
    rest = memoryview(buffer)
    while rest:
        count = os.readv(fd, [rest])
        if count == 0:
            raise EOFError
        rest = rest[count:]
    return bytes(buffer)


def write_all(fd: int, data: bytes | memoryview) -> None:
    """Send bytes; blocks."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(fd, rest) :]


def arrays_of(picture: Picture | None) -> Iterator[tuple[str, Any]]:
    """The arrays of a picture that there are, by name, in the order in which they are sent."""
    for name in ARRAYS:
        array = getattr(picture, name, None)
        if array is not None:
            yield name, array


def array_heads(picture: Picture) -> list[tuple[str, str, list[int]]]:
    """What a head says of each array: its name, type and shape."""
    return [(name, array.dtype.name, list(array.shape)) for name, array in arrays_of(picture)]
