"""Ten thousand requests of every kind to one server, good and bad: afterwards it holds no more than before."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from load import TUNING, Answer, Clients, Service, service, until
from samples import id_of, picture
from steady import Steady

# The first fill caches, and what the C library keeps of freed memory; the rest are what is judged.
FIRST, REQUESTS, CLIENTS = 4_000, 10_000, 8
KEPT = 40
# More different pictures than are kept, so that each upload makes another go.
PICTURES = 60
# What memory, of about 300 MB in all, may differ by when the same has been asked over and over.
MEMORY_MB = 20


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Service]:
    with service(tmp_path, TUNING, store_max_images=KEPT, store_max_bytes=8 * 2**20, cache_bytes=8 * 2**20) as found:
        yield found


def asked(running: Service, number: int, turn: int) -> Answer:
    """One request: which, and with what, follows from the numbers."""
    turn = turn * CLIENTS + number
    data = picture(turn // 7 % PICTURES)
    image, path = id_of(data), f"/api/v1/images/{id_of(data)}"
    kinds = {
        "upload": lambda: running.upload(data),
        "compare": lambda: running.compare(image, seed=turn),
        "size": lambda: running.ask(
            "/api/v1/comparisons", "POST", {"image": image, "resize": {"width": 200 + turn % 90, "height": 150}}
        ),
        "pixels": lambda: running.pixels(image),
        "damaged": lambda: running.upload(data[: 40 + turn % 3000]),
        "foreign": lambda: running.upload(zlib.compress(data)),
        "impossible": lambda: running.ask(
            "/api/v1/comparisons", "POST", {"image": image, "rectangle": {"width": 9000, "height": 2}}
        ),
        "chance": lambda: running.ask("/api/v1/baselines", "POST", {"image": image, "pairs": 20}),
        "html": lambda: running.ask(f"/api/v1/comparisons?image={image}&format=html"),
        "delete": lambda: running.ask(path, "DELETE"),
        "gone": lambda: running.compare("0" * 64),
        "page": lambda: running.ask("/"),
        "measurements": lambda: running.ask("/metrics"),
        "broken": lambda: running.ask("/api/v1/comparisons", "POST", b"{"),
    }
    often = ("upload", "compare", "compare", "pixels", "size") * 3 + ("upload",)
    names = [*often, *kinds]
    return kinds[names[turn * 7919 % len(names)]]()


@pytest.mark.soak
def test_ten_thousand_requests_leave_nothing_behind(running: Service, capsys: pytest.CaptureFixture[str]) -> None:
    workers = running.workers()
    first = _ask(running, FIRST)
    before = Steady.of(running)
    rest = _ask(running, REQUESTS - FIRST)
    after = Steady.of(running)
    with capsys.disabled():
        sys.stdout.write(f"\nbefore: {before}\nafter: {after}\nanswers: {_counts(first + rest)}\n")
    assert len(first + rest) == REQUESTS
    assert all(answer.is_clear() for answer in first + rest)
    assert not [answer for answer in first + rest if answer.status >= 500]
    assert running.workers() == workers
    assert "Traceback" not in running.log
    assert abs(after.memory_mb - before.memory_mb) < MEMORY_MB
    assert after.descriptors <= before.descriptors + 4
    assert after.threads <= before.threads + 4
    assert after.processes <= before.processes + 1
    assert after.store_mb < 9
    assert after.spool_files == before.spool_files
    assert after.spool_kb <= before.spool_kb + 64


def _ask(running: Service, count: int) -> list[Answer]:
    with Clients(CLIENTS, lambda number, turn: asked(running, number, turn), most=count // CLIENTS) as load:
        load.wait()
    assert not load.broken, load.broken[:3]
    until(lambda: b"crosspatch_workbench_running 0.0" in running.ask("/metrics").body)
    return load.answers


def _counts(answers: list[Answer]) -> dict[int, int]:
    statuses = [answer.status for answer in answers]
    return {status: statuses.count(status) for status in sorted(set(statuses))}
