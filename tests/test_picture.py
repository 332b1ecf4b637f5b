"""A decoded picture: resized, and seen through one channel."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from crosspatch import Impossible, InvalidRequest, Picture, read_picture, resize
from crosspatch.picture import CHANNELS, MAX_RESIZED_PX, count_levels, default_size, few_levels

COLOURS = np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255], [1, 2, 3]], np.uint8)


def pillow(pixels, width, height, method):
    return np.asarray(Image.fromarray(pixels).resize((width, height), method))


@pytest.mark.parametrize("size", [(200, 100), (700, 600), (1, 1), (512, 3)])
def test_resizing_is_lanczos_over_all_pixels(photograph, size):
    resized = resize(Picture(photograph), *size)
    assert np.array_equal(resized.pixels, pillow(photograph, *size, Image.Resampling.LANCZOS))


def test_resizing_without_blending_takes_the_nearest_pixel(photograph):
    resized = resize(Picture(photograph), 100, 70, blend=False)
    assert np.array_equal(resized.pixels, pillow(photograph, 100, 70, Image.Resampling.NEAREST))


def test_resizing_to_the_own_size_changes_nothing(photograph):
    picture = Picture(photograph)
    assert resize(picture, picture.width, picture.height) is picture


def test_resizing_keeps_alpha_and_forgets_stored_values_that_it_would_blend(rng):
    pixels, alpha, stored = rng.integers(0, 256, (3, 8, 6), np.uint8)
    picture = Picture(pixels, alpha, stored)
    blended, kept = resize(picture, 3, 4), resize(picture, 3, 4, blend=False)
    assert np.array_equal(blended.alpha, pillow(alpha, 3, 4, Image.Resampling.LANCZOS))
    assert blended.stored is None
    assert np.array_equal(kept.stored, pillow(stored, 3, 4, Image.Resampling.NEAREST))


def test_resizing_without_blending_keeps_16_bit_levels(rng):
    stored = rng.integers(0, 65_536, (9, 7)).astype(np.uint16)
    kept = resize(read_picture(stored), 4, 5, blend=False).stored
    assert kept.dtype == np.uint16
    assert set(kept.ravel()) <= set(stored.ravel())


@pytest.mark.parametrize(("size", "field"), [((0, 5), "width"), ((5, 0), "height"), ((-1, 5), "width")])
def test_a_size_below_one_pixel_is_refused_by_field(photograph, size, field):
    with pytest.raises(InvalidRequest, match="at least 1x1 px") as refusal:
        resize(Picture(photograph), *size)
    assert refusal.value.field == field


def test_a_size_that_memory_may_not_hold_is_refused(photograph):
    with pytest.raises(Impossible, match="beyond 179 megapixels"):
        resize(Picture(photograph), MAX_RESIZED_PX + 1, 1)


def test_luminance_is_that_of_pillow_and_colour_channels_are_as_stored(photograph):
    picture = Picture(photograph)
    assert np.array_equal(picture.levels("luminance"), np.asarray(Image.fromarray(photograph).convert("L")))
    for index, channel in enumerate(("red", "green", "blue")):
        assert np.array_equal(picture.levels(channel), photograph[..., index])


def test_luminance_is_itu_r_601():
    levels = Picture(COLOURS[None]).levels()
    assert levels.tolist() == [[76, 150, 29, 2]]


@pytest.mark.parametrize("channel", [channel for channel in CHANNELS if channel != "alpha"])
def test_every_channel_of_a_grey_picture_is_its_grey(grey_photograph, channel):
    assert np.array_equal(Picture(grey_photograph).levels(channel), grey_photograph)


def test_the_alpha_of_an_opaque_picture_is_refused_by_field(photograph):
    with pytest.raises(Impossible, match="opaque") as refusal:
        Picture(photograph).levels("alpha")
    assert refusal.value.field == "channel"


def test_stored_levels_above_255_are_refused_by_field():
    picture = read_picture(np.array([[0, 256]], np.uint16))
    with pytest.raises(Impossible, match="this picture holds 256") as refusal:
        picture.levels(stored=True)
    assert refusal.value.field == "labels"


def test_stored_levels_up_to_255_are_unscaled():
    picture = read_picture(np.array([[0, 7, 255]], np.uint16))
    assert (picture.levels(stored=True).tolist(), picture.levels().tolist()) == ([[0, 7, 255]], [[0, 0, 1]])


def test_levels_are_counted_each_once(grey_photograph):
    assert count_levels(grey_photograph).tolist() == np.bincount(grey_photograph.ravel(), minlength=256).tolist()


@pytest.mark.parametrize("levels", [1, 2, 31, 32, 33, 256])
def test_few_levels_are_told_and_more_are_not(rng, levels):
    pixels = rng.permutation(np.resize(np.arange(levels, dtype=np.uint8), 300 * 300)).reshape(300, 300)
    found = few_levels(Picture(pixels), at_most=32)
    assert found == (tuple(range(levels)) if levels <= 32 else None)


def test_one_pixel_of_another_level_is_seen():
    pixels = np.zeros((1000, 1000), np.uint8)
    pixels[501, 333] = 9
    assert few_levels(Picture(pixels), at_most=32) == (0, 9)


def test_sixteen_bit_levels_above_255_are_too_many_to_be_classes():
    assert few_levels(read_picture(np.array([[0, 40_000]], np.uint16)), at_most=32) is None


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        ((512, 512), (512, 512)),
        ((100, 80), (100, 80)),
        ((1024, 512), (512, 256)),
        ((300, 3000), (51, 512)),
        ((9000, 1), (512, 1)),
    ],
)
def test_the_default_size_has_512_pixels_on_the_longest_side_and_is_never_enlarged(size, shown):
    assert default_size(*size) == shown
