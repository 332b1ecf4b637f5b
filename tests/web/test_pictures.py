"""What a worker keeps of stored pictures: within its budget, and enough that a drag never decodes."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from PIL import Image

from crosspatch.labelling import Rule
from crosspatch.web.app import create_app
from crosspatch.web.pictures import Pictures
from crosspatch.web.settings import load_settings

RNG = np.random.default_rng(5)


def encoded(pixels: np.ndarray, mode: str | None = None) -> bytes:
    out = io.BytesIO()
    picture = Image.fromarray(pixels)
    (picture if mode is None else picture.convert(mode)).save(out, "PNG")
    return out.getvalue()


PHOTO = encoded(RNG.integers(0, 256, (300, 400, 3), np.uint8))
KINDS = {
    "grey": encoded(RNG.integers(0, 256, (60, 80), np.uint8)),
    "colour": encoded(RNG.integers(0, 256, (60, 80, 3), np.uint8)),
    "transparent": encoded(RNG.integers(0, 256, (60, 80, 4), np.uint8)),
    "palette": encoded(RNG.integers(0, 256, (60, 80, 3), np.uint8), "P"),
    "16 bits": encoded(RNG.integers(0, 2**16, (60, 80), np.uint16)),
}


def worker(store: Path, **settings: Any) -> FlaskClient:
    return create_app(load_settings(store=str(store), **settings)).test_client()


def upload(client: FlaskClient, data: bytes) -> str:
    return str(client.post("/api/v1/images", data={"image": (io.BytesIO(data), "a.png")}).get_json()["id"])


def drag(client: FlaskClient, image: str, side: int = 200, **asked: Any) -> None:
    for place in range(5):
        body = {"image": image, "resize": {"width": side, "height": side}, "truth": {"x": place, "y": 0}, **asked}
        assert client.post("/api/v1/comparisons", json=body).status_code == 200


def counted(client: FlaskClient, name: str) -> float:
    lines = client.get("/metrics", buffered=True).text.splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith((f"{name} ", f"{name}{{")))


def decoded(client: FlaskClient) -> float:
    return counted(client, "crosspatch_decode_seconds_count")


def pictures_of(client: FlaskClient) -> Pictures:
    found: Pictures = client.application.extensions["pictures"]
    return found


def test_a_drag_decodes_at_most_once(tmp_path: Path) -> None:
    client = worker(tmp_path)
    image = upload(client, PHOTO)
    assert decoded(client) == 1
    drag(client, image)
    drag(client, image, include=["metrics"], families=["rates"])
    assert decoded(client) == 2
    drag(client, image, channel="red")
    drag(client, image, test_image=image, rectangle={"width": 50, "height": 50})
    assert decoded(client) == 2
    planes = 'crosspatch_memory_lookups_total{found="%s",kind="plane"}'
    assert [counted(client, planes % found) for found in ("yes", "no")] == [23, 2]


def test_a_drag_at_the_size_that_is_shown_first_never_decodes(tmp_path: Path) -> None:
    client = worker(tmp_path)
    image = upload(client, PHOTO)
    for place in range(3):
        body = {"image": image, "resize": {"width": 400, "height": 300}, "truth": {"x": place, "y": 0}}
        assert client.post("/api/v1/comparisons", json=body).status_code == 200
    assert decoded(client) == 1


def test_what_one_worker_has_decoded_no_other_does(tmp_path: Path) -> None:
    one, other = worker(tmp_path), worker(tmp_path)
    image = upload(one, PHOTO)
    drag(one, image)
    drag(other, image)
    drag(other, image, channel="blue")
    assert (decoded(one), decoded(other)) == (2, 0)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [(80, 60), (40, 30)])
@pytest.mark.parametrize("rule", ["otsu", "levels:4"])
def test_what_is_kept_takes_no_more_memory_than_is_counted(
    tmp_path: Path, kind: str, size: tuple[int, int], rule: str
) -> None:
    client = worker(tmp_path)
    image, pictures = upload(client, KINDS[kind]), pictures_of(client)
    plane = pictures.plane(image, size, "luminance", Rule.parse(rule))
    picture = pictures.resized(image, size)
    assert taken(plane.levels) <= plane.levels.nbytes
    for array in (picture.pixels, picture.alpha, picture.stored):
        assert array is None or taken(array) <= array.nbytes


def taken(array: np.ndarray) -> int:
    """The bytes of memory that live as long as the array: of a view, those of all that it is a view of."""
    owner: Any = array
    while isinstance(owner, np.ndarray) and owner.base is not None:
        owner = owner.base
    return owner.nbytes if isinstance(owner, np.ndarray | memoryview) else len(owner)


def test_memory_is_bounded_by_the_budget_and_what_was_used_last_stays(tmp_path: Path) -> None:
    budget = 400_000
    client = worker(tmp_path, cache_bytes=budget)
    image, pictures = upload(client, PHOTO), pictures_of(client)
    for side in (100, 150, 200, 220, 230):
        plane = pictures.plane(image, (side, side), "luminance", Rule.parse("otsu"))
        assert pictures.plane(image, (side, side), "luminance", Rule.parse("otsu")) is plane
        assert pictures.kept_bytes <= budget
    assert pictures.kept_bytes > budget / 4


def test_a_picture_larger_than_the_budget_is_compared_all_the_same(tmp_path: Path) -> None:
    client = worker(tmp_path, cache_bytes=1000)
    drag(client, upload(client, PHOTO))
    assert pictures_of(client).kept_bytes == 0
