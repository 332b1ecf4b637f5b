"""Files that consist of too many pieces are refused, before reading them takes long."""

from __future__ import annotations

import zlib
from dataclasses import replace

import pytest
from bad_pictures.jpeg import many_scans, with_segments
from bad_pictures.png import END, with_chunks
from bad_pictures.small import SMALL, run_length_bmp
from bad_pictures.tiff import PACKING, SHORT, tiff
from files import encoded, png_chunk, png_header
from PIL import Image

from crosspatch import Limits, PictureTooLarge, read_picture
from crosspatch.limits import MOST_STEPS

STRICT = Limits(steps=MOST_STEPS)
TOO_MANY = "made of too many small pieces"


@pytest.mark.parametrize(
    "data",
    [
        with_segments(b"\xff\xe0\0\2" + bytes(400_000)),
        with_segments(b"\xff\xfe\0\2" * 150_000),
        SMALL["GIF"][:-1] + bytes(400_000),
        run_length_bmp(b"\1\1" * 200_000, 1000, 200),
        run_length_bmp(b"\1\1\0\0" * 3000, 3000, 3000),
        with_chunks(png_chunk(b"miNe", b"") * 40_000),
        many_scans(2000, 1000, 1000),
        tiff(1, 1, b"\0", dict.fromkeys(range(1000, 50000), (SHORT, 1, 7))),
        tiff(4000, 4000, many_scans(90, 4000, 4000), {PACKING: (SHORT, 1, 7)}),
    ],
    ids=[
        "stray bytes",
        "segments",
        "bytes behind a frame",
        "runs",
        "rows that end early",
        "chunks",
        "scans",
        "tags",
        "scans in a TIFF",
    ],
)
def test_too_many_pieces_are_refused(data: bytes) -> None:
    with pytest.raises(PictureTooLarge, match=TOO_MANY):
        read_picture(data, limits=STRICT)


@pytest.mark.parametrize("name", SMALL)
def test_an_ordinary_picture_takes_few_steps(name: str) -> None:
    assert read_picture(SMALL[name], limits=replace(STRICT, steps=300)).width == 8


def test_a_large_png_in_pieces_of_a_kibibyte_is_ordinary() -> None:
    packed = zlib.compress(bytes(1 + 3 * 2000) * 2000, 0)
    pieces = [png_chunk(b"IDAT", packed[start : start + 1024]) for start in range(0, len(packed), 1024)]
    data = png_header(2000, 2000, colour=2) + b"".join(pieces) + END
    assert len(pieces) > 11_000
    assert read_picture(data, limits=STRICT).width == 2000


def test_without_a_limit_any_number_of_pieces_is_read() -> None:
    assert read_picture(with_segments(b"\xff\xe0\0\2" + bytes(400_000))).width == 8


def test_a_large_tiff_of_many_jpeg_strips_is_ordinary() -> None:
    data = encoded(Image.effect_noise((3000, 2000), 60), "TIFF", compression="jpeg")
    assert read_picture(data, limits=STRICT).width == 3000
