"""The guard on a real server: what gunicorn passes on, counts of several workers, and what the log does not say."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path
from urllib.parse import urlsplit

from serving import serving

TOKEN = "a-token-of-24-characters"
METRICS = "/api/v1/metrics"


def ask(
    address: str, path: str = METRICS, method: str = "GET", headers: Mapping[str, str] | None = None
) -> tuple[int, HTTPMessage, bytes]:
    connection = HTTPConnection(urlsplit(address).netloc, timeout=20)
    try:
        connection.request(method, path, headers=dict(headers or {}))
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def status_of(address: str, *lines: str) -> int:
    """The status of a request that is written by hand."""
    url = urlsplit(address)
    with socket.create_connection((str(url.hostname), url.port or 80), 20) as client:
        head = "\r\n".join((f"GET {METRICS} HTTP/1.1", f"Host: {url.netloc}", "Connection: close", *lines, "", ""))
        client.sendall(head.encode())
        return int(client.makefile("rb").readline().split()[1])


def test_the_server_does_not_say_what_it_is(tmp_path: Path) -> None:
    with serving(tmp_path / "store", tmp_path / "log") as address:
        for path in ("/", METRICS, "/nowhere"):
            _, headers, _ = ask(address, path)
            assert headers.get_all("Server") == ["crosspatch"]
            assert headers.get_all("X-Frame-Options") == ["DENY"]


def test_token_hosts_and_origins_are_checked_and_the_token_is_never_logged(tmp_path: Path) -> None:
    log = tmp_path / "log"
    settings = {"API_TOKEN": TOKEN, "ALLOWED_HOSTS": "crosspatch.example", "LOG_LEVEL": "debug", "LOG_FORMAT": "json"}
    named = {"Host": "crosspatch.example"}
    with serving(tmp_path / "store", log, **settings) as address:
        assert ask(address)[0] == 400
        status, headers, body = ask(address, headers=named)
        assert (status, len(headers.get_all("WWW-Authenticate", []))) == (401, 2)
        assert json.loads(body)["type"] == "/problems/token-needed"
        assert ask(address, headers=named | {"Authorization": f"Bearer {TOKEN}"})[0] == 200
        assert ask(address, headers=named | {"Authorization": f"Bearer {TOKEN[:-1]}"})[0] == 401
        foreign = named | {"Origin": "https://elsewhere.example", "Authorization": f"Bearer {TOKEN}"}
        assert ask(address, headers=foreign)[0] == 403
    said = log.read_text()
    assert "token-needed" in said
    assert TOKEN[:-1] not in said


def test_a_body_that_was_refused_is_never_taken_for_a_request(tmp_path: Path) -> None:
    with serving(tmp_path / "store", tmp_path / "log", API_TOKEN=TOKEN, KEEPALIVE_S="1") as address:
        url = urlsplit(address)
        with socket.create_connection((str(url.hostname), url.port or 80), 20) as client:
            hidden = f"GET /healthz HTTP/1.1\r\nHost: {url.netloc}\r\n\r\n"
            head = f"POST /api/v1/images HTTP/1.1\r\nHost: {url.netloc}\r\nContent-Length: 100000\r\n\r\n"
            client.sendall(head.encode() + hidden.encode())
            received = b""
            while part := client.recv(65536):  # the server closes once no more of the body comes
                received += part
    assert (received.count(b"HTTP/1.1 "), received[:12]) == (1, b"HTTP/1.1 401")


def test_only_a_trusted_proxy_names_the_client(tmp_path: Path) -> None:
    settings = {"WORKERS": "1", "RATE_LIMIT": "1/day"}
    forwarded = [f"X-Forwarded-For: 198.51.100.{each}" for each in (1, 2)]
    with serving(tmp_path / "store", tmp_path / "log", **settings) as address:
        assert [status_of(address, each) for each in forwarded] == [200, 429]
    with serving(tmp_path / "store", tmp_path / "log", TRUSTED_PROXIES="127.0.0.1", **settings) as address:
        assert [status_of(address, each) for each in (*forwarded, *forwarded)] == [200, 200, 429, 429]
        assert status_of(address, "X-Forwarded-For: 203.0.113.9", forwarded[0]) == 429  # joined in their order
        assert status_of(address, "X_Forwarded_For: 203.0.113.9", forwarded[0]) == 429


def test_workers_count_together_in_redis(tmp_path: Path, redis_address: str) -> None:
    with serving(
        Path(redis_address), tmp_path / "log", STORE=redis_address, WORKERS="2", RATE_LIMIT="5/day"
    ) as address:
        answers = [ask(address) for _ in range(12)]
    assert sorted(status for status, _, _ in answers) == [200] * 5 + [429] * 7
    assert all(int(headers["Retry-After"]) > 80_000 for status, headers, _ in answers if status == 429)
