"""The service under load, by wrk: percentiles and requests a second, with 1, 8 and 32 clients."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import which
from threading import Thread
from urllib.error import URLError
from urllib.request import Request, urlopen

import crosspatch
from bench.inputs import SAMPLES
from bench.ours import POINTWISE_FAMILIES
from bench.profile import why_not
from bench.results import NOT_MEASURED, Outcome, table
from bench.timing import Call
from crosspatch.compare import compare_planes
from crosspatch.labelling import Rule
from crosspatch.plane import prepare
from crosspatch.request import ComparisonRequest

CLIENTS, FOR_S = (1, 8, 32), 8
P50_MS, P99_MS = 15, 50
START_S = 30
SCRIPT = Path(__file__).parents[1] / "load.lua"
ASKED = {
    "resize": {"width": 512, "height": 512},
    "rectangle": {"width": 64, "height": 64},
    "families": list(POINTWISE_FAMILIES),
    "intervals": "none",
}


def run(folder: Path) -> Outcome:
    """Serve, store a picture, and ask again and again with another seed each time."""
    if which("wrk") is None:
        return Outcome(f"{NOT_MEASURED}: wrk is absent", None)
    picture = SAMPLES / "hills.jpg"
    with serving(folder) as address:
        body = {"image": stored(address, picture), **ASKED}
        checked(address, body)
        load(address, body, 2, 2)
        found = {str(clients): load(address, body, clients, FOR_S) for clients in CLIENTS}
        with reading_chance(address, body):
            found["1, while a chance level is measured"] = load(address, body, 1, FOR_S)
    rows = [
        [clients, *(f"{each[name]:.1f}" for name in ("p50", "p95", "p99")), f"{each['rate']:.0f}", _odd(each)]
        for clients, each in found.items()
    ]
    section = [
        (
            "`crosspatch serve` with its defaults, but room for 64 waiting requests (`CROSSPATCH_QUEUE`) and one "
            f"thread for NumPy; `wrk` with one thread on the same machine, {FOR_S} s each, a new seed with every "
            "request; every family but structure and boundary, all parts of the answer."
        ),
        "",
        *table(["clients", "p50, ms", "p95, ms", "p99, ms", "requests/s", "not answered 200"], rows),
    ]
    one = found["1"]
    met = one["p50"] < P50_MS and one["p99"] < P99_MS and not one["odd"]
    if not met:
        text = (
            "Two workers share the machine with wrk and all else that runs on it. One thread of the service does this "
            "for each request: the comparison of the stored picture's pixels, and its JSON. Alone, 50 times:"
        )
        section += why_not("http", text, comparison(picture), 50)
    return Outcome(f"p50 {one['p50']:.1f} ms, p99 {one['p99']:.1f} ms, {one['rate']:.0f} requests/s", met, section)


@contextmanager
def reading_chance(address: str, body: dict[str, object]) -> Iterator[None]:
    """The chance level of 100,000 pairs is asked for, and read as it is measured."""
    asked = Request(f"{address}/api/v1/baselines", json.dumps({**body, "pairs": 100_000, "seed": 7}).encode())
    asked.add_header("Content-Type", "application/json")
    asked.add_header("Accept", "application/x-ndjson")
    with urlopen(asked, timeout=START_S) as lines:
        reader = Thread(target=_read, args=(lines,), daemon=True)
        reader.start()
        yield
        if not reader.is_alive():
            raise RuntimeError("the chance level was measured before the load ended")


def _read(lines: Iterable[bytes]) -> None:
    with suppress(AttributeError, OSError, ValueError):  # what reading raises when the connection is closed beneath it
        for _ in lines:
            pass


def comparison(picture: Path) -> Call:
    """What is left to do once a picture is stored, decoded and resized."""
    asked = ComparisonRequest.of(rectangle=(64, 64), families=POINTWISE_FAMILIES)
    plan = asked.plan([(512, 512)], Rule("otsu"))
    plane = prepare(crosspatch.read_picture(picture), (512, 512), "luminance", plan.labels)
    return lambda: json.dumps(compare_planes(plan, plane).to_dict())


def stored(address: str, picture: Path) -> str:
    """The id of an uploaded picture."""
    head = '--part\r\nContent-Disposition: form-data; name="image"; filename="picture"\r\n\r\n'
    form = head.encode() + picture.read_bytes() + b"\r\n--part--\r\n"
    kind = {"Content-Type": "multipart/form-data; boundary=part"}
    with urlopen(Request(f"{address}/api/v1/images", form, kind), timeout=START_S) as answer:
        found: str = json.load(answer)["id"]
    return found


def checked(address: str, body: dict[str, object]) -> None:
    """The service answers what the library does, before it is timed."""
    asked = Request(f"{address}/api/v1/comparisons", json.dumps({**body, "seed": 7}).encode())
    asked.add_header("Content-Type", "application/json")
    with urlopen(asked, timeout=START_S) as answer:
        served = {row["key"]: row["value"] for row in json.load(answer)["metrics"]}
    report = crosspatch.compare(
        SAMPLES / "hills.jpg", resize=(512, 512), rectangle=(64, 64), families=POINTWISE_FAMILIES, seed=7
    )
    assert served == {key: found.value for key, found in report.metrics.items()}


def load(address: str, body: dict[str, object], clients: int, seconds: int) -> dict[str, float]:
    """Percentiles in ms, requests a second, and how many were not answered 200."""
    command = ["wrk", "--threads", "1", "--connections", str(clients), "--duration", f"{seconds}s", "--timeout", "10s"]
    command += ["--script", str(SCRIPT), f"{address}/api/v1/comparisons"]
    environment = {**os.environ, "BODY": json.dumps(body)}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of `crosspatch serve`, ready, on a free port; ended afterwards."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CROSSPATCH_")}
    settings = {"PORT": str(port), "STORE": str(folder / "store"), "LOG_LEVEL": "error", "QUEUE": "64"}
    environment = kept | {f"CROSSPATCH_{name}": value for name, value in settings.items()}
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-c", "from crosspatch.cli import main; main()", "serve"]
    with (
        (folder / "server.log").open("wb") as log,
        subprocess.Popen(command, env=environment, stdout=log, stderr=log) as server,
    ):
        try:
            _wait_until_ready(address, server)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=START_S)


def _wait_until_ready(address: str, server: subprocess.Popen[bytes]) -> None:
    give_up_s = time.monotonic() + START_S
    while server.poll() is None and time.monotonic() < give_up_s:
        try:
            with urlopen(f"{address}/readyz", timeout=START_S):
                return
        except URLError:
            time.sleep(0.05)
    raise RuntimeError(f"the server did not become ready (exit status {server.poll()})")


def _odd(found: dict[str, float]) -> str:
    return f"{found['odd']:.0f}"
