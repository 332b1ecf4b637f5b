"""What other processes say: the decoder, which has read hostile files, and the store, whose files may be damaged."""

from __future__ import annotations

import contextlib
import json
import os
import re
import struct
from typing import Any

import numpy as np

from crosspatch.errors import CrosspatchError
from crosspatch.picture import Picture
from crosspatch.web.decoder import Decoder
from crosspatch.web.mishaps import Ended, OutOfMemory, Unexpected
from crosspatch.web.packed import pack, unpack
from crosspatch.web.sealed import seal
from crosspatch.web.shelf import Entry
from crosspatch.web.store import ExpiredImage, ImageStore, UnknownImage
from crosspatch.web.wire import READY, head_length, pack_head, read_head
from fuzzing.target import hold, target

_MOST_BYTES = 600
_ID = "0123456789abcdef" * 4
_HEADS: list[dict[str, Any]] = [
    {"about": {"notes": []}, "blend": True, "arrays": [["pixels", "uint8", [2, 3]], ["alpha", "uint8", [2, 3]]]},
    {"arrays": [["pixels", "uint8", [1, 2, 3]], ["stored", "uint16", [1, 2]]]},
    {"fault": "UnreadablePicture", "text": "no picture", "field": None},
    {"fault": "Impossible", "text": "too much", "field": "width"},
    {"fault": "memory", "text": "", "field": None},
    {"fault": "unexpected", "text": "Traceback", "field": None},
    {"fault": "SystemExit", "text": "", "field": None},
]
_GREY = np.arange(6, dtype=np.uint8).reshape(2, 3)
_PICTURES = (Picture(_GREY), Picture(_GREY[:1, :, None].repeat(3, 2), alpha=_GREY[:1], stored=_GREY[:1]))
_ASKED = {"size": None, "blend": True, "limits": [None] * 4, "seconds": 5, "memory_bytes": 1 << 20}


class _Overheard(Decoder):
    """A decoder without a process, that has said all that it will ever say."""

    def __init__(self, said: bytes) -> None:
        self._out, into = os.pipe()
        os.write(into, said)
        os.close(into)
        self._into = os.open(os.devnull, os.O_WRONLY)
        self._is_ready = self._has_ended = False

    def kill(self) -> None:
        """There is no process."""

    def end(self, wait_s: float = 0) -> int:  # noqa: ARG002
        if not self._has_ended:
            os.close(self._into)
            os.close(self._out)
        self._has_ended = True
        return 0


@target(
    seeds=[READY + pack_head(head) + bytes(24) for head in _HEADS] + [READY, b"", READY + b"\xff\xff\xff\xff"],
    words=["pixels", "alpha", "stored", "uint8", "uint16", "fault", "text", "field", "arrays", "[", "]", ",", "true"],
    most_bytes=400,
)
def answers_of_a_decoder(data: bytes) -> None:
    """answers on the decoder's pipe, as a hijacked one may send them: refused, or no more bytes than were allowed"""
    decoder = _Overheard(_with_right_length(data))
    try:
        head, picture = decoder.decode(_ASKED, b"", _MOST_BYTES)
        arrays = [each for each in (picture.pixels, picture.alpha, picture.stored) if each is not None]
        hold(sum(each.nbytes for each in arrays) <= _MOST_BYTES, head)
    except (CrosspatchError, Ended, OutOfMemory, Unexpected) as fault:
        hold(len(str(fault)) <= 2000, fault)
    finally:
        decoder.end()


def _with_right_length(data: bytes) -> bytes:
    """The answer whose head ends where a NUL follows a brace; otherwise as it is."""
    end = re.search(rb"\}\0", data[5:])
    return data if end is None else data[:1] + struct.pack("!I", end.start() + 1) + data[5:]


@target(seeds=[pack_head(head) for head in _HEADS] + [b"", b"\0\0\0\x02[]"], words=["{", "}", "[", "]", ":", ","])
def heads(data: bytes) -> None:
    """heads with their length before them: written and read again alike"""
    out, into = os.pipe()
    try:
        os.write(into, data)
        os.close(into)
        with contextlib.suppress(EOFError, ValueError, RecursionError):
            head = read_head(out)
            hold(head_length(pack_head(head)[:4]) == len(pack_head(head)) - 4, head)
    finally:
        os.close(out)


class _OneDescription:
    """A shelf that has one thing to give."""

    def __init__(self, data: bytes) -> None:
        self._data: bytes | None = data

    def get(self, key: str) -> bytes | None:
        return self._data if key.endswith(".about") else None

    def set(self, key: str, data: bytes, lifetime_s: int) -> None: ...

    def delete(self, key: str) -> None: ...

    def entries(self) -> list[Entry]:
        return []


@target(
    seeds=[
        json.dumps({"about": {"width": 1}, "expires_at": "2999-01-01T00:00:00+00:00"}),
        '{"about": {}, "expires_at": "2001-01-01T00:00:00+00:00"}',
        '{"about": {}, "expires_at": "2999-01-01"}',
        '{"about": [], "expires_at": 1e999}',
    ],
    words=["{", "}", "[", "]", ":", ",", "null", "+00:00", "-01-01", "T", "9999", "0001"],
    share=1,
)
def descriptions(data: bytes) -> None:
    """descriptions in the store, damaged: one that can be read, or a picture that is not there any more"""
    for entry in (data, seal(data)):
        store = ImageStore(_OneDescription(entry), lifetime_s=60, max_images=9, max_bytes=9999)
        with contextlib.suppress(UnknownImage, ExpiredImage):
            hold(store.about(_ID).expires_at.tzinfo is not None, entry)


@target(
    seeds=[pack(each) for each in _PICTURES] + [b"", b"\x93NUMPY\x01\0"],
    words=["pixels.npy", "alpha.npy", "stored.npy", "\x93NUMPY", "PK\3\4", "PK\1\2", "PK\5\6", "descr", "shape", "|u1"],
    most_bytes=900,
)
def kept_pixels(data: bytes) -> None:
    """pixels in the store, damaged: a picture, or none"""
    picture = unpack(data)
    hold(picture is None or isinstance(picture, Picture))
