"""What a worker holds of requests and files: bounded, counted as it arrives, given back."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from flask.testing import FlaskClient
from PIL import Image

from crosspatch.web.app import create_app
from crosspatch.web.held import HeldBytes
from crosspatch.web.settings import SettingsError, load_settings
from crosspatch.web.turns import Busy

MIB = 2**20


def png(side_px: int) -> bytes:
    out = io.BytesIO()
    noise = np.random.default_rng(side_px).integers(0, 256, (side_px, side_px, 3), np.uint8)
    Image.fromarray(noise).save(out, "PNG", compress_level=0)
    return out.getvalue()


@pytest.fixture
def held(client: FlaskClient) -> HeldBytes:
    return client.application.extensions["pictures"]._held


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    few = {"max_upload_bytes": MIB, "files_bytes": 3 * MIB, "cache_bytes": 0}
    return create_app(load_settings(store=str(tmp_path / "store"), **few)).test_client()


def test_what_is_taken_comes_back_also_after_a_fault() -> None:
    held = HeldBytes(10)
    with held.taken(10):
        assert held.count == 10
    with pytest.raises(ZeroDivisionError), held.taken(10):
        _ = 1 / 0
    assert held.count == 0


def test_what_is_too_much_is_refused_and_not_counted() -> None:
    held = HeldBytes(10)
    held.take(8)
    with pytest.raises(Busy):
        held.take(3)
    assert held.count == 8
    held.take(2)


@pytest.mark.parametrize("path", ["/api/v1/images", "/compare"])
def test_an_upload_counts_until_it_is_answered(client: FlaskClient, held: HeldBytes, path: str) -> None:
    counts: list[int] = []
    client.application.after_request(lambda answer: (counts.append(held.count), answer)[1])
    picture = png(400)
    assert client.post(path, data={"image": (io.BytesIO(picture), "a.png")}).status_code in (200, 201)
    assert counts[0] > len(picture)
    assert held.count == 0


def test_an_upload_that_does_not_fit_is_told_when_to_come_again(client: FlaskClient, held: HeldBytes) -> None:
    held.take(3 * MIB - 1000)
    answer = client.post("/api/v1/images", data={"image": (io.BytesIO(png(400)), "a.png")})
    assert (answer.status_code, answer.json["type"], answer.headers["Retry-After"]) == (429, "/problems/busy", "2")
    assert held.count == 3 * MIB - 1000
    held.give_back(3 * MIB - 1000)
    assert client.post("/api/v1/images", data={"image": (io.BytesIO(png(400)), "a.png")}).status_code == 201


def test_a_stored_file_that_is_decoded_again_counts_too(client: FlaskClient, held: HeldBytes) -> None:
    about = client.post("/api/v1/images", data={"image": (io.BytesIO(png(400)), "a.png")}).json
    asked = f"/api/v1/images/{about['id']}/rendition?width=300&height=300"
    held.take(3 * MIB - 1000)
    assert client.get(asked).status_code == 429
    held.give_back(3 * MIB - 1000)
    assert client.get(asked).status_code == 200
    assert held.count == 0


def test_a_setting_that_refuses_every_form_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="files_bytes is 41943040, and must be at least twice max_upload_bytes"):
        load_settings(store=str(tmp_path), files_bytes=40 * MIB)


def test_a_large_answer_counts_until_it_is_sent(client: FlaskClient) -> None:
    """Three MiB for answers: one of 1.44 MB leaves room for one more, unless it has been sent."""
    about = client.post("/api/v1/images", data={"image": (io.BytesIO(png(400)), "a.png")}).json
    asked = f"/api/v1/images/{about['id']}/rendition?width=1200&height=1200&channel=red&format=raw"
    first, second = client.get(asked), client.get(asked)
    assert (first.status_code, second.status_code) == (200, 200)
    refused = client.get(asked)
    assert (refused.status_code, refused.json["type"], refused.headers["Retry-After"]) == (429, "/problems/busy", "2")
    assert refused.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get("/healthz").status_code == 200
    first.close()
    third = client.get(asked)
    assert third.status_code == 200
    for sent in (second, third):
        sent.close()


def test_an_answer_larger_than_all_answers_may_be_goes_alone(client: FlaskClient) -> None:
    about = client.post("/api/v1/images", data={"image": (io.BytesIO(png(400)), "a.png")}).json
    asked = f"/api/v1/images/{about['id']}/rendition?width=2000&height=2000&channel=red&format=raw"
    with client.get(asked) as sent:
        assert (sent.status_code, client.get(asked).status_code) == (200, 429)
    with client.get(asked) as sent:
        assert sent.status_code == 200
