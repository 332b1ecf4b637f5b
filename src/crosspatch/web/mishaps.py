"""What becomes of a decoder, or of the worker that waits for it, in place of an answer (`decoder`)."""

from __future__ import annotations

import signal
from contextlib import suppress

from crosspatch.errors import CrosspatchError


class TooSlow(Exception):
    """The time is over; the decoder was killed."""


class OutOfMemory(Exception):
    """The memory that was given was not enough; the decoder was killed, unless it was `left_whole`."""

    def __init__(self, *, left_whole: bool = False) -> None:
        super().__init__()
        self.left_whole = left_whole


class PerhapsOutOfMemory(CrosspatchError):
    """The picture is damaged, or the memory that was given was not enough: its reader says the same of both."""


class Unexpected(Exception):
    """A fault of our own in the decoder, with its traceback."""


class Ended(Exception):
    """The decoder ended by itself, or others killed it. `status` is its exit status, or minus a signal's number."""

    def __init__(self, status: int, *, was_ready: bool) -> None:
        super().__init__(f"a decoder ended by itself ({_in_words(status)})")
        self.status = status
        self.was_ready = was_ready


def _in_words(status: int) -> str:
    if status >= 0:
        return f"exit status {status}"
    with suppress(ValueError):
        return signal.Signals(-status).name
    return f"signal {-status}"
