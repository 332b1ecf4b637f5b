"""Whose turn it is to compute. In go askers, each for a place and some of the memory; out they come in order, or Busy.

A turn is first come, first served, with one exception: who asks for no memory passes those who wait for it alone.
"""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Callable

from crosspatch.errors import CrosspatchError

_LONGEST_RETRY_S = 30


class Busy(CrosspatchError):
    """All places to compute and to wait are taken. `retry_after_s`, whole seconds, says when to try again."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"the server has all the work it can take: try again in {retry_after_s} s")
        self.retry_after_s = retry_after_s


class _Turn:
    """It comes once. Not an Event: gevent lets others run inside the `set` of one, while whoever calls it has a lock
    that the hub may want, and the hub cannot wait.
    """

    def __init__(self, memory_bytes: int = 0) -> None:
        self.memory_bytes = memory_bytes
        self._until_it_comes = threading.Lock()
        self._until_it_comes.acquire()

    def wait(self) -> None:
        self._until_it_comes.acquire()

    def come(self) -> None:
        self._until_it_comes.release()


class Turns:
    """At most `places` run at once, in at most `memory_bytes` together, and at most `queue` more wait.

    `changed` is told, while the lock is held, that `running` or `waiting` is another.
    """

    def __init__(self, places: int, queue: int, memory_bytes: int, changed: Callable[[], None]) -> None:
        self._places = places
        self._queue = queue
        self._free_bytes = memory_bytes
        self._changed = changed
        self.running = 0
        self._waiting: list[_Turn] = []
        self._is_idle_used = False
        self._waiting_for_idle: deque[_Turn] = deque()
        self._usual_s = 0.0
        self._lock = threading.Lock()

    @property
    def waiting(self) -> int:
        """How many wait for a place, or for memory."""
        return len(self._waiting)

    def enter(self, memory_bytes: int) -> None:
        """Wait for a place and so much memory, never more than there is at all. Raises Busy when too many wait."""
        turn = _Turn(memory_bytes)
        with self._lock:
            self._waiting.append(turn)
            self._hand_out()
            if turn in self._waiting and len(self._waiting) > self._queue:
                self._waiting.remove(turn)
                raise Busy(self._retry_after_s())
            self._changed()
        try:
            turn.wait()
        except BaseException:  # killed while it waited: leave the queue, or hand on the place just given
            self._give_up(turn)
            raise

    def leave(self, took_s: float, memory_bytes: int) -> None:
        """Give the place back after `took_s` seconds."""
        with self._lock:
            self._usual_s += (took_s - self._usual_s) / 8
            self._put_back(memory_bytes)

    def enter_idle(self) -> None:
        """Wait until nothing runs, and for one's turn among those who wait for that."""
        turn = _Turn()
        with self._lock:
            self._waiting_for_idle.append(turn)
            self._use_idleness()
        try:
            turn.wait()
        except BaseException:  # killed while it waited, or just when its turn had come
            with self._lock:
                waits = turn in self._waiting_for_idle
                if waits:
                    self._waiting_for_idle.remove(turn)
            if not waits:
                self.leave_idle()
            raise

    def leave_idle(self) -> None:
        """Let the next use the idle time."""
        with self._lock:
            self._is_idle_used = False
            self._use_idleness()

    def _give_up(self, turn: _Turn) -> None:
        with self._lock:
            if turn in self._waiting:
                self._waiting.remove(turn)
                self._hand_out()  # others may have waited for this one to have its memory first
                self._changed()
            else:
                self._put_back(turn.memory_bytes)

    def _put_back(self, memory_bytes: int) -> None:
        self.running -= 1
        self._free_bytes += memory_bytes
        self._hand_out()
        self._use_idleness()
        self._changed()

    def _hand_out(self) -> None:
        """Places to those whose turn it is. Who needs memory does not pass another who does."""
        is_memory_wanted = False
        for turn in tuple(self._waiting):
            if self.running >= self._places:
                return
            if turn.memory_bytes and (is_memory_wanted or turn.memory_bytes > self._free_bytes):
                is_memory_wanted = True
                continue
            self._waiting.remove(turn)
            self.running += 1
            self._free_bytes -= turn.memory_bytes
            turn.come()

    def _use_idleness(self) -> None:
        if self.running == 0 and not self._is_idle_used and self._waiting_for_idle:
            self._is_idle_used = True
            self._waiting_for_idle.popleft().come()

    def _retry_after_s(self) -> int:
        wait_s = self._usual_s * (len(self._waiting) + 1) / self._places
        return min(_LONGEST_RETRY_S, max(1, math.ceil(wait_s)))
