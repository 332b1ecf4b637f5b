"""Chance levels over HTTP. In goes a checked request, out comes an answer, at once or line by line as it is measured.

They are measured a slice at a time while the workbench is idle, so that no comparison waits for them, and no longer
than somebody reads.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, cast

from flask import Response, current_app, request

from crosspatch.baseline import BaselineRun
from crosspatch.jsontext import dump
from crosspatch.survey import Step
from crosspatch.web.body import has_gone
from crosspatch.web.comparing import prepare_fields, workbench
from crosspatch.web.problems import failure
from crosspatch.web.schemas import BaselineBody
from crosspatch.web.turns import Busy
from crosspatch.web.work import Workbench, while_waiting

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

LINES = "application/x-ndjson"
# A slice of measuring, what passes at most without a line, and when to come again where too many are measured.
SLICE_S = 0.05
QUIET_S = 0.15
RETRY_AFTER_S = 5
# What is logged for a client that does not wait for its answer; nobody reads it.
CLIENT_GONE = 499


class Baselines:
    """How many chance levels are measured at once, and no more than `most`."""

    def __init__(self, most: int) -> None:
        self._free = threading.Semaphore(most)

    def enter(self) -> None:
        """Take a place. Raises Busy."""
        if not self._free.acquire(blocking=False):
            raise Busy(RETRY_AFTER_S)

    def leave(self) -> None:
        """Give the place back."""
        self._free.release()


def measure_baseline(body: BaselineBody) -> Response:
    """The chance level of a comparison of stored pictures."""
    baselines = cast(Baselines, current_app.extensions["baselines"])
    plan, planes, mask = prepare_fields(body.to_request(), body)
    baselines.enter()
    try:
        bench = workbench()
        begin = partial(BaselineRun.of, plan, *planes, mask=mask, pairs=body.pairs, disjoint=body.disjoint)
        beginning = while_waiting(lambda: bench.run_when_idle(begin), QUIET_S)
        begun = next(beginning)  # what is impossible is mostly known by now, and then has a status of its own
        lines = _lines(chain([begun], beginning), body.pairs, bench)
        if request.accept_mimetypes.best_match(["application/json", LINES]) == LINES:
            response = Response(_told(lines, request.environ), mimetype=LINES)
        else:
            response = _whole(lines, request.environ)
    except BaseException:
        baselines.leave()
        raise
    response.headers["Cache-Control"] = "no-store"
    response.call_on_close(baselines.leave)
    return response


def _whole(lines: Generator[bytes], environ: WSGIEnvironment) -> Response:
    """The last of the lines, unless the client leaves before it is made."""
    whole = b""
    with closing(lines):
        for line in lines:
            if has_gone(environ):
                return Response(status=CLIENT_GONE)
            whole = line
    return Response(whole, mimetype="application/json")


def _lines(beginning: Iterator[BaselineRun | None], pairs: int, bench: Workbench) -> Generator[bytes]:
    """A line at least every 200 ms, and the whole answer at the end."""
    for run in beginning:
        if run is not None:
            yield from _measured(run, bench)
        else:
            yield _progress(0, pairs)


def _measured(run: BaselineRun, bench: Workbench) -> Generator[bytes]:
    steps, done, told_s = run.steps(), 0, time.monotonic()
    while True:
        with closing(while_waiting(lambda: bench.run_when_idle(_measure, run, steps), QUIET_S)) as slices:
            for measured in slices:
                if measured is None or measured.has_news or time.monotonic() - told_s > QUIET_S - SLICE_S:
                    yield _progress(done, run.pairs) if measured is None else measured.line
                    told_s = time.monotonic()
                if measured is not None:
                    done = measured.done
                    if measured.is_last:
                        return


@dataclass(frozen=True)
class _Measured:
    line: bytes
    done: int
    has_news: bool
    is_last: bool


def _measure(run: BaselineRun, steps: Iterator[Step]) -> _Measured:
    """Measure for a while, and write what is new."""
    until_s, taken = time.monotonic() + SLICE_S, list[Step]()
    for step in steps:
        taken.append(step)
        if time.monotonic() > until_s:
            grown = {chance.key: chance for step in taken for chance in step.grown}
            metrics = [chance.to_dict() for chance in grown.values()]
            return _Measured(
                _progress(taken[-1].done, run.pairs, metrics), taken[-1].done, bool(metrics), is_last=False
            )
    return _Measured(dump(run.result.to_dict()) + b"\n", run.pairs, has_news=True, is_last=True)


def _progress(done: int, pairs: int, metrics: Iterable[dict[str, object]] = ()) -> bytes:
    return dump({"done": done, "pairs": pairs, "metrics": list(metrics)}) + b"\n"


def _told(lines: Iterator[bytes], environ: WSGIEnvironment) -> Iterator[bytes]:
    """The lines; a fault while they are made is the last of them, for their status has been sent."""
    try:
        yield from lines
    except Exception as fault:
        yield dump(failure(fault, environ)) + b"\n"
