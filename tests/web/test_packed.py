"""Resized pictures in the store: whole they come back, damaged they are made again."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from crosspatch.picture import Picture
from crosspatch.web.app import create_app
from crosspatch.web.packed import pack, unpack
from crosspatch.web.settings import load_settings

PIXELS = np.arange(60, dtype=np.uint8).reshape(4, 5, 3)
WHOLE = Picture(PIXELS, alpha=PIXELS[..., 0], stored=PIXELS[..., 1].astype(np.uint16) * 257)
PACKED = pack(WHOLE)


def test_a_packed_picture_comes_back_with_all_its_arrays() -> None:
    found = unpack(PACKED)
    assert found is not None
    for name in ("pixels", "alpha", "stored"):
        assert np.array_equal(getattr(found, name), getattr(WHOLE, name))
    bare = unpack(pack(Picture(PIXELS)))
    assert bare is not None
    assert bare.alpha is None
    assert bare.stored is None


@given(st.integers(0, len(PACKED) - 1), st.integers(1, 255))
def test_a_changed_byte_gives_the_same_pixels_or_none(place: int, change: int) -> None:
    found = unpack(PACKED[:place] + bytes([PACKED[place] ^ change]) + PACKED[place + 1 :])
    assert found is None or np.array_equal(found.pixels, PIXELS)


@pytest.mark.parametrize(
    "data", [b"", b"PK", PACKED[:-1], PACKED[1:], b"\x93NUMPY\x01\0", 9 * b"\x80"], ids=lambda data: repr(data[:9])
)
def test_what_is_no_packed_picture_gives_none(data: bytes) -> None:
    assert unpack(data) is None


def test_damaged_pixels_in_the_store_are_made_again(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.fromarray(PIXELS).save(out, "PNG")
    store = str(tmp_path / "store")
    image_id = uploaded(create_app(load_settings(store=store)).test_client(), out.getvalue())
    address = f"/api/v1/images/{image_id}/rendition?width=4&height=3&channel=red&format=raw"
    one = create_app(load_settings(store=store)).test_client().get(address)
    kept = list(Path(store).glob("*.from*"))
    assert kept
    for file in kept:
        file.write_bytes(file.read_bytes()[:-9])
    other = create_app(load_settings(store=store)).test_client().get(address)
    assert (one.status_code, other.status_code) == (200, 200)
    assert other.data == one.data


def uploaded(client: FlaskClient, data: bytes) -> str:
    answer = client.post("/api/v1/images", data={"image": (io.BytesIO(data), "a.png")})
    return str(answer.get_json()["id"])
