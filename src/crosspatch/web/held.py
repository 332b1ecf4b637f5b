"""What a worker holds of requests, files and answers in memory. In go counts of bytes, out comes Busy when they are too
many.

Bytes count as they arrive, not as they are announced: who sends slowly takes nothing from others. Large answers count
until they are sent: who takes them slowly takes no memory from what others ask.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crosspatch.web.turns import Busy

if TYPE_CHECKING:
    from flask import Response

# What all clients together may well have on its way.
_LARGE_BYTES = 2**16
_RETRY_AFTER_S = 2


class HeldBytes:
    """At most `most_bytes` at once, for all greenlets or threads of a process."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self._lock = threading.Lock()
        self.count = 0

    def take(self, count: int) -> None:
        """Count so many more. Raises Busy, and counts nothing, when that is too many."""
        with self._lock:
            if self.count + count > self.most_bytes:
                raise Busy(_RETRY_AFTER_S)
            self.count += count

    def give_back(self, count: int) -> None:
        """Count so many fewer."""
        with self._lock:
            self.count -= count

    @contextmanager
    def taken(self, count: int) -> Iterator[None]:
        """Count so many for a while. Raises Busy."""
        self.take(count)
        try:
            yield
        finally:
            self.give_back(count)


def held_until_sent(response: Response, held: HeldBytes) -> Response:
    """The answer, counted if it is large. Raises Busy; one that exceeds all bounds may go alone."""
    length = min(response.calculate_content_length() or 0, held.most_bytes) if response.is_sequence else 0
    if length > _LARGE_BYTES:
        held.take(length)
        response.call_on_close(lambda: held.give_back(length))
    return response
