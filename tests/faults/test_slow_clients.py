"""Clients that send or take a byte at a time, and more work than there is room for: others do not notice."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest
from load import Answer, Clients, Service, service, until
from samples import form, id_of, picture

FIRST = picture(1)
SLOW = 60
# As in the container, and less patient.
SMALL = {
    "computations": 1,
    "queue": 4,
    "body_timeout_s": 2,
    "keepalive_s": 2,
    "send_timeout_s": 3,
    "files_bytes": 48 * 2**20,
    "worker_memory_bytes": 160 * 2**20,
}
# What the other client's comparison may take at most meanwhile.
LATEST_S = 1
HEAD = "POST /api/v1/images HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=cut\r\n"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    room = tmp_path_factory.mktemp("service")
    with service(room, **SMALL) as found:
        assert found.upload(FIRST).status == 201
        found.compare(id_of(FIRST))
        yield found


@contextmanager
def dripping(clients: list[socket.socket], text: bytes) -> Iterator[None]:
    """Send the text to all, a byte at a time, as long as they listen."""
    stopped = threading.Event()

    def drip() -> None:
        for i in range(len(text)):
            for client in clients:
                with suppress(OSError):
                    client.send(text[i : i + 1])
            if stopped.wait(0.1):  # the pace of a slow client, not a wait for a result
                return

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def body_of(length: int) -> bytes:
    return f"{HEAD}Content-Length: {length}\r\n\r\n".encode()


@pytest.mark.parametrize("what", ["headers", "bodies"])
def test_those_who_send_a_byte_at_a_time_delay_nobody_and_are_closed(running: Service, what: str) -> None:
    expected = running.compare(id_of(FIRST)).body
    text = (HEAD + "X-Slow: " + "x" * 900).encode() if what == "headers" else form(FIRST)
    with ExitStack() as stack:
        slow = [stack.enter_context(running.connect()) for _ in range(SLOW)]
        if what == "bodies":
            for client in slow:
                client.sendall(body_of(len(text)))
        stack.enter_context(dripping(slow, text))
        with Clients(1, lambda *_: running.compare(id_of(FIRST))) as other:
            ends = [_all_of(client) for client in slow]  # each is closed at the limit, or this would wait for ever
    statuses = {end[:12] for end in ends}
    assert statuses <= ({b""} if what == "headers" else {b"HTTP/1.1 408"})
    _was_not_delayed(other, expected)


def test_those_who_take_a_byte_at_a_time_delay_nobody_and_take_no_memory_from_others(running: Service) -> None:
    """Sixty answers of 4 MB are far more than a worker may hold: who asks for one too many is told so."""
    expected = running.compare(id_of(FIRST)).body
    path = f"/api/v1/images/{id_of(FIRST)}/rendition?format=raw&channel=red&width=2000&height=2000"
    assert running.ask(path).status == 200
    with ExitStack() as stack, Clients(1, lambda *_: running.compare(id_of(FIRST))) as other:
        slow, refused = [], []
        for _ in range(SLOW):
            client = stack.enter_context(_narrow(running))
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            status = client.recv(12)
            (slow if status == b"HTTP/1.1 200" else refused).append(client)
            assert status in (b"HTTP/1.1 200", b"HTTP/1.1 429")
        assert len(slow) >= 8
        assert refused
        for _ in range(40):
            assert all(client.recv(1) for client in slow)
        other.hear(20)
    _was_not_delayed(other, expected)
    until(lambda: running.ask(path).status == 200)


def test_more_work_than_there_is_room_for_is_answered_429(running: Service) -> None:
    image = id_of(FIRST)

    def heavy(number: int, turn: int) -> Answer:
        sizes = {"resize": {"width": 1500, "height": 1500}, "rectangle": {"width": 700, "height": 700}}
        return running.ask("/api/v1/comparisons", "POST", {"image": image, "seed": 100 * number + turn, **sizes})

    with Clients(40, heavy, most=2) as load:
        load.wait()
    assert not load.broken
    assert {answer.status for answer in load.answers} == {200, 429}
    refused = [answer for answer in load.answers if answer.status == 429]
    assert all(1 <= int(answer.headers["retry-after"]) <= 30 and answer.is_clear() for answer in refused)
    assert all(answer.took_s < LATEST_S for answer in refused), "who is refused is told at once"
    until(lambda: running.compare(image).status == 200)


def test_more_clients_than_are_let_in_wait_and_are_served(running: Service) -> None:
    room = running.room / "few"
    with service(room, workers=1, max_clients=4, keepalive_s=1) as few, ExitStack() as stack:
        idle = [stack.enter_context(few.connect()) for _ in range(40)]
        assert few.ask("/healthz").status == 200  # as soon as those who say nothing have been closed
        for client in idle:
            assert _all_of(client) == b""


def _was_not_delayed(other: Clients, expected: bytes) -> None:
    assert not other.broken
    assert {answer.body for answer in other.answers} == {expected}
    latest_s = max(answer.took_s for answer in other.answers)
    assert latest_s < LATEST_S, f"a comparison took {latest_s:.2f} s"


@contextmanager
def _narrow(running: Service) -> Iterator[socket.socket]:
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(60)
        client.connect(("127.0.0.1", running.port))
        yield client


def _all_of(client: socket.socket) -> bytes:
    got = b""
    with suppress(ConnectionError):
        while part := client.recv(4096):
            got += part
    return got
