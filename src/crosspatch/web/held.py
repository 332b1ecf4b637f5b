"""What a worker holds of requests and files in memory. In go counts of bytes, out comes Busy when they are too many.

Bytes count as they arrive, not as they are announced: who sends slowly takes nothing from others.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from crosspatch.web.turns import Busy

_RETRY_AFTER_S = 2


class HeldBytes:
    """At most `most_bytes` at once, for all greenlets or threads of a process."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self.count = 0

    def take(self, count: int) -> None:
        """Count so many more. Raises Busy, and counts nothing, when that is too many."""
        with self._lock:
            if self.count + count > self._most_bytes:
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
