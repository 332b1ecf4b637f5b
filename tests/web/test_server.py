"""The server, started as a process of its own on a free port, with clients that are slow, stuck or gone."""

from __future__ import annotations

import hashlib
import io
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest
from PIL import Image

from crosspatch.web.settings import load_settings
from crosspatch.web.store import open_store

ROOT = Path(__file__).parents[2]
# Warnings are errors, but for a socket that gunicorn leaves to the garbage collector when it takes over ours.
PYTHON = (sys.executable, "-W", "error", "-W", "ignore::ResourceWarning")

# An application that reads its body, and waits, blocks or talks as its path says.
TINY = """
import pathlib, sys
from crosspatch.errors import CrosspatchError
from crosspatch.web.body import BodyGuard, BodyTooSlow, LengthRequired
from crosspatch.web.held import HeldBytes
from crosspatch.web.server import serve
from crosspatch.web.settings import load_settings

def factory(settings):
    import gevent, os
    room = pathlib.Path(sys.argv[1])
    def app(environ, start):
        path, status = environ["PATH_INFO"], "200 OK"
        if path == "/wait":
            (room / "begun").touch()
            while not (room / "go").exists():
                gevent.sleep(0.01)
        if path == "/stick":
            (room / str(os.getpid())).touch()
            while True:
                pass
        if path == "/pid":
            text = str(os.getpid()).encode()
        elif path == "/large":
            text = b"x" * 50_000_000
        else:
            try:
                text = b"%d bytes" % len(environ["wsgi.input"].read())
            except BodyTooSlow as fault:
                status, text = "408 Request Timeout", str(fault).encode()
            except LengthRequired as fault:
                status, text = "411 Length Required", str(fault).encode()
        start(status, [("Content-Length", str(len(text)))])
        return Answer([text])
    class Answer(list):
        def close(self):
            (room / "closed").touch()
    if "broken" in sys.argv:
        raise CrosspatchError("the application cannot be made: mend it")
    return BodyGuard(app, settings.body_timeout_s, HeldBytes(settings.files_bytes))

try:
    serve(load_settings(), factory)
except CrosspatchError as fault:
    sys.exit(f"crosspatch: {fault}")
"""


@dataclass(frozen=True)
class Server:
    process: subprocess.Popen[bytes]
    port: int
    room: Path

    @property
    def said(self) -> str:
        return (self.room / "stderr").read_text()

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), 20)

    def get(self, path: str = "/", **options: object) -> tuple[int, bytes]:
        client = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            client.request("POST" if options else "GET", path, **options)  # type: ignore[arg-type]
            answer = client.getresponse()
            return answer.status, answer.read()
        finally:
            client.close()

    def listens(self) -> bool:
        try:
            self.connect().close()
        except ConnectionRefusedError:
            return False
        return True


@contextmanager
def serving(
    room: Path, *arguments: str, program: tuple[str, ...] | None = None, **settings: object
) -> Iterator[Server]:
    room.mkdir(exist_ok=True)
    port = free_port()
    with (room / "stderr").open("wb") as stderr:
        process = subprocess.Popen(
            program or (*PYTHON, "-c", TINY, str(room), *arguments),
            cwd=ROOT,
            env=environment(room, port=port, **settings),
            stdout=stderr,
            stderr=stderr,
        )
    server = Server(process, port, room)
    try:
        until(lambda: process.poll() is not None or server.listens())
        yield server
    finally:
        process.terminate()
        process.wait(20)


def environment(room: Path, **settings: object) -> dict[str, str]:
    own = {f"CROSSPATCH_{name.upper()}": str(value) for name, value in settings.items()}
    others = {name: value for name, value in os.environ.items() if not name.startswith("CROSSPATCH_")}
    home = room / "home"
    home.mkdir(exist_ok=True)
    return {**others, "CROSSPATCH_STORE": str(room / "store"), "HOME": str(home), **own}


def until(condition: Callable[[], object], timeout_s: float = 20) -> None:
    deadline_s = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline_s, "waited in vain"
        threading.Event().wait(0.01)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ended(client: socket.socket) -> bytes:
    """All that still comes until the server closes; a reset is an end too."""
    received = b""
    try:
        while part := client.recv(65536):
            received += part
    except ConnectionResetError:
        pass
    return received


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    room = tmp_path_factory.mktemp("server")
    with serving(room, body_timeout_s=1, keepalive_s=3, send_timeout_s=1, max_clients=100) as server:
        yield server


def test_the_start_says_where_to_look(server: Server) -> None:
    until(lambda: f"Crosspatch serves http://localhost:{server.port} (Ctrl+C stops it)" in server.said)


def test_the_start_warns_of_nothing(server: Server) -> None:
    assert (server.get()[0], "arning" in server.said) == (200, False)


def test_a_body_reaches_the_application(server: Server) -> None:
    assert server.get(body=b"x" * 3_000_000) == (200, b"3000000 bytes")


def test_nothing_is_written_into_the_home_of_the_user(server: Server) -> None:
    server.get()
    assert list((server.room / "home").iterdir()) == []


def test_only_the_address_that_is_set_is_listened_on(server: Server) -> None:
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", server.port), 5)


def test_a_body_that_is_late_is_answered_408_and_its_connection_closed(server: Server) -> None:
    with server.connect() as client:
        began_s = time.monotonic()
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc")
        answer = ended(client)
    assert 1 <= time.monotonic() - began_s < 3  # at once, not after the time of an idle connection
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert answer.endswith(b"did not arrive within 1 s: try a faster connection or a smaller file")


def test_a_body_that_trickles_is_late_too(server: Server) -> None:
    with server.connect() as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n")
        client.settimeout(0.05)
        answer, began_s = b"", time.monotonic()
        while not answer and time.monotonic() - began_s < 10:
            try:
                client.sendall(b"x")
                answer = client.recv(1000)
            except TimeoutError:
                pass
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert time.monotonic() - began_s < 3


def test_what_follows_a_late_body_is_never_taken_for_a_request(server: Server) -> None:
    with server.connect() as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc")
        client.recv(10)
        try:
            client.sendall(b"GET /pid HTTP/1.1\r\nHost: x\r\n\r\n")
        except ConnectionError:
            return
        assert ended(client).count(b"HTTP/1.1") == 0


def test_a_body_of_unknown_length_is_answered_411(server: Server) -> None:
    assert server.get(body=iter([b"abc"]), headers={"Transfer-Encoding": "chunked"}) == (
        411,
        b"the request does not say how long its body is: send it with a Content-Length, not in chunks",
    )


def test_clients_with_slow_headers_and_bodies_delay_nobody_and_are_closed(server: Server) -> None:
    slow = [server.connect() for _ in range(60)]
    for i, client in enumerate(slow):
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n" + (b"\r\nabc" if i % 2 else b""))
    began_s = time.monotonic()
    assert server.get() == (200, b"0 bytes")
    assert time.monotonic() - began_s < 0.9
    assert {ended(client)[:12] for client in slow} == {b"", b"HTTP/1.1 408"}
    for client in slow:
        client.close()


def test_a_client_that_takes_no_answer_is_dropped_without_a_traceback(server: Server) -> None:
    (server.room / "closed").unlink(missing_ok=True)
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(("127.0.0.1", server.port))
        client.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        until((server.room / "closed").exists)
    assert "Traceback" not in server.said


@pytest.mark.parametrize(
    ("status", "request_line", "headers"),
    [
        (400, b"GET", b""),
        (400, b"GET / HTTP/1.1", b"no colon"),
        (414, b"GET /" + b"x" * 9000 + b" HTTP/1.1", b""),
        (417, b"GET / HTTP/1.1", b"Expect: the impossible"),
        (431, b"GET / HTTP/1.1", b"X: " + b"x" * 9000),
        (501, b"GET / HTTP/1.1", b"Transfer-Encoding: unheard-of"),
    ],
    ids=["no-request", "no-header", "long-address", "expectation", "large-headers", "coding"],
)
def test_what_is_refused_before_it_is_a_request_is_a_problem_too(
    server: Server, status: int, request_line: bytes, headers: bytes
) -> None:
    with server.connect() as client:
        client.sendall(request_line + b"\r\nHost: x\r\n" + headers + b"\r\n\r\n")
        answer = HTTPResponse(client)
        answer.begin()
        found = json.loads(answer.read())
    assert (answer.status, answer.getheader("Content-Type")) == (status, "application/problem+json")
    assert (found["status"], found["title"]) == (status, answer.reason)
    assert ": " in found["detail"]


def test_a_request_under_way_when_the_server_must_stop_is_finished(tmp_path: Path) -> None:
    with serving(tmp_path, workers=1) as server:
        answers: list[tuple[int, bytes]] = []
        client = threading.Thread(target=lambda: answers.append(server.get("/wait")))
        client.start()
        until((tmp_path / "begun").exists)
        server.process.send_signal(signal.SIGTERM)
        until(lambda: not server.listens())
        (tmp_path / "go").touch()
        client.join(20)
        assert (answers, server.process.wait(10)) == ([(200, b"0 bytes")], 0)


def test_a_request_that_outlasts_the_drain_is_cut(tmp_path: Path) -> None:
    with serving(tmp_path, workers=1, drain_s=1) as server, server.connect() as client:
        client.sendall(b"GET /wait HTTP/1.1\r\nHost: x\r\n\r\n")
        until((tmp_path / "begun").exists)
        server.process.send_signal(signal.SIGTERM)
        assert (server.process.wait(4), ended(client)) == (0, b"")


def test_a_stuck_worker_is_replaced_while_another_serves(tmp_path: Path) -> None:
    with serving(tmp_path, workers=2, worker_timeout_s=2, drain_s=1) as server, server.connect() as client:
        client.sendall(b"GET /stick HTTP/1.1\r\nHost: x\r\n\r\n")
        until(lambda: [file for file in tmp_path.iterdir() if file.name.isdigit()])
        stuck = next(file.name for file in tmp_path.iterdir() if file.name.isdigit())
        assert server.get("/pid")[1].decode() != stuck
        until(lambda: not Path("/proc", stuck).exists())
        assert (
            server.said.count("Booting worker") == 3 or until(lambda: server.said.count("Booting worker") == 3) is None
        )
        assert server.get("/pid")[0] == 200


def test_a_worker_that_was_killed_is_replaced(tmp_path: Path) -> None:
    with serving(tmp_path, workers=1) as server:
        first = int(server.get("/pid")[1])
        os.kill(first, signal.SIGKILL)
        assert int(server.get("/pid")[1]) != first


def test_expired_pictures_are_removed_from_the_disk_while_nobody_asks(tmp_path: Path) -> None:
    store = tmp_path / "store"
    with serving(tmp_path, store_lifetime_s=1):
        open_store(load_settings(store=str(store), store_lifetime_s=1)).put(b"picture", {})
        until(lambda: [file.suffix for file in store.iterdir()] == [".seen"])


def test_a_port_in_use_ends_the_start_with_one_line(server: Server, tmp_path: Path) -> None:
    run = start(tmp_path, *PYTHON, "-c", TINY, str(tmp_path), port=server.port)
    line = f"crosspatch: port {server.port} is in use: stop what listens there, or set CROSSPATCH_PORT to another\n"
    assert (run.returncode, run.stderr) == (1, line)


def test_an_address_that_is_none_ends_the_start_with_one_line(tmp_path: Path) -> None:
    run = start(tmp_path, *PYTHON, "-c", TINY, str(tmp_path), port=free_port(), host="192.0.2.1")
    assert (
        run.returncode,
        run.stderr.count("\n"),
        run.stderr.startswith("crosspatch: cannot listen on 192.0.2.1"),
    ) == (
        1,
        1,
        True,
    )


def test_a_store_that_cannot_be_used_ends_the_start_with_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    run = start(tmp_path, *PYTHON, "-c", TINY, str(tmp_path), store=tmp_path / "file" / "store")
    assert (run.returncode, run.stderr.count("\n"), "CROSSPATCH_STORE" in run.stderr) == (1, 1, True)


def test_an_application_that_cannot_be_made_ends_the_start_with_its_words(tmp_path: Path) -> None:
    run = start(tmp_path, *PYTHON, "-c", TINY, str(tmp_path), "broken", port=free_port(), workers=1)
    assert run.returncode != 0
    assert "crosspatch: the application cannot be made: mend it" in run.stderr
    assert "Traceback" not in run.stderr


def start(room: Path, *program: str, **settings: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        program, cwd=ROOT, env=environment(room, **settings), capture_output=True, text=True, timeout=30
    )


def test_main_refuses_a_wrong_setting_with_one_line(tmp_path: Path) -> None:
    run = start(tmp_path, *PYTHON, "main.py", port="abc")
    line = "crosspatch: CROSSPATCH_PORT is 'abc', and must be a whole number from 1 to 65535\n"
    assert (run.returncode, run.stdout, run.stderr) == (1, "", line)


def test_main_serves_the_catalogue_and_answers_a_late_upload_in_the_shape_of_all_errors(tmp_path: Path) -> None:
    with serving(tmp_path, program=(*PYTHON, "main.py"), body_timeout_s=1) as server:
        assert server.get("/api/v1/metrics")[0] == 200
        with server.connect() as client:
            client.sendall(
                b"POST /api/v1/images HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"
                b"Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\n"
            )
            answer = ended(client)
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert b"application/problem+json" in answer
        assert b"/problems/too-slow" in answer
        assert "arning" not in server.said


def test_main_keeps_uploads_of_many_clients_at_once_in_redis(tmp_path: Path, redis_address: str) -> None:
    picture = io.BytesIO()
    Image.new("L", (64, 48)).save(picture, "PNG")
    form = (
        b'--b\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\n' + picture.getvalue() + b"\r\n--b--"
    )
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    program = (*PYTHON, "main.py")
    with (
        serving(tmp_path, program=program, store=redis_address, queue=100) as server,
        ThreadPoolExecutor(20) as clients,
    ):
        uploads = [clients.submit(server.get, "/api/v1/images", body=form, headers=headers) for _ in range(40)]
        assert {upload.result(30)[0] for upload in uploads} == {201}
        image_id = hashlib.sha256(picture.getvalue()).hexdigest()
        assert server.get(f"/api/v1/images/{image_id}")[0] == 200
        assert "arning" not in server.said


def test_main_is_an_application_for_other_servers(tmp_path: Path) -> None:
    code = "import main; print(main.app.test_client().get('/api/v1/metrics').status_code)"
    run = start(tmp_path, *PYTHON, "-c", code)
    assert (run.stdout, run.stderr) == ("200\n", "")
