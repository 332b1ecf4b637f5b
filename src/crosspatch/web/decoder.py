"""One decoder: a process of its own that turns the bytes of a picture into pixels. In go bytes, out come arrays.

This is the worker's end of the pipes (`decoding` is the other). It blocks its thread, with a limit on time, and calls
the functions that gevent has not replaced: let it run in a native thread (`work`). A decoder that breaks its bounds, in
time, in memory or in what it says, is killed; whoever holds it then starts another.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

import numpy as np

import crosspatch
from crosspatch.errors import CrosspatchError
from crosspatch.picture import Picture
from crosspatch.web.mishaps import Ended, OutOfMemory, PerhapsOutOfMemory, TooSlow, Unexpected
from crosspatch.web.wire import (
    ARRAYS,
    OUT_OF_MEMORY,
    PERHAPS_OF_MEMORY,
    PREFIX_BYTES,
    READY,
    UNEXPECTED,
    head_length,
    pack_head,
)

# Python and NumPy from a cold disk, on a busy machine.
_START_S = 30
# From the end of its pipes to the end of a process; then it is killed.
_LAST_WORDS_S = 1
_PIPE_BYTES = 2**20
# What of our environment a decoder gets: where modules are. No address of a store, no password.
_ENVIRONMENT = (
    "LANG",
    "LC_ALL",
    "LD_LIBRARY_PATH",
    "PATH",
    "PYTHONHOME",
    "PYTHONPATH",
    "SYSTEMROOT",
    "TZ",
    "VIRTUAL_ENV",
)
# One thread; and freed memory is kept for the next picture, for as long as pictures come: the kernel clears each page
# that it gives anew, which costs a tenth of the decoding of a photograph.
_TUNING = {
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": str(32 * 2**20),
    "MALLOC_TRIM_THRESHOLD_": str(64 * 2**20),
}
_COMMAND = [sys.executable, "-P", "-m", "crosspatch.web.decoding"]
_FAULTS = ("UnreadablePicture", "PictureTooLarge", "Impossible", "InvalidRequest")
_LONGEST_TEXT = 2000


class Decoder:
    """A process that decodes one picture at a time. It is warm some tenths of a second after it was made."""

    def __init__(self) -> None:
        given, self._into = os.pipe()
        self._out, taken = os.pipe()
        for fd in (self._into, self._out):
            with suppress(OSError, AttributeError):  # a user's pipes are bounded together, and other systems have none
                fcntl.fcntl(fd, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        os.set_blocking(self._into, False)
        environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        try:
            # Not `subprocess`, nor gevent's: it ties children to one thread. Other descriptors close by themselves.
            self.pid: int = _native("os", "posix_spawn")(
                _COMMAND[0],
                _COMMAND,
                environment | _TUNING,
                file_actions=[(os.POSIX_SPAWN_DUP2, given, 0), (os.POSIX_SPAWN_DUP2, taken, 1)],
                setsigmask=(),
                setsigdef=(signal.SIGINT, signal.SIGTERM, signal.SIGALRM, signal.SIGXCPU),
            )
        except BaseException:
            os.close(self._into)
            os.close(self._out)
            raise
        finally:
            os.close(given)
            os.close(taken)
        self._is_ready = False
        self._has_ended = False

    def decode(self, asked: dict[str, Any], data: bytes, most_bytes: int) -> tuple[dict[str, Any], Picture]:
        """The head of the answer, and the picture, of at most `most_bytes`. `asked` has "seconds" and "memory_bytes".

        Raises what the picture is refused for, or TooSlow, OutOfMemory, Ended: then this decoder is no more, unless it
        has all its memory again.
        """
        try:
            if not self._is_ready:
                self._read(len(READY), time.monotonic() + _START_S)
                self._is_ready = True
            end_s = time.monotonic() + asked["seconds"]
            self._write(pack_head({**asked, "bytes": len(data)}), end_s)
            self._write(data, end_s)
            head = json.loads(self._read(head_length(self._read(PREFIX_BYTES, end_s)), end_s))
            if "fault" in head:
                _raise(head)
            if asked["size"] is None and not (isinstance(head["about"], dict) and isinstance(head["blend"], bool)):
                raise ValueError("no description of a picture")
            return head, self._picture(head, most_bytes, end_s)
        except CrosspatchError:
            raise
        except (EOFError, BrokenPipeError):
            raise Ended(self.end(wait_s=_LAST_WORDS_S), was_ready=self._is_ready) from None
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):  # it says what no decoder says
            raise Ended(self.end(), was_ready=True) from None
        except OutOfMemory as fault:
            if not fault.left_whole:
                self.end()
            raise
        except BaseException:
            self.end()
            raise

    @property
    def has_ended(self) -> bool:
        """Whether this decoder is no more."""
        return self._has_ended

    def kill(self) -> None:
        """End the process at once, from any thread: whoever waits for it raises Ended."""
        if not self._has_ended:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def end(self, wait_s: float = 0) -> int:
        """Clear the process away, killed after `wait_s`. Its exit status, or minus the number of the signal."""
        if self._has_ended:
            return 0
        os.close(self._into)
        os.close(self._out)
        try:
            status = self._wait_for_end(time.monotonic() + wait_s)
        except ChildProcessError:  # somebody who waits for any child was faster
            status = 0
        self._has_ended = True
        return os.waitstatus_to_exitcode(status)

    def _wait_for_end(self, end_s: float) -> int:
        wait, sleep = _native("os", "waitpid"), _native("time", "sleep")
        while time.monotonic() < end_s:  # its pipes are closed, so it is about to end, unless it only pretends to
            pid, status = wait(self.pid, os.WNOHANG)
            if pid:
                return int(status)
            sleep(0.001)
        self.kill()
        return int(wait(self.pid, 0)[1])

    def _picture(self, head: dict[str, Any], most_bytes: int, end_s: float) -> Picture:
        """The arrays that a head announces: only such as a picture has, and no more bytes than allowed."""
        arrays: dict[str, Any] = {}
        for name, kind, shape in head["arrays"]:
            if name not in ARRAYS or name in arrays or kind not in ("uint8", "uint16") or len(shape) not in (2, 3):
                raise ValueError("no array of a picture")
            if not all(isinstance(side, int) and side > 0 for side in shape):
                raise ValueError("no size of a picture")
            most_bytes -= int(np.dtype(kind).itemsize) * _product(shape)
            if most_bytes < 0:
                raise ValueError("more bytes than the picture has")
            array = arrays[name] = np.empty(shape, kind)
            self._read_into(memoryview(array.reshape(-1).view(np.uint8)), end_s)
        return Picture(**arrays)

    def _read(self, length: int, end_s: float) -> bytes:
        buffer = bytearray(length)
        self._read_into(memoryview(buffer), end_s)
        return bytes(buffer)

    def _read_into(self, rest: memoryview, end_s: float) -> None:
        while rest:
            self._wait(self._out, "in", end_s)
            count = os.readv(self._out, [rest])
            if count == 0:
                raise EOFError
            rest = rest[count:]

    def _write(self, data: bytes, end_s: float) -> None:
        rest = memoryview(data)
        while rest:
            self._wait(self._into, "out", end_s)
            with suppress(BlockingIOError):
                rest = rest[os.write(self._into, rest) :]

    def _wait(self, fd: int, way: Literal["in", "out"], end_s: float) -> None:
        select = sys.modules["select"]
        poll = _native("select", "poll")()
        poll.register(fd, select.POLLIN if way == "in" else select.POLLOUT)
        if not poll.poll(max(0, 1000 * (end_s - time.monotonic()))):
            if _is_stopped(self.pid):  # which is not the picture's fault
                raise Ended(self.end(), was_ready=self._is_ready)
            raise TooSlow


def _is_stopped(pid: int) -> bool:
    """Whether somebody sent the process SIGSTOP. False where the system does not tell."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"
    except (OSError, IndexError):
        return False


def _raise(head: dict[str, Any]) -> None:
    if head["fault"] == OUT_OF_MEMORY:
        raise OutOfMemory(left_whole=head.get("is_whole") is True)
    if head["fault"] == PERHAPS_OF_MEMORY:
        raise PerhapsOutOfMemory(str(head["text"])[:_LONGEST_TEXT])
    if head["fault"] == UNEXPECTED:
        raise Unexpected(str(head["text"])[-_LONGEST_TEXT:])
    if head["fault"] not in _FAULTS:
        raise ValueError("no fault of a picture")
    field = head["field"]
    raise getattr(crosspatch, head["fault"])(
        str(head["text"])[:_LONGEST_TEXT], field if field in ("width", "height", "labels") else None
    )


def _product(shape: list[int]) -> int:
    product = 1
    for side in shape:
        product *= side
    return product


def _native(module: str, name: str) -> Any:
    """A function of the standard library as it was before gevent replaced it."""
    monkey = sys.modules.get("gevent.monkey")
    if monkey is None:
        return getattr(__import__(module), name)
    return monkey.get_original(module, name)
