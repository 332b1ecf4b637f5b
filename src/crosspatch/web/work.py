"""Where heavy work is done. In goes a function that computes, out comes what it returns, or Busy.

Under gevent one thread serves every connection, so whatever computes there delays them all: here it goes to native
threads, a few at a time, in the order in which it came. Elsewhere it runs in the thread that asks.
"""

from __future__ import annotations

import math
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from crosspatch.errors import CrosspatchError

if TYPE_CHECKING:
    from gevent.threadpool import ThreadPool

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")
_LONGEST_RETRY_S = 30


class Busy(CrosspatchError):
    """All places to compute and to wait are taken. `retry_after_s`, whole seconds, says when to try again."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"the server has all the work it can take: try again in {retry_after_s} s")
        self.retry_after_s = retry_after_s


class Workbench:
    """Runs at most `computations` functions at once, and lets at most `queue` more wait, first come, first served.

    One bench serves all the greenlets or threads of a process; make it in the process that uses it.
    """

    def __init__(self, computations: int, queue: int) -> None:
        self._places = computations
        self._queue = queue
        self._running = 0
        self._waiting: deque[threading.Event] = deque()
        self._is_idle_used = False
        self._waiting_for_idle: deque[threading.Event] = deque()
        self._usual_s = 0.0
        self._lock = threading.Lock()
        self._threads: ThreadPool | None = None

    @property
    def running(self) -> int:
        """How many functions run now, those included whose asker has gone."""
        return self._running

    @property
    def waiting(self) -> int:
        """How many wait for a place."""
        return len(self._waiting)

    def run(self, function: Callable[_Given, _Result], *args: _Given.args, **options: _Given.kwargs) -> _Result:
        """What `function` returns or raises. Raises Busy when all places, to compute and to wait, are taken.

        A function, once begun, runs to its end: its place is free only then, even when its asker is killed.
        """
        self._enter()
        begun_s = time.monotonic()
        return self._do(lambda: function(*args, **options), lambda: self._leave(time.monotonic() - begun_s))

    def run_when_idle(
        self, function: Callable[_Given, _Result], *args: _Given.args, **options: _Given.kwargs
    ) -> _Result:
        """The same for what nobody waits for: begun only while nothing else runs, one at a time, in their order.

        Let `function` be short: what is asked for meanwhile runs beside it, but whoever waits here waits for both.
        """
        self._enter_idle()
        return self._do(lambda: function(*args, **options), self._leave_idle)

    def _do(self, function: Callable[[], _Result], leave: Callable[[], None]) -> _Result:
        """Run the function in a place that has been taken, and leave it at the end of the function."""
        if not on_gevent_hub():
            try:
                return function()
            finally:
                leave()
        try:
            work = self._pool().spawn(_attempt, function)
        except BaseException:
            leave()
            raise
        work.rawlink(lambda _: leave())
        result: _Result = _unwrap(work.get())
        return result

    def _enter(self) -> None:
        with self._lock:
            if self._running < self._places:
                self._running += 1
                self._changed()
                return
            if len(self._waiting) >= self._queue:
                raise Busy(self._retry_after_s())
            turn = threading.Event()
            self._waiting.append(turn)
            self._changed()
        try:
            turn.wait()
        except BaseException:  # killed while it waited: leave the queue, or hand on the place just given
            self._give_up(turn)
            raise

    def _give_up(self, turn: threading.Event) -> None:
        with self._lock:
            if turn in self._waiting:
                self._waiting.remove(turn)
                self._changed()
            else:
                self._hand_on()

    def _leave(self, took_s: float) -> None:
        with self._lock:
            self._usual_s += (took_s - self._usual_s) / 8
            self._hand_on()

    def _hand_on(self) -> None:
        if self._waiting:
            self._waiting.popleft().set()
        else:
            self._running -= 1
            self._use_idleness()
        self._changed()

    def _enter_idle(self) -> None:
        turn = threading.Event()
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
                self._leave_idle()
            raise

    def _leave_idle(self) -> None:
        with self._lock:
            self._is_idle_used = False
            self._use_idleness()

    def _use_idleness(self) -> None:
        if self._running == 0 and not self._is_idle_used and self._waiting_for_idle:
            self._is_idle_used = True
            self._waiting_for_idle.popleft().set()

    def _changed(self) -> None:
        """`running` or `waiting` has just changed, and the lock is held: a bench that is measured overrides this."""

    def _retry_after_s(self) -> int:
        wait_s = self._usual_s * (len(self._waiting) + 1) / self._places
        return min(_LONGEST_RETRY_S, max(1, math.ceil(wait_s)))

    def _pool(self) -> ThreadPool:
        if self._threads is None:
            from gevent.threadpool import ThreadPool

            self._threads = ThreadPool(self._places + 1)  # one of them for idle times
        return self._threads


def in_native_thread(function: Callable[_Given, _Result], *args: _Given.args, **options: _Given.kwargs) -> _Result:
    """What `function` returns or raises, without a bench: for short work that only must not hold up the hub."""
    if not on_gevent_hub():
        return function(*args, **options)
    import gevent

    result: _Result = _unwrap(gevent.get_hub().threadpool.spawn(_attempt, lambda: function(*args, **options)).get())
    return result


def while_waiting(function: Callable[[], _Result], every_s: float) -> Generator[_Result | None]:
    """None each `every_s` seconds while `function` is under way, then what it returns; it ends when the reader leaves.

    Under gevent it runs in a greenlet of its own, elsewhere in the thread that asks.
    """
    if not on_gevent_hub():
        yield function()
        return
    import gevent

    greenlet = gevent.spawn(_attempt, function)
    try:
        greenlet.join(every_s)
        while not greenlet.ready():
            yield None
            greenlet.join(every_s)
        yield _unwrap(greenlet.value)
    finally:
        greenlet.kill(block=False)


def in_background(function: Callable[[], object]) -> None:
    """Begin what can as well be done later; nothing waits for it, and without a hub nothing is done."""
    if on_gevent_hub():
        import gevent

        gevent.get_hub().threadpool.spawn(_attempt, function)


def on_gevent_hub() -> bool:
    """Whether this is the thread in which gevent serves all connections: its hub runs here, not in a native thread."""
    monkey = sys.modules.get("gevent.monkey")
    if monkey is None or not monkey.is_module_patched("threading"):
        return False
    from gevent._hub_local import get_hub_if_exists  # get_hub would make one

    hub = get_hub_if_exists()
    return hub is not None and bool(hub.main_hub)


@dataclass(frozen=True, eq=False)
class _Outcome:
    """What a function returned or raised, as a value: gevent would print the traceback of a thread that raises."""

    result: Any = None
    fault: BaseException | None = None


def _attempt(function: Callable[[], Any]) -> _Outcome:
    try:
        return _Outcome(result=function())
    except BaseException as fault:
        return _Outcome(fault=fault)


def _unwrap(outcome: Any) -> Any:
    try:
        if outcome.fault is not None:
            raise outcome.fault
        return outcome.result
    finally:
        del outcome  # the traceback holds this frame: without this, both live until the next collection
