"""Chance levels over HTTP: the library's, at once or line by line, after everything else, and no longer than read."""

from __future__ import annotations

import http.client
import io
import json
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from files import encoded
from flask.testing import FlaskClient
from PIL import Image
from serving import serving
from skimage import data

import crosspatch
from crosspatch.web.app import create_app
from crosspatch.web.settings import load_settings

CAMERA = Image.fromarray(data.camera()[:200, :300])
LINES = "application/x-ndjson"


def stored(client: FlaskClient, picture: Image.Image = CAMERA) -> str:
    answer = client.post("/api/v1/images", data={"image": (io.BytesIO(encoded(picture, "PNG")), "a.png")})
    return str(answer.get_json()["id"])


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_the_answer_is_the_librarys(client: FlaskClient) -> None:
    asked = {"image": stored(client), "rectangle": {"width": 20, "height": 16}, "seed": 3, "pairs": 60}
    answer = client.post("/api/v1/baselines", json=asked)
    assert answer.status_code == 200
    expected = crosspatch.baseline(encoded(CAMERA, "PNG"), rectangle=(20, 16), seed=3, pairs=60).to_dict()
    assert answer.get_json() == json.loads(json.dumps(expected))
    assert answer.headers["Cache-Control"] == "no-store"


def test_two_pictures_are_shifted(client: FlaskClient) -> None:
    other = Image.fromarray(data.moon()[:200, :300])
    asked = {
        "image": stored(client),
        "test_image": stored(client, other),
        "seed": 3,
        "pairs": 5,
        "families": ["errors"],
    }
    answer = client.post("/api/v1/baselines", json=asked).get_json()
    expected = crosspatch.baseline(
        encoded(CAMERA, "PNG"), encoded(other, "PNG"), seed=3, pairs=5, families="errors"
    ).to_dict()
    assert answer == json.loads(json.dumps(expected))
    assert answer["chance"]["kind"] == "shifts"


def test_a_stream_tells_how_far_it_is_and_ends_with_the_whole_answer(client: FlaskClient) -> None:
    asked = {"image": stored(client), "rectangle": {"width": 20, "height": 16}, "seed": 3, "pairs": 900}
    answer = client.post("/api/v1/baselines", json=asked, headers={"Accept": LINES})
    assert answer.mimetype == LINES
    *told, whole = lines(answer.text)
    assert whole == client.post("/api/v1/baselines", json=asked).get_json()
    assert [line["done"] for line in told] == sorted(line["done"] for line in told)
    assert {line["pairs"] for line in (*told, whole)} == {900}
    rows = [row for line in told for row in line["metrics"]]
    assert {row["key"] for row in rows} <= {row["key"] for row in whole["metrics"]}
    assert next(row for row in rows if row["key"] == "cohen_kappa") == next(
        row for row in whole["metrics"] if row["key"] == "cohen_kappa"
    )


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"pairs": 0}, 400, "pairs"),
        ({"pairs": 100_001}, 400, "pairs"),
        ({"pairs": "10"}, 400, "pairs"),
        ({"rectangle": {"width": 301, "height": 5}}, 422, "rectangle_width"),
        ({"rectangle": {"width": 160, "height": 110}, "disjoint": True}, 422, "disjoint"),
        ({"image": "0" * 64}, 404, "image"),
        ({"colour": 1}, 400, "colour"),
    ],
)
@pytest.mark.parametrize("accept", ["application/json", LINES])
def test_what_cannot_be_measured_is_refused_before_anything_is_sent(
    client: FlaskClient, change: dict[str, Any], status: int, field: str, accept: str
) -> None:
    asked = {"image": stored(client), "pairs": 10, **change}
    answer = client.post("/api/v1/baselines", json=asked, headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.get_json()["errors"][0]["field"] == field


def test_more_at_once_than_are_taken_are_sent_away(tmp_path: Path) -> None:
    client = create_app(load_settings(store=str(tmp_path / "store"), baselines=1)).test_client()
    asked = {"image": stored(client), "rectangle": {"width": 20, "height": 16}, "pairs": 400}
    reading = client.post("/api/v1/baselines", json=asked, headers={"Accept": LINES}, buffered=False)
    begun = reading.iter_encoded()
    next(begun)
    refused = client.post("/api/v1/baselines", json=asked)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "5")
    reading.close()
    assert client.post("/api/v1/baselines", json=asked).status_code == 200


def test_a_fault_while_it_is_measured_is_the_last_line(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("inside")

    asked = {"image": stored(client), "pairs": 50}
    monkeypatch.setattr("crosspatch.survey.Survey._tiles", fail)
    answer = client.post("/api/v1/baselines", json=asked, headers={"Accept": LINES})
    last = lines(answer.text)[-1]
    assert (last["status"], last["type"], "inside" in answer.text) == (500, "/problems/internal", False)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[http.client.HTTPConnection]:
    with (
        serving(tmp_path / "store", tmp_path / "log", WORKERS="1", BASELINES="1") as address,
        closing(connection(address)) as found,
    ):
        yield found


def connection(address: str) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)


def brought(to: http.client.HTTPConnection) -> str:
    """The id of the picture, stored on a live server."""
    head = b'--cut\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n'
    form = head + encoded(CAMERA, "PNG") + b"\r\n--cut--\r\n"
    to.request("POST", "/api/v1/images", form, {"Content-Type": "multipart/form-data; boundary=cut"})
    return str(json.loads(to.getresponse().read())["id"])


def ask(
    to: http.client.HTTPConnection, path: str, body: object, accept: str = "application/json"
) -> http.client.HTTPResponse:
    to.request("POST", path, json.dumps(body), {"Content-Type": "application/json", "Accept": accept})
    return to.getresponse()


def test_a_live_server_compares_while_it_measures_and_stops_when_nobody_reads(
    server: http.client.HTTPConnection,
) -> None:
    image = brought(server)
    # Minutes of work, were it done to the end.
    long = {"image": image, "rectangle": {"width": 190, "height": 190}, "pairs": 100_000, "seed": 1}
    with (
        closing(http.client.HTTPConnection(server.host, server.port, timeout=60)) as reader,
        ask(reader, "/api/v1/baselines", long, LINES) as stream,
    ):
        assert json.loads(stream.readline())["pairs"] == 100_000
        for seed in range(5):
            answer = ask(server, "/api/v1/comparisons", {"image": image, "seed": seed})
            assert (answer.status, json.loads(answer.read())["request"]["seed"]) == (200, seed)
        assert "done" in json.loads(stream.readline())
        refused = ask(server, "/api/v1/baselines", long)
        assert (refused.status, refused.read() != b"") == (429, True)
    give_up_s, status = time.monotonic() + 30, 429
    while status == 429 and time.monotonic() < give_up_s:
        answer = ask(server, "/api/v1/baselines", {"image": image, "pairs": 1, "families": ["rates"]})
        status, _ = answer.status, answer.read()
    assert status == 200


def test_a_client_that_does_not_wait_for_the_whole_answer_gives_its_place_back(
    server: http.client.HTTPConnection,
) -> None:
    image = brought(server)
    long = {"image": image, "rectangle": {"width": 190, "height": 190}, "pairs": 100_000, "seed": 1}
    for _ in range(100):
        with closing(http.client.HTTPConnection(server.host, server.port, timeout=60)) as leaving:
            leaving.request("POST", "/api/v1/baselines", json.dumps(long), {"Content-Type": "application/json"})
            answer = ask(server, "/api/v1/baselines", {"image": image, "pairs": 1, "families": ["rates"]})
            taken, _ = answer.status, answer.read()
        if taken == 429:  # the other had the only place; else it had come second, or not yet
            break
    assert taken == 429
    give_up_s, status = time.monotonic() + 30, 429
    while status == 429 and time.monotonic() < give_up_s:
        answer = ask(server, "/api/v1/baselines", {"image": image, "pairs": 1, "families": ["rates"]})
        status, _ = answer.status, answer.read()
    assert status == 200
