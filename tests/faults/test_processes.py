"""Processes that are killed or stopped, for real, while the server works: what clients hear, and what comes back."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from load import PATIENCE_S, Answer, Clients, Service, service, until
from processes import lives, state
from samples import form, id_of, picture
from steady import spools

FIRST = picture(1)
# Decoding it takes some tenths of a second: long enough to be met at work.
LARGE = picture(2, 1600, 1200)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service(tmp_path_factory.mktemp("service"), decode_timeout_s=3) as found:
        yield found


@pytest.fixture
def stored(running: Service) -> str:
    assert running.upload(FIRST).status == 201
    return id_of(FIRST)


def test_a_worker_killed_under_load_harms_only_what_it_had_in_hand(running: Service, stored: str) -> None:
    expected = {
        "compare": running.compare(stored).body,
        "pixels": running.pixels(stored).body,
    }
    asked: list[tuple[str, Answer]] = []

    def ask(number: int, turn: int) -> Answer:
        what = ("compare", "pixels", "upload")[(number + turn) % 3]
        answer = {
            "compare": lambda: running.compare(stored),
            "pixels": lambda: running.pixels(stored),
            "upload": lambda: running.upload(picture(10 + number)),
        }[what]()
        asked.append((what, answer))
        return answer

    clients, kills = 4, 2
    with Clients(clients, ask) as load:
        for kill in range(1, kills + 1):
            until(lambda kill=kill: len(asked) > 30 * kill)
            workers, decoders = running.workers(), running.decoders()
            victim = min(workers)
            os.kill(victim, signal.SIGKILL)
            until(lambda victim=victim: len(running.workers() - {victim}) == 2)
            until(lambda left=decoders: len([pid for pid in left if lives(pid)]) < len(left))
            until(running.is_ready)
        until(lambda: len(asked) > 30 * (kills + 1))
    assert len(load.broken) <= clients * kills, "only requests that were in hand of a killed worker may break"
    assert {answer.status for what, answer in asked if what == "upload"} == {201}
    assert all(answer.body == expected[what] for what, answer in asked if what != "upload")
    assert running.upload(FIRST).status == 201
    assert not [file for spool in spools(running) for file in spool.glob(f"*_{victim}.db")]


def test_decoders_end_with_their_worker(running: Service) -> None:
    workers, decoders = running.workers(), running.decoders()
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    until(lambda: not any(map(lives, decoders)))
    until(lambda: len(running.workers() - workers) == 2)
    until(running.is_ready)
    assert running.upload(picture(3)).status == 201


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_decoders_killed_or_stopped_while_they_rest_are_replaced(running: Service, number: signal.Signals) -> None:
    until(lambda: len(running.decoders()) >= 2)
    before, workers = running.decoders(), running.workers()
    for decoder in before:
        os.kill(decoder, number)
    answers = [running.upload(picture(20 + turn)) for turn in range(4)]
    assert [answer.status for answer in answers] == [201] * 4, answers[0].body
    assert running.workers() == workers
    for decoder in before & running.decoders():
        os.kill(decoder, signal.SIGCONT)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_decoders_killed_or_stopped_at_work_hang_nobody(running: Service, number: signal.Signals) -> None:
    workers = running.workers()
    with Clients(2, lambda *_: running.upload(LARGE)) as load:
        for _ in range(2):
            until(lambda: _strike(running, number))
        until(lambda: load.answers)
    assert not load.broken
    assert {answer.status for answer in load.answers} <= {201, 503}, [answer.body for answer in load.answers]
    assert all(answer.is_clear() for answer in load.answers)
    assert running.upload(picture(4)).status == 201
    assert running.workers() == workers


def test_requests_in_hand_are_finished_when_the_server_must_stop(tmp_path: Path) -> None:
    with service(tmp_path, drain_s=8) as running:
        image = running.upload(FIRST).json["id"]
        body = form(picture(5))
        head = (
            f"POST /api/v1/images HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\nExpect: 100-continue\r\n"
            "Content-Type: multipart/form-data; boundary=cut\r\n\r\n"
        ).encode()
        begun = [running.connect() for _ in range(6)]
        for client in begun:
            client.sendall(head)
            assert client.recv(100).startswith(b"HTTP/1.1 100")  # a worker has it in hand
        with Clients(3, lambda *_: running.compare(image)) as load:
            until(lambda: len(load.answers) > 10)
            decoders = running.decoders()
            running.process.send_signal(signal.SIGTERM)
            until(lambda: not _listens(running))
            for client in begun:
                client.sendall(body)
            assert [_status(client) for client in begun] == [b"HTTP/1.1 201"] * 6
            # The drain, and two seconds: what the server promises, also for connections that clients keep open.
            assert running.process.wait(8 + 2) == 0
        assert {answer.status for answer in load.answers} == {200}
        assert not any(map(lives, decoders))
        for client in begun:
            client.close()


def test_a_request_that_never_ends_holds_the_stop_no_longer_than_the_drain(tmp_path: Path) -> None:
    with service(tmp_path, drain_s=2, body_timeout_s=PATIENCE_S) as running, running.connect() as client:
        client.sendall(b"POST /api/v1/images HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 100")
        decoders = running.decoders()
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(2 + 2 + 4) == 0  # four more for a machine that has other work too
        until(lambda: not any(map(lives, decoders)))


def _strike(running: Service, number: signal.Signals) -> bool:
    """Send a signal to every decoder that computes right now; whether there was one."""
    struck = False
    for pid in running.decoders():
        if state(pid) == "R":
            with suppress(ProcessLookupError):
                os.kill(pid, number)
                struck = True
    return struck


def _listens(running: Service) -> bool:
    try:
        running.connect().close()
    except OSError:
        return False
    return True


def _status(client: socket.socket) -> bytes:
    return client.recv(100)[:12]
