"""A clock that jumps while the server runs: pictures may go, with a reason; none stays much longer than promised."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import libfaketime
import pytest
from load import Clients, Service, need, service, until
from samples import id_of, picture

LIBRARY = Path(libfaketime.__file__).parent / "vendor/libfaketime/src/libfaketime.so.1"
FIRST, OTHER = picture(1), picture(2)
LIFETIME_S, DAY_S = 3600, 24 * 3600


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Service]:
    """A service whose clock can be set, by way of a library that is loaded before that of the system."""
    need("linux", present=sys.platform == "linux")
    clock = tmp_path / "clock"
    clock.write_text("+0")
    environment = {
        "LD_PRELOAD": str(LIBRARY),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "DONT_FAKE_MONOTONIC": "1",
        "NO_FAKE_STAT": "1",
    }
    with service(tmp_path, environment, store_lifetime_s=LIFETIME_S, rate_limit="100000/hour") as found:
        yield found


@pytest.mark.parametrize("jump_s", [2 * DAY_S, -2 * DAY_S, 400 * DAY_S, -400 * DAY_S])
def test_a_jump_takes_pictures_away_with_a_reason_and_harms_nothing_else(running: Service, jump_s: int) -> None:
    assert running.upload(FIRST).status == 201
    numbers = running.compare(id_of(FIRST)).body
    workers = running.workers()
    with Clients(3, lambda *_: running.compare(id_of(FIRST))) as load:
        load.hear(10)
        _jump(running, jump_s)
        until(lambda: load.answers[-1].status in (404, 410))
    assert not load.broken
    assert {answer.status for answer in load.answers} <= {200, 404, 410}
    assert all(answer.is_clear() for answer in load.answers)
    assert {answer.body for answer in load.answers if answer.status == 200} == {numbers}
    assert running.upload(OTHER).status == 201
    assert not list((running.room / "store").glob(f"{id_of(FIRST)}.[!s]*")), "nothing of it is left on the disk"
    assert running.upload(FIRST).status == 201
    assert running.compare(id_of(FIRST)).body == numbers
    assert running.ask("/readyz").status == 200
    assert running.workers() == workers
    assert "Traceback" not in running.log


def test_a_small_step_back_takes_nothing_away(running: Service) -> None:
    assert running.upload(FIRST).status == 201
    numbers = running.compare(id_of(FIRST)).body
    _jump(running, -600)
    assert running.compare(id_of(FIRST)).body == numbers


def test_what_a_step_back_would_keep_too_long_goes_when_another_comes(running: Service) -> None:
    assert running.upload(FIRST).status == 201
    _jump(running, -2 * DAY_S)
    assert running.upload(OTHER).status == 201
    assert not list((running.room / "store").glob(f"{id_of(FIRST)}.[!s]*"))


def test_a_step_back_does_not_lengthen_the_wait_of_a_client_that_asked_too_often(
    tmp_path: Path, running: Service
) -> None:
    environment = _environment(running)
    with service(tmp_path / "limited", environment, workers=1, rate_limit="2/hour") as limited:
        path = "/api/v1/metrics"
        assert [limited.ask(path).status for _ in range(3)] == [200, 200, 429]
        _jump(running, -2 * DAY_S)
        assert [limited.ask(path).status for _ in range(3)] == [200, 200, 429]


def _environment(running: Service) -> dict[str, str]:
    """That of the server, as far as it concerns the clock."""
    names = (
        "LD_PRELOAD",
        "FAKETIME_TIMESTAMP_FILE",
        "FAKETIME_NO_CACHE",
        "DONT_FAKE_MONOTONIC",
        "NO_FAKE_STAT",
    )
    given = dict(
        line.partition("=")[::2] for line in Path(f"/proc/{running.process.pid}/environ").read_text().split("\0")
    )
    return {name: given[name] for name in names}


def _jump(running: Service, jump_s: int) -> None:
    fresh = running.room / "clock.new"
    fresh.write_text(f"{jump_s:+d}")
    shutil.move(fresh, running.room / "clock")
