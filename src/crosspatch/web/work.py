"""Where heavy work is done. In goes a function that computes, out comes what it returns, or Busy.

Under gevent one thread serves every connection, so whatever computes there delays them all: here it goes to native
threads, a few at a time, in the order in which it came. Elsewhere it runs in the thread that asks.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from crosspatch.web.turns import Turns

if TYPE_CHECKING:
    from gevent.threadpool import ThreadPool

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


class Workbench:
    """Runs at most `computations` functions at once, and lets at most `queue` more wait, first come, first served.

    One bench serves all the greenlets or threads of a process; make it in the process that uses it.
    """

    def __init__(self, computations: int, queue: int, memory_bytes: int = 0) -> None:
        self._turns = Turns(computations, queue, memory_bytes, self._changed)
        self._places = computations
        self._threads: ThreadPool | None = None

    @property
    def running(self) -> int:
        """How many functions run now, those included whose asker has gone."""
        return self._turns.running

    @property
    def waiting(self) -> int:
        """How many wait for a place, or for memory."""
        return self._turns.waiting

    def run(self, function: Callable[_Given, _Result], *args: _Given.args, **options: _Given.kwargs) -> _Result:
        """What `function` returns or raises. Raises Busy when all places, to compute and to wait, are taken.

        A function, once begun, runs to its end: its place is free only then, even when its asker is killed.
        """
        return self.run_within(0, function, *args, **options)

    def run_within(
        self, memory_bytes: int, function: Callable[_Given, _Result], *args: _Given.args, **options: _Given.kwargs
    ) -> _Result:
        """The same for what takes much memory: all that runs at once takes no more than the bench was made for."""
        self._enter(memory_bytes)
        begun_s = time.monotonic()
        leave = partial(self._leave, memory_bytes=memory_bytes)
        return self._do(lambda: function(*args, **options), lambda: leave(time.monotonic() - begun_s))

    def run_when_idle(
        self, function: Callable[_Given, _Result], *args: _Given.args, **options: _Given.kwargs
    ) -> _Result:
        """The same for what nobody waits for: begun only while nothing else runs, one at a time, in their order.

        Let `function` be short: what is asked for meanwhile runs beside it, but whoever waits here waits for both.
        """
        self._turns.enter_idle()
        return self._do(lambda: function(*args, **options), self._turns.leave_idle)

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

    def _enter(self, memory_bytes: int = 0) -> None:
        self._turns.enter(memory_bytes)

    def _leave(self, took_s: float, memory_bytes: int = 0) -> None:
        self._turns.leave(took_s, memory_bytes)

    def _changed(self) -> None:
        """`running` or `waiting` has just changed, and the lock is held: a bench that is measured overrides this."""

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
    except MemoryError:  # a new one: the traceback of this one holds all that took so much memory
        return _Outcome(fault=MemoryError())
    except BaseException as fault:
        return _Outcome(fault=fault)


def _unwrap(outcome: Any) -> Any:
    try:
        if outcome.fault is not None:
            raise outcome.fault
        return outcome.result
    finally:
        del outcome  # the traceback holds this frame: without this, both live until the next collection
