"""The decoders of a worker. In go uploads, out come descriptions and pictures, or a refusal with its reason.

A file is judged by its header, waits on the workbench for a place and for the memory that it needs, and is decoded in
another process, warm, that is killed and replaced when the file makes it break a limit or its asker has gone.
"""

from __future__ import annotations

import logging
import signal
import weakref
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import astuple
from typing import Any

from crosspatch.errors import CrosspatchError, PictureTooLarge, UnreadablePicture
from crosspatch.limits import Limits
from crosspatch.picture import Picture
from crosspatch.request import Size
from crosspatch.web.decoder import Decoder
from crosspatch.web.footprint import allotment, check, estimate, in_mb
from crosspatch.web.mishaps import Ended, OutOfMemory, PerhapsOutOfMemory, TooSlow
from crosspatch.web.room import Room
from crosspatch.web.work import Workbench

# What a picture does to a decoder, not what somebody else does.
_CRASHES = (signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGILL, signal.SIGFPE, signal.SIGSYS, signal.SIGTRAP)
_OUT_OF_TIME = (signal.SIGALRM, signal.SIGXCPU)
_FIRST_PX = 512
# Pixels, alpha, and stored levels of 16 bits.
_MOST_BYTES_PER_PX = 3 + 1 + 2


class DecoderUnavailable(CrosspatchError):
    """No decoder can be started, or whatever is started is killed by others."""

    def __init__(self) -> None:
        super().__init__("no picture can be decoded at the moment, and this is not the picture's fault: try again soon")


class Job:
    """One file to decode. It remembers which decoder has it, for whoever asked to take back."""

    def __init__(self, data: bytes, asked: dict[str, Any], most_bytes: int) -> None:
        self.data = data
        self.asked = asked
        self.most_bytes = most_bytes
        self.mishaps: list[Ended] = []
        self.is_cancelled = False
        self.decoder: Decoder | None = None

    def cancel(self) -> None:
        """Nobody waits any more: kill the decoder that is at it."""
        self.is_cancelled = True
        decoder = self.decoder
        if decoder is not None:
            decoder.kill()


class Decoders:
    """All decoders of a worker: one, and as many more as decode at once. `timeout_s` is what a picture may take.

    `note` is told why a decoder came to an end that was not its own: "memory", "time" or "mishap".
    """

    def __init__(
        self,
        workbench: Workbench,
        limits: Limits,
        room: Room,
        timeout_s: float,
        note: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._workbench = workbench
        self._limits = limits
        self._room = room
        self._note = note
        self._memory_bytes = room.memory_bytes
        self.timeout_s = timeout_s
        self.idle: deque[Decoder] = deque()
        self._closing = weakref.finalize(self, _end_all, self.idle)

    def warm(self) -> None:
        """Start the first decoder, and do not wait for it."""
        self.idle.append(Decoder())

    def first(self, data: bytes) -> tuple[dict[str, Any], Picture, bool]:
        """The description of an upload, the picture as it is shown at first, and whether that was blended.

        Raises UnreadablePicture, PictureTooLarge, Busy or DecoderUnavailable.
        """
        head, picture = self._run(data, None, True)
        return head["about"], picture, head["blend"]

    def resized(self, data: bytes, size: Size, blend: bool) -> Picture:
        """The picture at `size` (width, height) px, blended or with its values kept. Raises the same."""
        return self._run(data, size, blend)[1]

    def _run(self, data: bytes, size: Size | None, blend: bool) -> tuple[dict[str, Any], Picture]:
        needed_bytes = estimate(data, size)
        check(data, needed_bytes, self._limits, self._memory_bytes)
        given_bytes = allotment(data, needed_bytes, self._memory_bytes)
        width, height = size or (_FIRST_PX, _FIRST_PX)
        asked = {"size": size, "blend": blend, "limits": astuple(self._limits), "seconds": self.timeout_s}
        most_bytes = width * height * _MOST_BYTES_PER_PX
        try:
            try:
                return self._run_within(given_bytes, Job(data, asked, most_bytes))
            except (OutOfMemory, PerhapsOutOfMemory):  # the header told too little: once more, alone
                return self._run_within(self._memory_bytes, Job(data, asked, most_bytes))
        except (OutOfMemory, PerhapsOutOfMemory):
            self._note("memory")
            raise PictureTooLarge(
                f"this picture takes more than {in_mb(self._memory_bytes)} of memory to decode: use a smaller picture"
            ) from None
        except TooSlow:
            self._note("time")
            raise PictureTooLarge(
                f"this picture takes more than {self.timeout_s:g} s to decode: use a smaller picture, or save it anew"
            ) from None

    def _run_within(self, memory_bytes: int, job: Job) -> tuple[dict[str, Any], Picture]:
        job.asked |= {"memory_bytes": memory_bytes, "is_estimated": memory_bytes < self._memory_bytes}
        try:
            return self._workbench.run_within(min(memory_bytes, self._room.share_bytes), decode, self, job)
        except BaseException:
            job.cancel()
            raise
        finally:
            for mishap in job.mishaps:
                self._note("mishap")
                logging.getLogger("crosspatch").warning(str(mishap))

    def attempt(self, job: Job) -> tuple[dict[str, Any], Picture]:
        """One decoder's answer, in the thread that may block. Whoever ended is replaced at once, to be warm again."""
        with self._room.entered(job.asked["memory_bytes"]):
            decoder = self._take()
            job.decoder = decoder
            if job.is_cancelled:
                decoder.kill()
            try:
                return decoder.decode(job.asked, job.data, job.most_bytes)
            finally:
                job.decoder = None
                self._give_back(decoder)

    def _take(self) -> Decoder:
        try:
            return self.idle.pop()
        except IndexError:
            return Decoder()

    def _give_back(self, decoder: Decoder) -> None:
        with suppress(OSError):  # the next who needs one says so
            self.idle.append(Decoder() if decoder.has_ended else decoder)


def decode(decoders: Decoders, job: Job) -> tuple[dict[str, Any], Picture]:
    """The answer to a job, on the workbench. A decoder that others killed is tried again once, with another."""
    for _ in range(2):
        try:
            return decoders.attempt(job)
        except OSError:
            raise DecoderUnavailable from None
        except Ended as mishap:
            job.mishaps.append(mishap)
            if job.is_cancelled:
                break
            if mishap.was_ready and -mishap.status in _OUT_OF_TIME:
                raise TooSlow from None
            if mishap.was_ready and -mishap.status in _CRASHES:
                raise UnreadablePicture(f"this picture is damaged, {mishap}: save it again") from None
    raise DecoderUnavailable


# All that turns files into pixels, on the workbench: how long it takes is measured.
DECODING = (decode,)


def _end_all(idle: deque[Decoder]) -> None:
    while idle:
        idle.pop().end()
