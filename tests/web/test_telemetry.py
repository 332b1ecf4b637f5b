"""What is counted and measured, in one process and over several workers."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from flask.testing import FlaskClient
from prometheus_client.mmap_dict import MmapedDict, mmap_key
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse
from serving import ROOT, serving

import crosspatch
from crosspatch.web.app import create_app
from crosspatch.web.settings import SettingsError, load_settings
from crosspatch.web.spool import VARIABLE, SpoolUnavailable, bury, open_spool, read_spool
from crosspatch.web.telemetry import MeasuredWorkbench, Telemetry

PICTURE = (ROOT / "docs" / "photo.jpg").read_bytes()
REQUESTS, SECONDS = "crosspatch_http_requests_total", "crosspatch_http_request_duration_seconds"
REJECTIONS = "crosspatch_rejections_total"


def samples(text: str, name: str) -> dict[tuple[str, ...], float]:
    """The values of one series, by its labels in the order of their names."""
    found = (sample for family in parse(text) for sample in family.samples if sample.name == name)
    return {tuple(sample.labels[label] for label in sorted(sample.labels)): sample.value for sample in found}


def until(condition: Callable[[], object], timeout_s: float = 20) -> None:
    deadline_s = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline_s, "waited in vain"
        threading.Event().wait(0.01)


def upload(client: FlaskClient, picture: bytes = PICTURE) -> Any:
    return client.post("/api/v1/images", data={"image": (BytesIO(picture), "p.jpg")}, buffered=True).get_json()


def measured(client: FlaskClient, name: str) -> dict[tuple[str, ...], float]:
    return samples(client.get("/metrics", buffered=True).text, name)


def test_requests_are_counted_by_method_pattern_and_status(client: FlaskClient) -> None:
    for _ in range(2):
        client.get(f"/api/v1/images/{'0' * 64}", buffered=True)
    client.head("/healthz", buffered=True)
    assert measured(client, REQUESTS) == {
        ("GET", "/api/v1/images/<image_id>", "404"): 2,
        ("HEAD", "/healthz", "200"): 1,
    }


def test_what_clients_make_up_becomes_no_series_of_its_own(client: FlaskClient) -> None:
    client.get("/made-up", buffered=True)
    client.open("/made-up-too", method="MADE", buffered=True)
    assert set(measured(client, REQUESTS)) == {("GET", "unmatched", "404"), ("other", "unmatched", "404")}


def test_a_request_is_timed_once(client: FlaskClient) -> None:
    client.get("/healthz", buffered=True)
    assert measured(client, f"{SECONDS}_count") == {("GET", "/healthz"): 1}
    assert measured(client, f"{SECONDS}_bucket")["30.0", "GET", "/healthz"] == 1


def test_refusals_are_counted_by_the_type_of_their_problem(client: FlaskClient) -> None:
    upload(client, b"no picture")
    client.get("/nowhere", buffered=True)
    client.post("/compare", buffered=True)
    reasons = {("not-a-picture",): 1, ("not-found",): 1, ("invalid-request",): 1}
    assert measured(client, REJECTIONS) == reasons


def test_an_upload_is_timed_as_decoding_and_a_comparison_as_comparing(client: FlaskClient) -> None:
    image_id = upload(client)["id"]
    before = [measured(client, f"crosspatch_{work}_seconds_count")[()] for work in ("decode", "compare")]
    assert client.post("/api/v1/comparisons", json={"image": image_id}, buffered=True).status_code == 200
    after = [measured(client, f"crosspatch_{work}_seconds_count")[()] for work in ("decode", "compare")]
    assert (before, after[1]) == ([1, 0], 1)


def test_a_refused_picture_is_timed_too(client: FlaskClient) -> None:
    upload(client, b"no picture")
    assert measured(client, "crosspatch_decode_seconds_count")[()] == 1


def test_the_store_is_measured_when_asked(client: FlaskClient) -> None:
    image_id = upload(client)["id"]
    used_bytes = measured(client, "crosspatch_store_bytes")[()]
    assert (measured(client, "crosspatch_store_images")[()], used_bytes > len(PICTURE)) == (1, True)
    client.delete(f"/api/v1/images/{image_id}")
    assert [measured(client, f"crosspatch_store_{each}")[()] for each in ("up", "images", "bytes")] == [1, 0, 0]


def test_a_store_that_cannot_be_read_has_no_size(client: FlaskClient, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "store")
    assert measured(client, "crosspatch_store_up") == {(): 0}
    assert measured(client, "crosspatch_store_images") == {}


def test_the_version_that_runs_is_told(client: FlaskClient) -> None:
    ((_, version),) = measured(client, "crosspatch_build_info")
    assert version == crosspatch.__version__


def test_what_computes_and_what_waits_is_shown_while_it_does() -> None:
    telemetry, go = Telemetry(), threading.Event()
    bench = MeasuredWorkbench(1, 1, telemetry)
    threads = [threading.Thread(target=bench.run, args=(go.wait,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        until(lambda: loads(telemetry) == (1, 1))
    finally:
        go.set()
    for thread in threads:
        thread.join(20)
    assert loads(telemetry) == (0, 0)


def loads(telemetry: Telemetry) -> tuple[float, float]:
    (running,), (waiting,) = (
        (sample.value for family in gauge.collect() for sample in family.samples)
        for gauge in (telemetry.running, telemetry.waiting)
    )
    return running, waiting


def test_names_follow_the_conventions(client: FlaskClient) -> None:
    upload(client)
    families = list(parse(client.get("/metrics", buffered=True).text))
    assert {family.name for family in families if not family.name.startswith("crosspatch_")} == set()
    assert [each.name for each in families if each.type == "histogram" and not each.name.endswith("_seconds")] == []
    assert [each.name for each in families if not each.documentation.endswith(".")] == []


def test_openmetrics_is_spoken_to_those_who_ask_for_it(client: FlaskClient) -> None:
    upload(client)
    answer = client.get("/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"}, buffered=True)
    assert answer.mimetype == "application/openmetrics-text"
    assert "crosspatch_http_requests" in {family.name for family in parse_openmetrics(answer.text)}


def test_a_metrics_port_has_the_metrics_and_nothing_else(tmp_path: Path) -> None:
    client = create_app(load_settings(store=str(tmp_path), metrics_port=9100)).test_client()
    found = {
        (port, path): client.get(path, base_url=f"http://localhost:{port}", buffered=True).status_code
        for port in (80, 9100)
        for path in ("/metrics", "/healthz", "/nowhere")
    }
    assert [address for address, status in found.items() if status == 200] == [(80, "/healthz"), (9100, "/metrics")]
    assert set(found.values()) == {200, 404}


def test_the_main_port_is_no_metrics_port() -> None:
    with pytest.raises(SettingsError, match=r"metrics_port is 9000, and must be .* not the main port"):
        load_settings(port=9000, metrics_port=9000)


@pytest.fixture
def _spool_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "")  # which puts back what was there


def spool_of(name: str) -> Path:
    return open_spool(f"test-{name}", os.getpid())


@pytest.mark.usefixtures("_spool_is_forgotten")
def test_what_an_earlier_run_left_is_wiped_at_the_start() -> None:
    directory = spool_of("wipe")
    (directory / "counter_1.db").touch()
    assert (spool_of("wipe"), list(directory.iterdir()), directory.stat().st_mode & 0o777) == (directory, [], 0o700)
    directory.rmdir()


@pytest.mark.usefixtures("_spool_is_forgotten")
def test_a_link_that_another_user_may_have_laid_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").touch()
    place = spool_of("link")
    place.rmdir()
    place.symlink_to(tmp_path)
    with pytest.raises(SpoolUnavailable, match="remove it"):
        spool_of("link")
    place.unlink()
    assert (tmp_path / "precious").exists()


def count(directory: Path, kind: str, pid: int, value: float) -> None:
    counts = MmapedDict(str(directory / f"{kind}_{pid}.db"))
    counts.write_value(mmap_key(kind, kind, ["path"], ["/"], "Counted."), value, 0.0)
    counts.close()


def test_the_counts_of_many_dead_workers_are_kept_in_one_file(tmp_path: Path) -> None:
    for pid in range(1, 6):
        count(tmp_path, "counter", pid, value=pid)
        count(tmp_path, "gauge_livesum", pid, value=pid)
    for pid in range(1, 5):
        bury(tmp_path, pid)
    values = {sample.name: sample.value for family in read_spool(tmp_path) for sample in family.samples}
    assert {file.name for file in tmp_path.glob("*.db")} == {"counter_0.db", "counter_5.db", "gauge_livesum_5.db"}
    assert values == {"counter": 1 + 2 + 3 + 4 + 5, "gauge_livesum": 5}


def test_a_worker_that_has_not_counted_yet_disturbs_nobody(tmp_path: Path) -> None:
    (tmp_path / "counter_1.db").touch()
    assert list(read_spool(tmp_path)) == []
    bury(tmp_path, 1)
    assert list(tmp_path.glob("*.db")) == []


@dataclass(frozen=True)
class Service:
    address: str
    metrics: str
    log: Path

    def text(self) -> str:
        with urlopen(self.metrics, timeout=20) as answer:
            return str(answer.read().decode())

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text().splitlines(keepends=True) if line.endswith("\n")]

    def workers(self) -> set[int]:
        return {each["pid"] for each in self.lines() if each["event"] == "request"}

    def ask(self, path: str) -> None:
        with urlopen(self.address + path, timeout=20) as answer:
            answer.read()


def ask_both_workers(service: Service) -> int:
    """How many requests it took until two have answered."""
    asked, dead_line_s = 0, time.monotonic() + 20
    while len(service.workers()) < 2:
        assert time.monotonic() < dead_line_s, "one worker answered everything"
        burst = [HTTPConnection(service.address.removeprefix("http://"), timeout=20) for _ in range(20)]
        for client in burst:  # all at once, so that one worker alone does not take them
            client.request("GET", "/healthz")
        for client in burst:
            assert client.getresponse().read()
            client.close()
        asked += len(burst)
    return asked


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def healthy(service: Service) -> float:
    return samples(service.text(), REQUESTS).get(("GET", "/healthz", "200"), 0)


def spools(address: str) -> list[Path]:
    places = {Path("/dev/shm"), Path(tempfile.gettempdir())}
    port = address.rpartition(":")[2]
    return [found for place in places for found in place.glob(f"crosspatch-metrics-*-{port}")]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    room = tmp_path_factory.mktemp("service")
    port = free_port()
    with serving(room / "store", room / "log", WORKERS="2", METRICS_PORT=str(port)) as address:
        yield Service(address, f"http://127.0.0.1:{port}/metrics", room / "log")
    assert spools(address) == [], "the counts are removed when the server ends"


def test_for_real_metrics_have_their_own_port(service: Service) -> None:
    with pytest.raises(HTTPError) as missing:
        service.ask("/metrics")
    with missing.value as answer:
        assert (answer.status, json.load(answer)["type"]) == (404, "/problems/not-found")
    with pytest.raises(HTTPError) as nothing:
        urlopen(service.metrics.replace("/metrics", "/healthz"), timeout=20)
    nothing.value.close()
    assert "crosspatch_build_info" in service.text()


def test_for_real_counts_add_up_over_workers_and_outlive_one_that_is_killed(service: Service) -> None:
    asked = ask_both_workers(service)
    until(lambda: healthy(service) == asked)  # a request counts after its last byte: the client may be here before
    assert len(spools(service.address)) == 1

    victim = min(service.workers())
    booted = sum(each["event"].startswith("Booting") for each in service.lines())
    os.kill(victim, signal.SIGKILL)
    until(lambda: sum(each["event"].startswith("Booting") for each in service.lines()) > booted)
    assert not list(spools(service.address)[0].glob(f"*_{victim}.db"))
    assert healthy(service) == asked

    service.ask("/healthz")
    until(lambda: healthy(service) == asked + 1)


def test_for_real_the_log_says_of_each_request_which_worker_answered(service: Service) -> None:
    service.ask("/healthz")
    until(lambda: [each for each in service.lines() if each.get("route") == "/healthz"])
    (request, *_) = (each for each in service.lines() if each.get("route") == "/healthz")
    assert re.fullmatch(r"[0-9a-f]{32}", request["request_id"])
    assert request["pid"] in {int(each["event"].split()[-1]) for each in service.lines() if "Booting" in each["event"]}


def test_for_real_a_metrics_port_in_use_is_named_with_its_setting(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        server = serving(tmp_path / "store", tmp_path / "log", METRICS_PORT=port)
        with pytest.raises(RuntimeError, match="exit status 1"):
            server.__enter__()
    line = f"crosspatch: port {port} is in use: stop what listens there, or set CROSSPATCH_METRICS_PORT to another\n"
    assert (tmp_path / "log").read_text() == line
