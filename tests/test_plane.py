"""One channel of the resized picture, in the order that makes two implementations agree."""

from __future__ import annotations

import numpy as np
import pytest
from files import encoded, palette_image
from PIL import Image

from crosspatch import Impossible, Picture, read_picture
from crosspatch.labelling import Rule
from crosspatch.plane import PictureFacts, default_labels, prepare

OTSU, VALUES = Rule("otsu"), Rule("values")


def grey(levels):
    return Picture(np.array([levels], np.uint8))


def test_the_picture_is_resized_in_colour_and_then_reduced_to_luminance(photograph):
    plane = prepare(Picture(photograph), (120, 90), "luminance", OTSU)
    expected = Image.fromarray(photograph).resize((120, 90), Image.Resampling.LANCZOS).convert("L")
    assert np.array_equal(plane.levels, np.asarray(expected))
    assert (plane.width, plane.height) == (120, 90)


def test_transparency_is_flattened_before_the_picture_is_resized(rng):
    pixels = np.where(rng.random((40, 40, 1)) < 0.5, (0, 0, 0, 0), (0, 0, 0, 255)).astype(np.uint8)
    flattened = np.where(pixels[..., 3] == 0, 255, 0).astype(np.uint8)
    expected = Image.fromarray(flattened).resize((13, 9), Image.Resampling.LANCZOS)
    assert np.array_equal(prepare(read_picture(pixels), (13, 9), "luminance", OTSU).levels, np.asarray(expected))


def test_alpha_is_neither_flattened_nor_scaled(rng):
    pixels = rng.integers(0, 256, (5, 7, 4), np.uint8)
    assert np.array_equal(prepare(read_picture(pixels), (7, 5), "alpha", OTSU).levels, pixels[..., 3])


def test_under_values_a_palette_gives_its_indices_and_the_nearest_of_them(rng):
    indices = rng.integers(0, 4, (30, 30), np.uint8)
    picture = read_picture(encoded(palette_image(indices, rng.integers(0, 256, (4, 3), np.uint8)), "PNG"))
    expected = np.asarray(Image.fromarray(indices).resize((11, 7), Image.Resampling.NEAREST))
    assert np.array_equal(prepare(picture, (11, 7), "luminance", VALUES).levels, expected)


def test_under_any_other_labelling_a_palette_gives_its_colours():
    colours = np.array([[0, 0, 0], [255, 255, 255]], np.uint8)
    picture = read_picture(encoded(palette_image(np.array([[0, 1]], np.uint8), colours), "PNG"))
    assert prepare(picture, (2, 1), "red", OTSU).levels.tolist() == [[0, 255]]


def test_the_histogram_counts_the_whole_plane(grey_photograph):
    plane = prepare(Picture(grey_photograph), (64, 48), "luminance", OTSU)
    assert plane.histogram.tolist() == np.bincount(plane.levels.ravel(), minlength=256).tolist()


@pytest.mark.parametrize(
    ("pictures", "labels"),
    [
        ([grey(range(32))], "values"),
        ([grey(range(33))], "otsu"),
        ([grey(range(20)), grey(range(12, 32))], "values"),
        ([grey(range(20)), grey(range(13, 33))], "otsu"),
        ([read_picture(np.array([[0, 1, 2]], np.uint16))], "values"),
        ([read_picture(np.array([[0, 40_000]], np.uint16))], "otsu"),
    ],
)
def test_labels_are_values_by_default_for_at_most_32_levels_in_all_pictures_together(pictures, labels):
    assert str(default_labels(*pictures)) == labels


@pytest.mark.parametrize(("used", "labels"), [(32, "values"), (33, "otsu")])
def test_the_levels_of_a_palette_are_its_indices_whatever_their_colours(used, labels):
    one_colour = np.full((256, 3), 128, np.uint8)
    picture = read_picture(encoded(palette_image(np.arange(used, dtype=np.uint8)[None], one_colour), "PNG"))
    assert str(default_labels(picture)) == labels


def test_the_default_labels_of_alpha_count_the_levels_of_alpha(rng):
    pixels = rng.integers(0, 256, (30, 30, 4), np.uint8)
    pixels[..., 3] = rng.choice([0, 255], (30, 30))
    picture = read_picture(pixels)
    assert [str(default_labels(picture, channel=channel)) for channel in ("alpha", "luminance")] == ["values", "otsu"]


def test_the_default_labels_of_the_alpha_of_an_opaque_picture_are_refused():
    with pytest.raises(Impossible, match="opaque"):
        default_labels(grey([1, 2]), channel="alpha")


def test_facts_tell_of_the_picture_before_resizing(photograph):
    data = encoded(photograph, "PNG")
    facts = prepare(read_picture(data), (9, 9), "red", OTSU).facts.to_dict()
    assert {key: facts[key] for key in ("width", "height", "format", "mode", "bytes")} == {
        "width": 512, "height": 512, "format": "PNG", "mode": "RGB", "bytes": len(data),
    }  # fmt: skip


def test_an_array_has_no_origin():
    assert PictureFacts.of(grey([1, 2, 3])).to_dict() == {
        "id": None, "width": 3, "height": 1, "format": None, "mode": None, "bytes": None,
    }  # fmt: skip
