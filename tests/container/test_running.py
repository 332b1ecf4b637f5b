"""What the service may and may not do in its container, and how it behaves there: over a published port, on a real
Docker engine.
"""

from __future__ import annotations

import io
import json
import socket
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from container.containers import HEALTHY_S, PHOTO, RESTRICTIONS, Container, docker, docker_says, form, running
from PIL import Image

STOP_S = 10


def test_it_is_healthy_within_ten_seconds(container: Container) -> None:
    assert container.healthy_after_s < HEALTHY_S


def test_it_runs_as_a_number_that_is_not_root(container: Container) -> None:
    users = docker("top", container.id, "-o", "pid,uid,gid").split("\n")[1:-1]
    assert {tuple(line.split()[1:]) for line in users} == {("10001", "10001")}


def test_it_has_no_capability(container: Container) -> None:
    capabilities = [line for line in container.run("cat", "/proc/1/status").split("\n") if line.startswith("Cap")]
    assert {line.split()[1] for line in capabilities} == {"0" * 16}
    assert len(capabilities) == 5


def test_it_cannot_gain_privileges(container: Container) -> None:
    assert "NoNewPrivs:\t1" in container.run("cat", "/proc/1/status")


@pytest.mark.parametrize("path", ["/", "/etc", "/opt/crosspatch", "/var/lib/crosspatch", "/usr/bin"])
def test_its_root_file_system_refuses_writes(container: Container, path: str) -> None:
    assert "Read-only file system" in container.run("touch", f"{path}/x")


def test_nothing_runs_from_its_tmpfs(container: Container) -> None:
    said = container.run("sh", "-c", "cp /bin/true /tmp/true && /tmp/true; rm -f /tmp/true")
    assert "Permission denied" in said


def test_it_cannot_change_its_own_code_even_where_writes_are_allowed(image: str) -> None:
    with running(image, without="read_only") as loose:
        assert "Permission denied" in loose.run("touch", "/opt/crosspatch/x")


def test_its_memory_is_bounded_without_swap(container: Container) -> None:
    assert container.inspect(".HostConfig.Memory") == container.inspect(".HostConfig.MemorySwap") == 512 * 2**20


# Each of the claims above fails when its restriction is left out: this is what the tests would see then.
@pytest.mark.parametrize(
    ("restriction", "command", "sign"),
    [
        ("read_only", ["touch", "/tmp/../var/lib/crosspatch/x"], ""),
        ("capabilities", ["grep", "CapBnd", "/proc/1/status"], "CapBnd:\t00000000a80425fb\n"),
        ("privileges", ["grep", "NoNewPrivs", "/proc/1/status"], "NoNewPrivs:\t0\n"),
    ],
)
def test_a_restriction_that_is_left_out_shows(image: str, restriction: str, command: list[str], sign: str) -> None:
    assert restriction in RESTRICTIONS
    with running(image, without=restriction) as loose:
        assert loose.run(*command) == sign


def test_a_photograph_makes_the_whole_journey(container: Container) -> None:
    page = container.ask("GET", "/")
    assert page[0] == 200
    assert b"<html" in page[1]

    status, about = container.upload()
    assert (status, about["width"], about["height"]) == (201, 600, 400)

    status, drawn = container.ask("GET", f"/api/v1/images/{about['id']}/rendition?width=512&height=341")
    assert (status, drawn[:8]) == (200, b"\x89PNG\r\n\x1a\n")

    asked = json.dumps({"image": about["id"], "seed": 7, "rectangle": {"width": 64, "height": 64}}).encode()
    status, answer = container.ask("POST", "/api/v1/comparisons", asked, Content_Type="application/json")
    report = json.loads(answer)
    assert (status, sum(map(sum, report["confusion"]["matrix"]))) == (200, 64 * 64)

    assert container.ask("GET", f"/api/v1/comparisons?image={about['id']}&seed=7&format=csv")[0] == 200
    assert container.ask("GET", "/api/v1/metrics")[0] == 200
    assert container.ask("GET", "/api/docs")[0] == 200
    assert container.ask("DELETE", f"/api/v1/images/{about['id']}")[0] == 204
    assert container.ask("GET", f"/api/v1/images/{about['id']}")[0] == 404


def test_a_fresh_volume_serves_as_store(image: str) -> None:
    with running(image, "--volume", "/var/lib/crosspatch", "--env", "CROSSPATCH_STORE=/var/lib/crosspatch") as kept:
        assert kept.upload()[0] == 201
        assert kept.run("ls", "/var/lib/crosspatch") != ""


def test_fifty_uploads_at_once_neither_kill_nor_leak(image: str) -> None:
    with running(image) as busy:
        for _ in range(10):  # both workers have what they load on first use
            assert busy.upload()[0] == 201
        before_mib = busy.memory_mib()
        with ThreadPoolExecutor(50) as crowd:
            statuses = Counter(status for status, _ in crowd.map(lambda _: busy.upload(), range(50)))
        assert set(statuses) <= {201, 429}
        assert statuses[201] > 0
        assert settled_mib(busy, 1.2 * before_mib) <= 1.2 * before_mib
        assert not busy.inspect(".State.OOMKilled")
        assert busy.inspect(".RestartCount") == 0
        assert "SIGKILL" not in docker_says("logs", busy.id)
        assert busy.ask("GET", "/readyz")[0] == 200


def test_neither_large_pictures_nor_large_questions_kill_it(image: str) -> None:
    large, huge = jpeg(6000, 4000), jpeg(7600, 5200)
    with running(image) as busy, ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(busy.upload, [large, huge] * 4))
        assert {status for status, _ in answers[::2]} <= {201, 429}
        assert {(status, about["type"]) for status, about in answers[1::2]} <= {
            (413, "/problems/too-large"),
            (429, "/problems/busy"),
        }
        stored = busy.upload()[1]["id"]
        asked = {"image": stored, "labels": "levels:256", "intervals": "bootstrap"}
        asked |= {side: {"width": 2000, "height": 2000} for side in ("resize", "rectangle")}
        body = json.dumps(asked).encode()
        asking = [
            crowd.submit(busy.ask, "POST", "/api/v1/comparisons", body, Content_Type="application/json")
            for _ in range(4)
        ]
        for status, answer in (each.result() for each in asking):
            assert status in (422, 429), answer
            assert status == 429 or "more memory than the 160 MiB" in json.loads(answer)["detail"]
        assert not busy.inspect(".State.OOMKilled")
        assert "SIGKILL" not in docker_says("logs", busy.id)
        assert docker_says("logs", busy.id).count("Booting worker") == 2
        assert busy.upload()[0] == 201


def jpeg(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((width // 8, height // 8), 60).resize((width, height)).convert("RGB").save(
        out, "JPEG", quality=60
    )
    return out.getvalue()


def settled_mib(container: Container, wanted_mib: float) -> float:
    """The memory of a container once it is at most `wanted_mib`, or 5 s later."""
    give_up_s = time.monotonic() + 5
    while (memory_mib := container.memory_mib()) > wanted_mib and time.monotonic() < give_up_s:
        pass
    return memory_mib


def test_it_stops_in_time_and_finishes_what_is_under_way(image: str) -> None:
    body, kind = form(PHOTO)
    head = f"POST /api/v1/images HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    with running(image) as stopped, socket.create_connection(("127.0.0.1", stopped.port), timeout=30) as client:
        client.sendall(head.encode() + body[:1000])
        time.sleep(0.5)  # so that the request is being read, not waiting to be accepted
        begun_s = time.monotonic()
        stop = threading.Thread(target=docker, args=("stop", stopped.id))
        stop.start()
        time.sleep(2)  # the slow client: its body ends while the service drains
        client.sendall(body[1000:])
        answer = client.recv(65536)
        stop.join()
        took_s = time.monotonic() - begun_s
        assert answer.startswith(b"HTTP/1.1 201 ")
        assert took_s < STOP_S
        assert stopped.inspect(".State.ExitCode") == 0


def test_it_stops_at_once_when_idle(image: str) -> None:
    with running(image) as idle:
        begun_s = time.monotonic()
        docker("stop", idle.id)
        assert time.monotonic() - begun_s < STOP_S / 2
        assert idle.inspect(".State.ExitCode") == 0


def test_a_wrong_setting_stops_the_start_with_one_line(image: str) -> None:
    arguments = ["run", "--rm", "--read-only", "--tmpfs", "/tmp", "--env", "CROSSPATCH_PORT=none", image]
    said = docker_says(*arguments)
    assert said.count("\n") == 1
    assert "CROSSPATCH_PORT" in said
