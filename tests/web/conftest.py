"""A service of its own for each test, on a store of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from flask.testing import FlaskClient

from crosspatch.web.app import create_app
from crosspatch.web.settings import load_settings


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    return create_app(load_settings(store=str(tmp_path / "store"))).test_client()


@pytest.fixture(scope="session")
def redis_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis server of our own. Absent, its tests are skipped and named; with REQUIRE=redis they fail."""
    program = shutil.which("redis-server")
    if program is None:
        if "redis" in os.environ.get("REQUIRE", ""):
            pytest.fail("redis-server is required and absent")
        pytest.skip("redis-server is absent")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    directory = tmp_path_factory.mktemp("redis")
    server = subprocess.Popen(
        [
            program,
            "--bind",
            "127.0.0.1",
            "--port",
            str(port),
            "--save",
            "",
            "--dir",
            str(directory),
            "--loglevel",
            "warning",
        ],
        stdout=subprocess.DEVNULL,
    )
    address = f"redis://127.0.0.1:{port}/0"
    with redis.Redis.from_url(address) as client:
        deadline_s = time.monotonic() + 10
        while not _answers(client):
            assert time.monotonic() < deadline_s, "redis-server did not start"
    yield address
    server.terminate()
    server.wait(10)


def _answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False
