"""From files to pictures: what each format stores, and what is refused."""

from __future__ import annotations

import contextlib
import hashlib
import io
import struct
import subprocess
import sys
import warnings
import zlib
from pathlib import Path

import numpy as np
import pytest
from files import (
    ORIENTATION,
    UPRIGHT,
    encoded,
    exif,
    interlaced_png,
    palette_image,
    png_chunk,
    png_header,
    tiff,
)
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from crosspatch import Limits, PictureTooLarge, UnreadablePicture, read_picture

RNG = np.random.default_rng(5)
GREY, ALPHA = RNG.integers(0, 256, (2, 9, 12), np.uint8)
RGB = RNG.integers(0, 256, (9, 12, 3), np.uint8)
RGBA = np.dstack([RGB, ALPHA])
SIXTEEN = RNG.integers(0, 65_536, (9, 12)).astype(np.uint16)
INDICES = RNG.integers(0, 6, (9, 12), np.uint8)
COLOURS = RNG.integers(0, 256, (6, 3), np.uint8)
SMOOTH = np.add.outer(np.arange(0, 90, 3), np.arange(0, 120, 3))[..., None].repeat(3, 2).astype(np.uint8)


def codes(picture):
    return [note.code for note in picture.notes]


def over_white(colours, alpha):
    a = alpha[..., None] / 255
    return colours * a + 255 * (1 - a)


def scaled(levels):
    return (levels.astype(np.int64) * 255 + 32_767) // 65_535


def frames(*levels):
    return [Image.fromarray(np.full((9, 12, 3), level, np.uint8)) for level in levels]


# What is stored without loss comes back exactly


@pytest.mark.parametrize("form", ["PNG", "TIFF", "BMP"])
@pytest.mark.parametrize("pixels", [GREY, RGB], ids=["grey", "RGB"])
def test_pixels_stored_without_loss_come_back_exactly(form, pixels):
    picture = read_picture(encoded(pixels, form))
    assert np.array_equal(picture.pixels, pixels)
    assert (picture.alpha, picture.stored, picture.notes) == (None, None, ())


@pytest.mark.parametrize(
    "data",
    [
        encoded(GREY > 99, "PNG"), encoded(GREY > 99, "BMP"), encoded(GREY > 99, "TIFF"),
        encoded(GREY > 99, "TIFF", compression="group4"),
    ],
    ids=["PNG", "BMP", "TIFF", "TIFF G4"],
)  # fmt: skip
def test_one_bit_becomes_0_and_255(data):
    picture = read_picture(data)
    assert (picture.origin.mode, np.array_equal(picture.pixels, np.where(GREY > 99, 255, 0))) == ("1", True)


def test_lossless_webp_comes_back_exactly():
    assert np.array_equal(read_picture(encoded(RGB, "WEBP", lossless=True)).pixels, RGB)


@pytest.mark.parametrize(
    ("form", "options"), [("JPEG", {}), ("JPEG", {"progressive": True}), ("WEBP", {"quality": 90})]
)
def test_lossy_pixels_are_those_that_pillow_decodes(form, options):
    data = encoded(SMOOTH, form, **options)
    pixels = read_picture(data).pixels
    assert np.array_equal(pixels, np.asarray(Image.open(io.BytesIO(data)).convert("RGB")))
    assert np.abs(pixels - SMOOTH.astype(int)).max() < 9


def test_a_grey_jpeg_is_grey():
    assert read_picture(encoded(SMOOTH[..., 0], "JPEG")).pixels.shape == SMOOTH.shape[:2]


@pytest.mark.parametrize("form", ["JPEG", "TIFF"])
def test_ink_becomes_colour(form):
    cyan_and_paper = Image.fromarray(
        np.array([[[255, 0, 0, 0]] * 8, [[0, 0, 0, 0]] * 8] * 8, np.uint8).repeat(8, 0), "CMYK"
    )
    pixels = read_picture(encoded(cyan_and_paper, form)).pixels
    assert np.abs(pixels[[0, 8], 0] - np.array([[0, 255, 255], [255, 255, 255]])).max() < 6


@pytest.mark.parametrize("levels", [GREY, SIXTEEN], ids=["8 bits", "16 bits"])
def test_an_interlaced_png_is_read(levels):
    picture = read_picture(interlaced_png(levels))
    assert np.array_equal(picture.pixels if levels is GREY else picture.stored, levels)


# 16 bits


@pytest.mark.parametrize(
    "data",
    [encoded(SIXTEEN, "PNG"), encoded(SIXTEEN, "TIFF"), encoded(SIXTEEN.astype(">u2"), "TIFF")],
    ids=["PNG", "TIFF", "TIFF, high byte first"],
)
def test_16_bit_grey_is_kept_and_scaled_to_8_bits(data):
    picture = read_picture(data)
    assert np.array_equal(picture.stored, SIXTEEN)
    assert np.array_equal(picture.pixels, scaled(SIXTEEN))
    assert codes(picture) == ["scaled"]


def test_the_two_tiffs_of_16_bits_have_the_two_byte_orders():
    assert [encoded(SIXTEEN.astype(order), "TIFF")[:2] for order in ("<u2", ">u2")] == [b"II", b"MM"]


def test_every_16_bit_level_is_scaled_by_the_rule():
    every = np.arange(65_536, dtype=np.uint16).reshape(256, 256)
    pixels = read_picture(every).pixels
    assert np.array_equal(pixels, scaled(every))
    assert np.array_equal(pixels[::1, :].ravel()[257 * np.arange(256)], np.arange(256))


def test_the_transparent_level_of_16_bit_grey_is_white_and_its_alpha_0():
    clear = int(SIXTEEN[2, 3])
    picture = read_picture(encoded(SIXTEEN, "PNG", transparency=clear))
    assert np.array_equal(picture.alpha, np.where(clear == SIXTEEN, 0, 255))
    assert np.array_equal(picture.pixels, np.where(clear == SIXTEEN, 255, scaled(SIXTEEN)))
    assert np.array_equal(picture.stored, SIXTEEN)
    assert codes(picture) == ["scaled", "flattened"]


# Transparency


@pytest.mark.parametrize(
    ("data", "colours"),
    [
        (encoded(np.dstack([GREY, ALPHA]), "PNG"), np.dstack([GREY] * 3)),
        (encoded(RGBA, "PNG"), RGB),
        (encoded(RGBA, "TIFF"), RGB),
        (encoded(RGBA, "WEBP", lossless=True, exact=True), RGB),
        (RGBA, RGB),
        (Image.fromarray(RGBA), RGB),
    ],
    ids=["grey PNG", "PNG", "TIFF", "WebP", "array", "Pillow"],
)
def test_transparency_is_flattened_over_white_and_kept_as_alpha(data, colours):
    picture = read_picture(data)
    assert np.array_equal(picture.alpha, ALPHA)
    assert np.abs(picture.pixels - over_white(colours, ALPHA)).max() <= 1
    assert codes(picture) == ["flattened"]


def test_opaque_pixels_keep_their_colour_and_clear_ones_are_white():
    pixels = np.dstack([RGB, np.where(GREY > 99, 255, 0).astype(np.uint8)])
    assert np.array_equal(read_picture(encoded(pixels, "PNG")).pixels, np.where((GREY > 99)[..., None], RGB, 255))


def test_premultiplied_grey_is_flattened_over_white():
    premultiplied = (GREY * (ALPHA / 255)).astype(np.uint8)
    picture = read_picture(tiff(np.dstack([premultiplied, ALPHA]), photometric=1, extra=1))
    assert picture.origin.mode == "La"
    assert np.abs(picture.pixels[..., 0] - (premultiplied + 255.0 - ALPHA)).max() <= 1


@pytest.mark.parametrize(
    ("image", "clear"),
    [(GREY, int(GREY[1, 1])), (RGB, tuple(RGB[1, 1].tolist()))],
    ids=["grey", "RGB"],
)
def test_the_transparent_colour_of_a_png_is_white(image, clear):
    picture = read_picture(encoded(image, "PNG", transparency=clear))
    where = np.all(np.atleast_3d(image) == clear, axis=2)
    expected = np.where(where[..., None], 255, np.broadcast_to(np.atleast_3d(image), (9, 12, 3)))
    assert np.array_equal(picture.pixels, expected)
    assert np.array_equal(picture.alpha, np.where(where, 0, 255))


def test_alpha_that_is_255_throughout_leaves_nothing_to_flatten():
    picture = read_picture(encoded(np.dstack([RGB, np.full_like(ALPHA, 255)]), "PNG"))
    assert (np.array_equal(picture.pixels, RGB), codes(picture)) == (True, [])


# Palettes


@pytest.mark.parametrize("form", ["PNG", "GIF", "BMP", "TIFF"])
def test_a_palette_gives_its_colours_and_keeps_its_indices(form):
    picture = read_picture(encoded(palette_image(INDICES, COLOURS), form))
    assert np.array_equal(picture.pixels, COLOURS[INDICES])
    assert np.array_equal(picture.stored, INDICES)


@pytest.mark.parametrize("form", ["PNG", "GIF"])
def test_a_transparent_colour_of_a_palette_is_white_and_its_index_is_kept(form):
    picture = read_picture(encoded(palette_image(INDICES, COLOURS), form, transparency=2))
    assert np.array_equal(picture.pixels, np.where((INDICES == 2)[..., None], 255, COLOURS[INDICES]))
    assert np.array_equal(picture.alpha, np.where(INDICES == 2, 0, 255))
    assert np.array_equal(picture.stored, INDICES)


def test_a_palette_with_an_alpha_for_each_colour_is_flattened():
    alphas = np.array([0, 50, 100, 150, 200, 255], np.uint8)
    picture = read_picture(encoded(palette_image(INDICES, COLOURS), "PNG", transparency=alphas.tobytes()))
    assert np.array_equal(picture.alpha, alphas[INDICES])
    assert np.abs(picture.pixels - over_white(COLOURS[INDICES], alphas[INDICES])).max() <= 1


def test_a_palette_with_an_alpha_for_each_pixel_keeps_its_indices():
    colour_map = [0] * 768
    for index, colour in enumerate(COLOURS):
        for channel in range(3):
            colour_map[256 * channel + index] = int(colour[channel]) * 257
    data = tiff(np.dstack([INDICES, ALPHA]), photometric=3, extra=2, colour_map=tuple(colour_map))
    picture = read_picture(data)
    assert (picture.origin.mode, np.array_equal(picture.stored, INDICES)) == ("PA", True)
    assert np.abs(picture.pixels - over_white(COLOURS[INDICES], ALPHA)).max() <= 1


# Orientation


@pytest.mark.parametrize("orientation", UPRIGHT)
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_picture_is_turned_upright(form, orientation):
    options = {"WEBP": {"lossless": True}, "JPEG": {"quality": 95, "subsampling": 0}}.get(form, {})
    as_stored = read_picture(encoded(SMOOTH, form, **options)).pixels
    turned = {"tiffinfo": {ORIENTATION: orientation}} if form == "TIFF" else {"exif": exif(orientation)}
    picture = read_picture(encoded(SMOOTH, form, **options, **turned))
    assert np.array_equal(picture.pixels, UPRIGHT[orientation](as_stored))


@pytest.mark.parametrize("orientation", UPRIGHT)
def test_alpha_indices_and_16_bit_levels_turn_with_the_picture(orientation):
    turn = UPRIGHT[orientation]
    of_alpha = read_picture(encoded(RGBA, "PNG", exif=exif(orientation)))
    of_palette = read_picture(encoded(palette_image(INDICES, COLOURS), "PNG", exif=exif(orientation)))
    of_sixteen = read_picture(encoded(SIXTEEN.astype(">u2"), "TIFF", tiffinfo={ORIENTATION: orientation}))
    assert np.array_equal(of_alpha.alpha, turn(ALPHA))
    assert np.array_equal(of_palette.stored, turn(INDICES))
    assert np.array_equal(of_sixteen.stored, turn(SIXTEEN))


def test_an_image_that_pillow_opened_is_turned_upright_too():
    data = encoded(RGB, "PNG", exif=exif(6))
    assert np.array_equal(read_picture(Image.open(io.BytesIO(data))).pixels, np.rot90(RGB, -1))


@pytest.mark.parametrize(
    "metadata",
    [
        b"Exif\0\0",
        b"Exif\0\0II*\0\x08\0\0\0\xff\xff",
        b"Exif\0\0XXXXXXXXXX",
        b"Exif\0\0MM\0*\0\0\0\x08\0\1\x01\x12\0\3",
    ],
)
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_damaged_metadata_leaves_the_picture_whole_and_nobody_is_warned(form, metadata):
    options = {"lossless": True} if form == "WEBP" else {}
    expected = read_picture(encoded(SMOOTH, form, **options)).pixels
    assert np.array_equal(read_picture(encoded(SMOOTH, form, exif=metadata, **options)).pixels, expected)


def test_metadata_that_cannot_be_written_anew_is_no_reason_to_refuse():
    odd = Image.Exif()
    odd[ORIENTATION], odd[0x11A] = 6, 1.5
    data = odd.tobytes()
    rational_as_text = data.replace(struct.pack(">HH", 0x11A, 5), struct.pack(">HH", 0x11A, 10))
    assert rational_as_text != data
    assert read_picture(encoded(RGB, "PNG", exif=rational_as_text)).width == 9


# Several frames


@pytest.mark.parametrize(
    "data",
    [
        encoded(frames(40, 90, 200)[0], "GIF", save_all=True, append_images=frames(90, 200)),
        encoded(frames(40)[0], "PNG", save_all=True, append_images=frames(90, 200)),
        encoded(frames(40)[0], "WEBP", save_all=True, append_images=frames(90, 200), lossless=True),
        encoded(frames(40)[0], "TIFF", save_all=True, append_images=frames(90, 200)),
        encoded(frames(40)[0], "MPO", save_all=True, append_images=frames(90, 200)),
    ],
    ids=["GIF", "PNG", "WebP", "TIFF", "MPO"],
)
def test_the_first_of_several_frames_is_taken_and_noted(data):
    picture = read_picture(data)
    assert np.array_equal(picture.pixels, np.full((9, 12, 3), 40))
    assert codes(picture) == ["first-frame"]


def test_a_jpeg_with_a_preview_behind_it_is_a_jpeg():
    data = encoded(frames(40)[0], "MPO", save_all=True, append_images=frames(90))
    assert read_picture(data).origin.format == "JPEG"


# Where pictures come from


def test_path_bytes_and_file_give_one_picture(tmp_path):
    data = encoded(RGB, "PNG")
    path = tmp_path / "picture.jpg"  # the content is judged, not the name
    path.write_bytes(data)
    with path.open("rb") as file:
        pictures = [read_picture(source) for source in (data, path, str(path), file)]
    assert [picture.origin.id for picture in pictures] == [hashlib.sha256(data).hexdigest()] * 4
    assert all(np.array_equal(picture.pixels, RGB) for picture in pictures)
    assert {(picture.origin.format, picture.origin.bytes) for picture in pictures} == {("PNG", len(data))}


def test_a_picture_is_taken_as_it_is():
    picture = read_picture(RGB)
    assert read_picture(picture) is picture


def test_a_path_that_is_not_there_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_picture(tmp_path / "absent.png")


@pytest.mark.parametrize(
    ("array", "pixels"),
    [
        (GREY, GREY),
        (GREY[..., None], GREY),
        (RGB, RGB),
        (RGB[::-1, ::2], RGB[::-1, ::2]),
        (GREY > 99, np.where(GREY > 99, 255, 0)),
        (SIXTEEN, scaled(SIXTEEN)),
        (SIXTEEN.astype(">u2"), scaled(SIXTEEN)),
    ],
    ids=["grey", "one channel", "RGB", "view", "bool", "uint16", "uint16, high byte first"],
)
def test_an_array_gives_its_pixels(array, pixels):
    assert np.array_equal(read_picture(array).pixels, pixels)


@pytest.mark.parametrize(
    "source",
    [
        GREY.astype(np.int64), GREY.astype(np.float32), GREY.astype(np.int8), RGB.astype(np.uint16),
        RGBA[..., :2], GREY[0], GREY[None, None], np.zeros((0, 4), np.uint8), [[1, 2]], None, 7, io.StringIO("text"),
    ],
)  # fmt: skip
def test_anything_else_in_memory_is_a_type_error(source):
    with pytest.raises(TypeError, match=r"a picture"):
        read_picture(source)


@pytest.mark.parametrize(
    "mode", ["1", "L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBa", "CMYK", "YCbCr", "HSV", "I;16"]
)
def test_every_mode_of_pillow_with_up_to_16_bits_is_read(mode):
    assert (read_picture(Image.new(mode, (3, 2))).width, read_picture(Image.new(mode, (3, 2))).height) == (3, 2)


# Refusals


@pytest.mark.parametrize(("mode", "words"), [("I", "32-bit integer"), ("F", "floating-point"), ("LAB", "Lab colour")])
def test_levels_of_another_kind_are_refused_in_words(mode, words):
    for source in (Image.new(mode, (3, 2)), encoded(Image.new(mode, (3, 2)), "TIFF")):
        with pytest.raises(UnreadablePicture, match=f"this is a {words} picture"):
            read_picture(source)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"width,height\n3,4\n", "looks like text"),
        (b"%PDF-1.7\n\0\1", "looks like a PDF"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "looks like an SVG drawing"),
        (b'\n<?xml version="1.0"?><svg/>', "looks like XML or an SVG drawing"),
        (b"<!doctype html>", "looks like a web page"),
        (b"PK\3\4", "looks like a ZIP archive"),
        (b"\0\0\0\x20ftypavif", "looks like an AVIF picture"),
        (b"\0\0\0\x18ftypheic", "looks like an HEIC picture"),
        (b"\0\0\0\x20ftypisom", "looks like a video"),
        (b"\0\0\1\0\1\0", "looks like an icon"),
        (b"\x89PNG\r\n\x1a\n\0\0", "looks like a PNG that is damaged or cut off"),
        (bytes(range(1, 200)), "has none of their signatures"),
    ],
)
def test_a_file_that_is_no_picture_is_refused_with_what_it_looks_like(data, words):
    with pytest.raises(UnreadablePicture, match=rf"it {words}.*Use PNG, JPEG, WebP, TIFF, BMP or GIF\."):
        read_picture(data)


@pytest.mark.parametrize("form", ["ICO", "PPM", "PCX", "TGA", "ICNS", "JPEG2000", "AVIF", "SGI", "PDF"])
def test_formats_that_are_not_on_the_list_are_refused_though_pillow_reads_them(form):
    with pytest.raises(UnreadablePicture, match="not a picture we can read"):
        read_picture(encoded(frames(40)[0].resize((16, 16)), form))


_ROWS = png_chunk(b"IDAT", zlib.compress(bytes(6 * 9)))
_TEXT = png_chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(2**21)))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (png_header(8, 6, colour=3) + _ROWS, "its parts contradict each other"),
        (png_header(8, 6) + _TEXT + _ROWS, "its texts are too long"),
        (encoded(RGB, "PNG")[:80], "image file is truncated"),
        (encoded(RGB, "WEBP")[:60], "its parts contradict each other"),
    ],
    ids=["no palette", "text that unpacks to megabytes", "half of the data", "half of a WebP"],
)
def test_a_damaged_picture_is_refused_in_words_for_people(data, words):
    with pytest.raises(UnreadablePicture, match=rf"^this picture is damaged or cut off \({words}[^_'\"<>]*$"):
        read_picture(data)


def test_a_picture_that_memory_does_not_hold_is_refused_in_words():
    code = """
import resource
from files import png_chunk, png_header
from crosspatch import UnreadablePicture, read_picture
resource.setrlimit(resource.RLIMIT_DATA, (2**28, 2**28))
try:
    read_picture(png_header(12000, 12000, colour=6) + png_chunk(b"IDAT", b""))
except UnreadablePicture as fault:
    print(fault)
"""
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, cwd=Path(__file__).parent, check=False
    )
    assert "it takes more memory than there is" in run.stdout, run.stderr


FILES = {
    "PNG": encoded(RGB, "PNG"),
    "palette PNG": encoded(palette_image(INDICES, COLOURS), "PNG", transparency=2),
    "JPEG": encoded(SMOOTH[:8, :8], "JPEG", exif=exif(6)),
    "progressive JPEG": encoded(SMOOTH[:8, :8], "JPEG", progressive=True),
    "WebP": encoded(RGBA, "WEBP", lossless=True),
    "TIFF": encoded(RGB, "TIFF"),
    "G4 TIFF": encoded(GREY > 99, "TIFF", compression="group4"),
    "LZW TIFF": encoded(SIXTEEN, "TIFF", compression="tiff_lzw"),
    "BMP": encoded(RGB, "BMP"),
    "GIF": encoded(palette_image(INDICES, COLOURS), "GIF"),
    "animated GIF": encoded(frames(40)[0], "GIF", save_all=True, append_images=frames(90, 200)),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_cut_off_anywhere_is_refused_or_still_whole(name):
    data, whole = FILES[name], read_picture(FILES[name]).pixels
    for length in range(len(data)):
        try:
            pixels = read_picture(data[:length]).pixels
        except UnreadablePicture:
            continue
        assert np.array_equal(pixels, whole), length


def _is_read(data):
    try:
        return read_picture(data).width > 0
    except UnreadablePicture:
        return False


@pytest.mark.parametrize("form", ["GIF", "PNG", "TIFF"])
def test_a_file_cut_off_behind_its_first_frame_is_read_to_there(form):
    first, *others = [image.convert("P") for image in frames(40, 90, 200)]
    data = encoded(first, form, save_all=True, append_images=others)
    shortest = next(length for length in range(len(data)) if _is_read(data[:length]))
    assert shortest < len(data) - 90
    for length in range(shortest, len(data)):
        assert np.array_equal(read_picture(data[:length]).pixels, read_picture(data).pixels), length


@pytest.mark.parametrize("name", FILES)
@given(st.data())
def test_a_damaged_file_is_read_or_refused_and_never_anything_else(name, data):
    damaged = bytearray(FILES[name])
    for _ in range(data.draw(st.integers(1, 5))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        picture = read_picture(bytes(damaged), limits=Limits(pixels=10**6))
    except (UnreadablePicture, PictureTooLarge):
        return
    assert picture.pixels.dtype == np.uint8
    assert picture.width * picture.height <= 10**6


@given(
    st.binary(max_size=200),
    st.sampled_from(
        [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBP", b"II*\0", b"MM\0*", b"BM", b"GIF89a"]
    ),
)
def test_bytes_at_random_behind_any_signature_are_refused_and_never_anything_else(data, signature):
    with contextlib.suppress(UnreadablePicture, PictureTooLarge):
        read_picture(signature + data, limits=Limits(pixels=10**6))


# Limits


@pytest.mark.parametrize("limits", [Limits(pixels=107), Limits(side_px=11), Limits(aspect=1), Limits(file_bytes=60)])
def test_a_picture_beyond_a_limit_is_refused(limits):
    with pytest.raises(PictureTooLarge, match=r"12x9 px|MiB"):
        read_picture(encoded(RGB, "PNG"), limits=limits)


@pytest.mark.parametrize("source", [RGB, RGBA, Image.fromarray(RGB)], ids=["array", "RGBA array", "Pillow"])
def test_what_is_in_memory_is_limited_too(source):
    with pytest.raises(PictureTooLarge, match="12x9 px"):
        read_picture(source, limits=Limits(side_px=11))


def test_a_picture_at_its_limits_is_read():
    data = encoded(RGB, "PNG")
    limits = Limits(file_bytes=len(data), pixels=108, side_px=12, aspect=2)
    assert read_picture(data, limits=limits).width == 12


def test_the_size_is_judged_by_the_header_before_a_pixel_is_decoded():
    with pytest.raises(PictureTooLarge, match="9000x9000 px"):
        read_picture(png_header(9000, 9000) + png_chunk(b"IDAT", b"nothing"), limits=Limits(pixels=10**7))


def test_more_pixels_than_pillow_decodes_are_too_large_without_any_limit():
    with pytest.raises(PictureTooLarge, match="178 megapixels"):
        read_picture(png_header(60_000, 60_000) + png_chunk(b"IDAT", b"nothing"))


def test_many_pixels_warn_nobody():
    data = png_header(12_000, 9000) + png_chunk(b"IDAT", b"nothing")
    with warnings.catch_warnings(record=True, action="always") as caught, pytest.raises(UnreadablePicture):
        read_picture(data)
    assert caught == []
