"""A Redis that is killed, stopped, full or damaged while two workers keep pictures and count clients in it.

Every request gets what is right, or a clear refusal, and soon; readiness tells the truth; it returns by itself.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest
from database import Database, database, is_there
from load import Answer, Clients, Service, need, service, until
from samples import id_of, picture

FIRST, OTHER = picture(1), picture(2)
# What a request may take when Redis does not answer: a connection, and an answer, of 2 s each, for each of a few
# questions; less than a client's patience.
SOON_S = 20


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    need("redis", present=is_there())
    with database(tmp_path_factory.mktemp("redis")) as found:
        yield found


@pytest.fixture(scope="module")
def running(store: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service(tmp_path_factory.mktemp("service"), store=store.address, rate_limit="100000/hour") as found:
        yield found


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_one_that_goes_away_and_comes_back_empty(
    running: Service, store: Database, stored: str, number: signal.Signals
) -> None:
    numbers = running.compare(stored).body
    store.send(number)
    _says_why(running.ask("/readyz"))
    for answer in (running.compare(stored), running.upload(OTHER), running.pixels(stored)):
        _says_why(answer)
    assert (running.ask("/healthz").status, running.ask("/").status) == (200, 200), "what needs no store goes on"
    store.start()
    # At once, on every connection that the workers had kept.
    answers = [running.ask("/readyz") for _ in range(40)]
    assert {answer.status for answer in answers} == {200}
    refused = running.compare(stored)
    assert (refused.status, refused.is_clear()) == (404, True)
    assert running.upload(FIRST).status == 201
    assert running.compare(stored).body == numbers


def test_one_that_goes_away_under_load(running: Service, store: Database, stored: str) -> None:
    numbers, pixels = running.compare(stored).body, running.pixels(stored).body

    def ask(number: int, turn: int) -> Answer:
        asked = (running.compare(stored), running.upload(FIRST), running.pixels(stored))
        return asked[(number + turn) % 3]

    with Clients(4, ask) as load:
        for _ in range(2):
            load.hear(20)
            store.send(signal.SIGKILL)
            load.hear(20)
            store.start()
            until(running.is_ready)
    assert not load.broken
    assert all(answer.is_clear() and answer.status in (200, 201, 404, 410, 503) for answer in load.answers)
    right = {answer.body for answer in load.answers if answer.status == 200}
    assert right == {numbers, pixels}


def test_one_that_does_not_answer_keeps_nobody_waiting_long(running: Service, store: Database, stored: str) -> None:
    numbers = running.compare(stored).body
    store.send(signal.SIGSTOP)
    try:
        with Clients(24, lambda *_: running.compare(stored), most=1) as load:
            load.wait()
        ready = running.ask("/readyz")
    finally:
        store.send(signal.SIGCONT)
    for answer in (*load.answers, ready):
        _says_why(answer)
        assert answer.took_s < SOON_S
    assert (len(load.answers), load.broken) == (24, [])
    until(running.is_ready)
    assert running.compare(stored).body == numbers, "nothing is lost"


def test_one_that_is_full(running: Service, store: Database, stored: str) -> None:
    numbers = running.compare(stored).body
    with store.client() as client:
        client.config_set("maxmemory", 1)
        try:
            _says_why(running.upload(OTHER))
            _says_why(running.ask("/readyz"))
        finally:
            client.config_set("maxmemory", 0)
    assert running.ask("/readyz").status == 200
    assert running.upload(OTHER).status == 201
    assert running.compare(stored).body == numbers


def test_one_that_closes_all_connections(running: Service, store: Database, stored: str) -> None:
    numbers = running.compare(stored).body
    with Clients(4, lambda *_: running.compare(stored), most=60) as load, store.client() as client:
        for _ in range(3):
            load.hear(40)
            client.client_kill_filter(_type="normal", skipme=True)
        load.wait()
    assert not load.broken
    assert all(answer.is_clear() for answer in load.answers)
    assert {answer.body for answer in load.answers if answer.status == 200} == {numbers}
    assert running.compare(stored).body == numbers


@pytest.mark.parametrize("word", ["about", "image", "from"])
@pytest.mark.parametrize("damage", [b"", b"\0garbage", b"[]", b'{"about": 1}'])
def test_a_damaged_entry(running: Service, store: Database, stored: str, word: str, damage: bytes) -> None:
    numbers = running.compare(stored).body
    assert running.upload(OTHER).status == 201
    with store.client() as client:
        damaged = [key for key in client.scan_iter(f"crosspatch:{stored}.{word}*") if client.set(key, damage)]
    assert damaged
    answers = [running.compare(stored), running.pixels(stored), running.ask(f"/api/v1/images/{stored}")]
    assert all(answer.is_clear() and answer.status in (200, 404, 410) for answer in answers)
    assert running.compare(id_of(OTHER)).status == 200
    assert running.upload(FIRST).status == 201
    assert running.compare(stored).body == numbers


def test_an_entry_of_another_kind_harms_no_other(running: Service, store: Database, stored: str) -> None:
    numbers = running.compare(stored).body
    with store.client() as client:
        for word in ("about", "image"):
            client.delete(f"crosspatch:{stored}.{word}")
            client.rpush(f"crosspatch:{stored}.{word}", "a list")
    answer = running.compare(stored)
    assert answer.is_clear()
    assert answer.status >= 400
    assert running.upload(OTHER).status == 201
    assert running.compare(id_of(OTHER)).status == 200
    assert running.ask("/readyz").status == 200
    assert running.upload(FIRST).status == 201
    assert running.compare(stored).body == numbers


def test_rates_are_counted_again_when_it_is_back(store: Database, running: Service) -> None:
    room = running.room / "limited"
    with service(room, store=store.address, rate_limit="3/hour") as limited:
        path = "/api/v1/metrics"
        assert limited.ask(path).status == 200
        store.send(signal.SIGKILL)
        _says_why(limited.ask(path))
        assert limited.ask("/").status == 200
        store.start()
        assert [limited.ask(path).status for _ in range(4)] == [200, 200, 200, 429]


def _says_why(answer: Answer) -> None:
    assert (answer.status, answer.is_clear()) == (503, True), answer.body
    assert "Redis" in answer.json["detail"]
