"""The decoder: a program that turns uploads into pixels, in a process of its own (`python -m crosspatch.web.decoding`).

On standard input comes one request after the other, a head and the bytes of a file; on standard output goes a head,
and the bytes of arrays (`wire`). Before a byte of a file is looked at, this process limits itself: memory, time, no
files to write, no program to start. It ends when its input does; whoever started it kills it when it takes too long.
"""

from __future__ import annotations

import ctypes
import gc
import io
import math
import os
import resource
import select
import signal
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from crosspatch.errors import CrosspatchError
from crosspatch.limits import Limits
from crosspatch.picture import Picture
from crosspatch.web.memory import data_bytes, limit_data
from crosspatch.web.opening import open_first, open_resized
from crosspatch.web.wire import (
    OUT_OF_MEMORY,
    PERHAPS_OF_MEMORY,
    READY,
    UNEXPECTED,
    array_heads,
    arrays_of,
    pack_head,
    read_exactly,
    read_head,
    write_all,
)

_IN, _OUT, _ERRORS = 0, 1, 2
# More than the asker waits: it kills first, and this ends a decoder whose asker died.
_GRACE_S = 1
# Without a request for so long, freed memory goes back to the system.
_REST_S = 1
_MOST_TRACE = 8000
# Where memory is short a reader may lose some; who lost no more has as much as before for the next picture.
_MOST_LOST_BYTES = 4 * 2**20
# What Pillow says of a WebP that is damaged, and also when memory is short.
_PERHAPS_OF_MEMORY = ("could not create decoder object", "failed to read next frame")


def main() -> None:
    """Serve until the input ends."""
    _warm()
    _confine()
    own_bytes = data_bytes()
    write_all(_OUT, READY)
    with suppress(EOFError, BrokenPipeError):
        while True:
            if not select.select([_IN], [], [], _REST_S)[0]:
                _give_back()
            _serve_one(own_bytes)


def answer(asked: dict[str, Any], data: bytes) -> tuple[dict[str, Any], Picture | None]:
    """The head of the answer to one request, and the picture that comes with it."""
    try:
        limits = Limits(*asked["limits"])
        if asked["size"] is None:
            about, picture, blend = open_first(data, limits)
            return {"about": about, "blend": blend, "arrays": array_heads(picture)}, picture
        width, height = asked["size"]
        picture = open_resized(data, limits, (width, height), asked["blend"])
        return {"arrays": array_heads(picture)}, picture
    except (MemoryError, CrosspatchError) as fault:
        return {"fault": _kind(fault, asked), "text": str(fault), "field": getattr(fault, "field", None)}, None
    except Exception:
        return {"fault": UNEXPECTED, "text": traceback.format_exc()[-_MOST_TRACE:]}, None


def _serve_one(own_bytes: int) -> None:
    asked = read_head(_IN)
    data = read_exactly(_IN, asked["bytes"])
    _limit(own_bytes + len(data) + asked["memory_bytes"], asked["seconds"])
    head, picture = answer(asked, data)
    if head.get("fault") == OUT_OF_MEMORY:
        gc.collect()
        _give_back()
        head["is_whole"] = data_bytes() < own_bytes + len(data) + _MOST_LOST_BYTES
    write_all(_OUT, pack_head(head))
    for _, array in arrays_of(picture):
        write_all(_OUT, np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)
    signal.setitimer(signal.ITIMER_REAL, 0)
    limit_data(resource.RLIM_INFINITY)
    del picture, data
    gc.collect()  # what a damaged picture made of itself holds on to itself, and the next would be short of it


def _give_back() -> None:
    """Give freed memory back to the system."""
    with suppress(AttributeError):  # the GNU C library has it
        ctypes.CDLL(None).malloc_trim(0)


def _kind(fault: BaseException, asked: dict[str, Any]) -> str:
    if _is_of_memory(fault) or _is_of_memory(fault.__cause__):
        return OUT_OF_MEMORY
    if asked.get("is_estimated") and str(fault.__cause__) in _PERHAPS_OF_MEMORY:
        return PERHAPS_OF_MEMORY
    return type(fault).__name__


def _is_of_memory(fault: BaseException | None) -> bool:
    return isinstance(fault, MemoryError) or (isinstance(fault, OSError) and "out of memory" in str(fault))


def _warm() -> None:
    """Load the readers of Pillow and decode once, so that the first picture takes no longer than the second."""
    Image.init()
    for name in ("PNG", "JPEG", "WEBP"):
        out = io.BytesIO()
        Image.new("RGB", (2, 1)).save(out, name)
        open_resized(out.getvalue(), Limits(), (1, 1), True)
    gc.collect()
    gc.freeze()  # what is here by now stays: a collection takes a tenth of the time


def _confine() -> None:
    """Give up what decoding does not need. What libraries print of a picture goes nowhere."""
    os.closerange(_ERRORS + 1, min(resource.getrlimit(resource.RLIMIT_NOFILE)[0], 2**30))  # what others left open
    with suppress(OSError):  # when the system's memory is short, it takes this process before any other
        Path("/proc/self/oom_score_adj").write_text("1000")
    with Path(os.devnull).open("wb") as nothing:
        os.dup2(nothing.fileno(), _ERRORS)
    for limit, most in (("CORE", 0), ("FSIZE", 0), ("NPROC", 0), ("NOFILE", 16)):
        with suppress(OSError, ValueError):  # a limit that is already lower
            resource.setrlimit(getattr(resource, f"RLIMIT_{limit}"), (most, most))


def _limit(most_bytes: int, seconds: float) -> None:
    limit_data(most_bytes)
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu_s = math.ceil(used.ru_utime + used.ru_stime + seconds + _GRACE_S)
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, resource.RLIM_INFINITY))
    signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE_S)


if __name__ == "__main__":
    main()
