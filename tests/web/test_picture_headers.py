"""Headers that were made to keep their reader busy, or to make it stumble."""

from __future__ import annotations

import pytest

from crosspatch.web.picture_headers import Header, read_header

START = b"\xff\xd8"
FRAME = b"\xff\xc0\x00\x0b\x08\x00\x02\x00\x03\x01\x01\x11\x00"
MANY = 1_000_000


def test_a_jpeg_tells_its_size_after_segments_of_any_length_and_bytes_between_them() -> None:
    segments = b"\xff\xe1\xff\xff" + bytes(0xFFFD) + b"\xff\xe2\x00\x04ab"
    assert read_header(START + 300 * segments + 9 * b"\xff" + FRAME) == Header("JPEG", 3, 2, "grey")


@pytest.mark.parametrize("piece", [b"\xff", b"\xff\xe0\x00\x02"], ids=["fill", "empty segment"])
def test_a_jpeg_of_a_million_pieces_without_a_picture_is_given_up_early(piece: bytes) -> None:
    """All else that a worker does would wait meanwhile."""
    assert read_header(START + MANY * piece + FRAME) is None
