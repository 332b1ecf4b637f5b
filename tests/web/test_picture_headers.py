"""The reader of headers, which a worker runs on its own thread: no file keeps it busy."""

from __future__ import annotations

import struct

import pytest
from bad_pictures import gif
from bad_pictures.jpeg import segment, with_segments
from bad_pictures.small import SIZE
from bad_pictures.tiff import LONG, OFFSETS, small

from crosspatch.errors import PictureTooLarge
from crosspatch.limits import MOST_STEPS, Limits
from crosspatch.web.footprint import check, estimate
from crosspatch.web.picture_headers import Header, read_header

APPLICATION = segment(0xE0, b"")
START = b"\xff\xd8"
FRAME = b"\xff\xc0\x00\x0b\x08\x00\x02\x00\x03\x01\x01\x11\x00"


def test_a_jpeg_tells_its_size_after_segments_of_any_length_and_bytes_between_them() -> None:
    segments = b"\xff\xe1\xff\xff" + bytes(0xFFFD) + b"\xff\xe2\x00\x04ab"
    assert read_header(START + 300 * segments + 9 * b"\xff" + FRAME) == Header("JPEG", 3, 2, "grey")


@pytest.mark.parametrize("piece", [b"\xff", segment(0xFE, b"")], ids=["fill bytes", "segments"])
def test_a_jpeg_of_many_pieces_is_given_up_early(piece: bytes) -> None:
    few, many = (read_header(with_segments(APPLICATION, piece * count)) for count in (900, 1100))
    assert few is not None
    assert ((few.width, few.height), many) == (SIZE, None)


def test_a_gif_is_as_large_as_its_first_frame_reaches_behind_extensions_of_any_kind() -> None:
    first = b"!\xf9\4\0\0\0\0\0" + b"!\xfe\3abc\2,,\0" + b"junk"
    frames = gif.frame(50, 60, place=7) + gif.frame(999, 999) + gif.END
    assert read_header(gif.head(16, 99) + first + frames) == Header("GIF", 57, 99, "palette", alpha=True)
    assert read_header(gif.head(80, 9, flags=0) + frames) == Header("GIF", 80, 67, "palette", alpha=True)


@pytest.mark.parametrize("piece", [b"\0", b"!\xfe\0", b"!\xfe\1x\0"], ids=["junk", "extensions", "pieces"])
def test_a_gif_of_many_pieces_before_its_frame_is_as_large_as_its_screen(piece: bytes) -> None:
    few, many = (read_header(gif.head(16, 16) + piece * count + gif.frame(50, 50)) for count in (300, 1100))
    assert few is not None
    assert many is not None
    assert (few.width, many.width) == (50, 16)


def test_a_tiff_of_too_many_strips_is_refused_before_they_are_listed() -> None:
    def judge(count: int) -> None:
        data = small({OFFSETS: (LONG, count, 8)}, struct.pack("<I", 8) * count)
        check(data, estimate(data), Limits(steps=MOST_STEPS), 2**30)

    judge(45_000)
    with pytest.raises(PictureTooLarge, match="too many small pieces"):
        judge(55_000)
