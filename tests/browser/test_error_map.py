"""The map between the regions: outcomes or the difference of each pair of pixels, on one probe with both regions."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from browser.journey import Journey, Visit
from numpy.typing import NDArray
from playwright.sync_api import expect

SIDE = 128
PLACES = {"truth_x": 100, "truth_y": 50, "test_x": 160, "test_y": 90, "labels": "otsu"}
TOKENS = {
    "light": {"tn": (217, 222, 228), "fp": (184, 74, 0), "fn": (10, 102, 194), "tp": (20, 25, 31)},
    "dark": {"tn": (47, 56, 66), "fp": (255, 149, 64), "fn": (90, 169, 255), "tp": (244, 247, 250)},
}
PIXELS = """(canvas) => {
  const pen = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
  pen.drawImage(canvas, 0, 0);
  return [...pen.getImageData(0, 0, canvas.width, canvas.height).data];
}"""


def shown(journey: Journey) -> NDArray[np.uint8]:
    """The map's pixels (height, width, 4)."""
    return np.array(journey.page.locator("#region-map").evaluate(PIXELS), np.uint8).reshape(SIDE, SIDE, 4)


def regions(journey: Journey) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    url = f"{journey.address}/api/v1/images/{journey.state['image']}/rendition"
    query = {"width": 512, "height": 512, "channel": "luminance", "labels": "otsu", "format": "raw"}
    picture = np.frombuffer(journey.page.request.get(url, params=query).body(), np.uint8).reshape(512, 512)
    state = {name: int(journey.state[name]) for name in ("truth_x", "truth_y", "test_x", "test_y")}
    truth = picture[state["truth_y"] :, state["truth_x"] :][:SIDE, :SIDE]
    test = picture[state["test_y"] :, state["test_x"] :][:SIDE, :SIDE]
    return truth.astype(np.int16), test.astype(np.int16)


def outcomes(journey: Journey, level: int, scheme: str = "light") -> NDArray[np.uint8]:
    """What the map has to show, from the pixels relabelled here."""
    truth, test = (region >= level for region in regions(journey))
    colours = np.array([[TOKENS[scheme]["tn"], TOKENS[scheme]["fp"]], [TOKENS[scheme]["fn"], TOKENS[scheme]["tp"]]])
    return colours[truth.astype(int), test.astype(int)].astype(np.uint8)


def opened(journey: Journey, photo: Path) -> Journey:
    journey.restore(photo, **PLACES)
    journey.wait_for(truth_x=100)
    journey.unfold("regions")
    expect(journey.page.locator("#probe")).not_to_have_text("")
    return journey


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_pixel_has_the_colour_of_its_outcome(visit: Visit, photo: Path, scheme: str) -> None:
    journey = opened(visit(color_scheme=scheme), photo)
    threshold = journey.report()["labels"]["thresholds"][0]
    found = shown(journey)
    np.testing.assert_array_equal(found[..., :3], outcomes(journey, threshold, scheme))
    assert (found[..., 3] == 255).all()
    legend = journey.page.locator("#map-legend li")
    assert legend.all_inner_texts() == ["TN", "FP", "FN", "TP"]
    swatches = legend.locator(".swatch").evaluate_all(
        "(all) => all.map((one) => getComputedStyle(one).backgroundColor)"
    )
    assert swatches == ["rgb({}, {}, {})".format(*colour) for colour in TOKENS[scheme].values()]


def test_the_difference_is_blue_where_truth_is_brighter_and_orange_where_test_is(journey: Journey, photo: Path) -> None:
    opened(journey, photo)
    journey.page.get_by_role("radio", name="Difference").check(force=True)
    truth, test = regions(journey)
    share = (np.abs(test - truth) / 255)[..., None]
    ends = np.where((test < truth)[..., None], TOKENS["light"]["fn"], TOKENS["light"]["fp"])
    neutral = np.array([244, 246, 248])
    expected = neutral + (ends - neutral) * share
    assert np.abs(shown(journey)[..., :3] - expected).max() <= 0.5 + 1e-9
    expect(journey.page.locator("#map-scale")).to_contain_text("−255")
    expect(journey.page.locator("#map-legend")).to_be_hidden()
    expect(journey.page.locator("#map-title")).to_have_text("Difference")


def test_the_probe_reads_the_difference_and_stands_on_all_three_tiles(journey: Journey, photo: Path) -> None:
    opened(journey, photo)
    map_ = journey.page.locator("#region-map")
    pixel_px = map_.bounding_box()["width"] / SIDE
    map_.hover(position={"x": 30.5 * pixel_px, "y": 40.5 * pixel_px})
    truth, test = (region[40, 30] for region in regions(journey))
    difference = str(test - truth).replace("-", "−")
    expect(journey.page.locator("#probe")).to_have_text(
        re.compile(rf"^At 30, 40: truth {truth}, test {test}: (TN|FP|FN|TP); test − truth = {difference}$")
    )
    places = journey.page.locator("#regions .crosshair").evaluate_all("(all) => all.map(({ style }) => style.left)")
    assert places == [f"{100 * 30 / SIDE:.4f}%"] * 3


def test_arrow_keys_choose_what_the_map_shows_and_do_not_move_the_probe(journey: Journey, photo: Path) -> None:
    opened(journey, photo)
    before = journey.page.locator("#probe").inner_text()
    journey.page.get_by_role("radio", name="Outcomes").focus()
    journey.page.keyboard.press("ArrowRight")
    expect(journey.page.get_by_role("radio", name="Difference")).to_be_checked()
    expect(journey.page.locator("#probe")).to_have_text(before)


def test_the_map_follows_the_thresholds_slider(journey: Journey, photo: Path) -> None:
    opened(journey, photo)
    journey.unfold("threshold")
    for level in (0, 60, 180):
        journey.page.locator("#threshold").evaluate(
            "(slider, level) => { slider.value = level; slider.dispatchEvent(new Event('input', { bubbles: true })); }",
            level,
        )
        np.testing.assert_array_equal(shown(journey)[..., :3], outcomes(journey, level))


def test_the_map_follows_a_drag_before_the_hand_lets_go(journey: Journey, photo: Path) -> None:
    opened(journey, photo)
    journey.stage.scroll_into_view_if_needed()
    before = shown(journey)
    box = journey.page.locator('[data-grip="truth"]').bounding_box()
    scale = box["width"] / SIDE
    journey.page.mouse.move(box["x"] + 5, box["y"] + 5)
    journey.page.mouse.down()
    journey.page.mouse.move(box["x"] + 5 + 20 * scale, box["y"] + 5 + 10 * scale, steps=4)
    expect(journey.page.locator("#place-x")).to_have_value("120")
    held = shown(journey)
    assert (held != before).any()
    journey.page.mouse.up()
    journey.wait_for(truth_x=120, truth_y=60)
    np.testing.assert_array_equal(held[..., :3], outcomes(journey, journey.report()["labels"]["thresholds"][0]))


def test_many_classes_agree_or_not(journey: Journey, classes_file: Callable[[int], Path]) -> None:
    journey.bring(classes_file(6))
    journey.unfold("regions")
    expect(journey.page.locator("#map-title")).to_have_text("Agreement")
    assert journey.page.locator("#map-legend li").all_inner_texts() == ["The same class", "Different classes"]
    matrix = np.array(journey.report()["confusion"]["matrix"])
    pixels = journey.page.locator("#region-map").evaluate(PIXELS)
    found = np.array(pixels).reshape(-1, 4)
    assert (found[:, :3] == TOKENS["light"]["tp"]).all(1).sum() == np.trace(matrix)
    assert (found[:, :3] == TOKENS["light"]["tn"]).all(1).sum() == matrix.sum() - np.trace(matrix)
