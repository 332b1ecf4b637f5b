"""Docker for these tests: in go arguments, out comes what the client prints. HTTP without a library's comfort."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PHOTO = (ROOT / "docs" / "photo.jpg").read_bytes()
# Debian's client has BuildKit inside; a newer one, which may come first in PATH, needs a plugin for it.
CLIENT = "/usr/bin/docker" if Path("/usr/bin/docker").exists() else "docker"
ENVIRONMENT = os.environ | {"DOCKER_BUILDKIT": "1"}
# The restrictions that the service promises to run under, each with the words that `docker run` has for it.
RESTRICTIONS = {
    "read_only": ["--read-only"],
    "capabilities": ["--cap-drop", "ALL"],
    "privileges": ["--security-opt", "no-new-privileges"],
    "memory": ["--memory", "512m", "--memory-swap", "512m"],
    "tmpfs": ["--tmpfs", "/tmp"],
}
HEALTHY_S = 10


def docker(*arguments: str) -> str:
    """What `docker` prints. Raises CalledProcessError, with what it says in a note, when it fails."""
    try:
        return subprocess.run([CLIENT, *arguments], capture_output=True, text=True, check=True, env=ENVIRONMENT).stdout
    except subprocess.CalledProcessError as fault:
        fault.add_note(f"{fault.stdout}{fault.stderr}"[-2000:])
        raise


def docker_says(*arguments: str) -> str:
    """All that `docker` prints, messages and errors as well, whether it fails or not."""
    both = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    return str(subprocess.run([CLIENT, *arguments], text=True, check=False, env=ENVIRONMENT, **both).stdout)


def engine_is_here() -> bool:
    """Whether a Docker engine answers."""
    if shutil.which(CLIENT) is None:
        return False
    return subprocess.run([CLIENT, "info"], capture_output=True, check=False).returncode == 0


@dataclass(frozen=True)
class Container:
    """A running container whose port 8080 is published at `port` of loopback."""

    id: str
    port: int
    healthy_after_s: float

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        """Status and body of the answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, {name.replace("_", "-"): text for name, text in headers.items()})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def upload(self, picture: bytes = PHOTO) -> tuple[int, dict[str, Any]]:
        """Status and description of an uploaded picture."""
        body, kind = form(picture)
        status, answer = self.ask("POST", "/api/v1/images", body, Content_Type=kind)
        return status, json.loads(answer)

    def run(self, *command: str) -> str:
        """What a command in the container prints, to both of its outputs."""
        return docker_says("exec", self.id, *command)

    def inspect(self, path: str) -> Any:
        """A part of what Docker knows of the container."""
        return json.loads(docker("inspect", "--format", f"{{{{json {path}}}}}", self.id))

    def memory_mib(self) -> float:
        """What `docker stats` shows: memory without the page cache."""
        usage = docker("stats", "--no-stream", "--format", "{{.MemUsage}}", self.id).split("/")[0].strip()
        number, unit = usage[:-3], usage[-3:]
        return float(number) * {"KiB": 1 / 1024, "MiB": 1, "GiB": 1024}[unit]


def form(picture: bytes) -> tuple[bytes, str]:
    """A form with the file field `image`, and its content type."""
    border = uuid.uuid4().hex
    head = f'--{border}\r\nContent-Disposition: form-data; name="image"; filename="photo.jpg"\r\n\r\n'
    return head.encode() + picture + f"\r\n--{border}--\r\n".encode(), f"multipart/form-data; boundary={border}"


@contextmanager
def running(image: str, *arguments: str, without: str = "") -> Iterator[Container]:
    """A container under all restrictions but the one named `without`, once it is healthy. Removed afterwards."""
    restrictions = [word for name, words in RESTRICTIONS.items() if name != without for word in words]
    begun_s = time.monotonic()
    # Published to loopback only, at a port that Docker picks.
    name = docker("run", "--detach", *restrictions, "--publish", "127.0.0.1::8080", *arguments, image).strip()
    try:
        healthy_after_s = _wait_for_health(name, begun_s)
        port = int(docker("port", name, "8080/tcp").rsplit(":", 1)[1])
        yield Container(name, port, healthy_after_s)
    finally:
        docker("rm", "--force", "--volumes", name)


def _wait_for_health(name: str, begun_s: float) -> float:
    while time.monotonic() - begun_s < 3 * HEALTHY_S:
        state = json.loads(docker("inspect", "--format", "{{json .State}}", name))
        if state["Health"]["Status"] == "healthy":
            return time.monotonic() - begun_s
        if not state["Running"]:
            break
        time.sleep(0.1)  # not a wait for a result: Docker asks every 3 s
    raise RuntimeError(f"the container did not become healthy:\n{docker_says('logs', name)}")
