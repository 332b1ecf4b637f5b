"""A second picture: brought as test, compared whole or by one rectangle, taken away again, and never mixed up."""

from __future__ import annotations

import base64
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from browser.journey import COMPARISONS, Journey, Visit
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Route, expect

import crosspatch

IMAGES = "**/api/v1/images"
WIDTH, HEIGHT = 200, 150
PLACED = {"rectangle_width": 60, "rectangle_height": 40, "truth_x": 20, "truth_y": 30}
NOT_A_PICTURE = {"name": "notes.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 and nothing to see"}
WHOLE, BY_RECTANGLE = "Truth and test compared whole", "Compared by one rectangle"

Mask = Callable[..., Path]


@pytest.fixture
def mask(tmp_path: Path) -> Mask:
    """A file of pixels that take some values; another seed gives another mask."""

    def make(name: str, seed: int, values: tuple[int, ...] = (0, 255), size: tuple[int, int] = (WIDTH, HEIGHT)) -> Path:
        width, height = size
        coarse = np.random.default_rng(seed).choice(np.array(values, np.uint8), (height // 10 + 1, width // 10 + 1))
        pixels: NDArray[np.uint8] = coarse.repeat(10, axis=0).repeat(10, axis=1)[:height, :width]
        Image.fromarray(pixels).save(tmp_path / name)
        return tmp_path / name

    return make


@pytest.fixture
def truth(mask: Mask) -> Path:
    return mask("truth.png", seed=1)


@pytest.fixture
def test(mask: Mask) -> Path:
    return mask("test.png", seed=2)


def cells(journey: Journey) -> list[str]:
    return journey.page.locator(".cell-count").all_inner_texts()


def counts(*pictures: Path, **asked: Any) -> list[str]:
    """The matrix that the library finds, as the page writes it."""
    return [f"{count:,}" for row in crosspatch.compare(*pictures, **asked).confusion.matrix.tolist() for count in row]


def zone(journey: Journey) -> Any:
    return journey.page.locator("#second")


def choose_mode(journey: Journey, whole: bool) -> None:
    journey.page.locator(f'[name="whole"][value="{"yes" if whole else "no"}"]').check(force=True)


def boxes(journey: Journey) -> dict[str, dict[str, float]]:
    """Where the rectangle is drawn in each picture, in pixels of the resized picture."""
    draw = """(stages) => Object.fromEntries(stages.map((stage) => {
      const outline = stage.querySelector("[data-outline]");
      const line = outline.querySelector(".line");
      const names = ["x", "y", "width", "height"];
      const of = (name) => Math.round(line[name].baseVal.value * 200 / stage.clientWidth);
      return [outline.dataset.outline, Object.fromEntries(names.map((name) => [name, of(name)]))];
    }))"""
    return dict(journey.page.locator("#stage-pair .stage").evaluate_all(draw))


def test_two_masks_are_compared_whole_with_the_numbers_of_the_library(
    journey: Journey, truth: Path, test: Path
) -> None:
    journey.bring(truth)
    with journey.page.expect_request(COMPARISONS) as asked:
        journey.bring_test(test)
    expect(journey.heading).to_have_text(WHOLE)
    expect(journey.heading).to_be_focused()
    expect(journey.page.locator("#answer-figures")).to_have_text("30,000 pixel pairs: both pictures at 200 × 150 px.")
    expect(journey.page.locator("#pairs-words")).to_have_text("Pixels pair by their place in both pictures.")
    assert cells(journey) == counts(truth, test)
    kappa = crosspatch.compare(truth, test).metrics["cohen_kappa"].value
    headline = journey.page.locator(".headline", has_text="Cohen's kappa").locator(".headline-value")
    assert float(headline.inner_text().replace("−", "-")) == pytest.approx(kappa, rel=1e-3)
    assert journey.report()["overlap"] is None
    assert "labels" not in json.loads(asked.value.post_data or "{}"), "of two pictures the server chooses"
    assert journey.state["labels"] == "values"
    assert "rectangle_width" not in journey.state
    expect(journey.page.locator("#picture-name")).to_have_text("truth.png")
    expect(journey.page.locator("#test-name")).to_have_text("test.png")
    expect(journey.page).to_have_title("truth.png and test.png, Crosspatch")


def test_a_mask_and_its_prediction_are_compared_by_one_click(journey: Journey) -> None:
    journey.open()
    journey.page.get_by_role("link", name="A mask and its prediction").click()
    expect(journey.heading).to_have_text(WHOLE)
    expect(journey.page.locator("#test-name")).to_have_text("islands-prediction.png")
    assert len(journey.report()["labels"]["classes"]) == 6


def test_pictures_of_different_sizes_are_told_apart_in_words_and_compared_once_resized(
    journey: Journey, truth: Path, mask: Mask
) -> None:
    other = mask("small.png", seed=2, size=(100, 80))
    journey.bring(truth)
    before, link = cells(journey), journey.page.url
    journey.bring_test(other)
    expect(zone(journey)).to_contain_text("The test picture is 100 × 80 px, the truth 200 × 150.")
    assert (cells(journey), journey.page.url) == (before, link)
    journey.button("Compare both resized to 200 × 150").click()
    expect(journey.heading).to_have_text(WHOLE)
    assert cells(journey) == counts(truth, other, resize=(WIDTH, HEIGHT))
    expect(journey.page.locator("#test-size")).to_have_text("100 × 80")
    expect(journey.page.locator("#second-offer")).to_be_hidden()


def test_a_file_that_is_no_picture_is_refused_in_the_zone_and_nothing_is_lost(
    journey: Journey, truth: Path, test: Path
) -> None:
    journey.refusals = True
    journey.restore_pair(truth, test)
    before, link = cells(journey), journey.page.url
    journey.bring_test(NOT_A_PICTURE)
    expect(journey.page.locator("#problem-test")).to_contain_text("This file is not a picture we can read")
    expect(journey.page.locator("#test-file")).to_have_attribute("aria-invalid", "true")
    assert (cells(journey), journey.page.url) == (before, link)
    expect(journey.heading).to_have_text(WHOLE)


@pytest.mark.parametrize("zone_id", ["second", "drop-test"])
def test_a_drop_on_the_zone_is_the_test_picture_and_elsewhere_the_first(
    journey: Journey, truth: Path, test: Path, zone_id: str
) -> None:
    give = """([id, name, data]) => {
      const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([bytes], name));
      const place = id ? document.getElementById(id) : document.body;
      for (const kind of ["dragover", "drop"]) {
        place.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
      }
    }"""
    journey.bring(truth)
    journey.page.evaluate(give, [zone_id, "dropped.png", base64.b64encode(test.read_bytes()).decode()])
    expect(journey.page.locator("#test-name")).to_have_text("dropped.png")
    expect(journey.page.locator("#drop-veil")).to_be_hidden()
    expect(journey.heading).to_have_text(WHOLE)
    assert cells(journey) == counts(truth, test)
    journey.page.evaluate(give, ["", "first.png", base64.b64encode(test.read_bytes()).decode()])
    expect(journey.page.locator("#picture-name")).to_have_text("first.png")
    expect(journey.page.locator("#test-line")).to_be_hidden()


@pytest.mark.parametrize("placed", [{}, PLACED], ids=["whole", "one rectangle"])
def test_the_link_restores_two_pictures(visit: Visit, truth: Path, test: Path, placed: dict[str, int]) -> None:
    journey, other = visit(), visit()
    journey.restore_pair(truth, test, ignore=7, **placed)
    expect(journey.heading).to_have_text(BY_RECTANGLE if placed else WHOLE)
    assert int(journey.state.get("truth_x", 0)) == placed.get("truth_x", 0)
    other.open(journey.page.url.removeprefix(f"{journey.address}/"))
    other.wait_for_numbers()
    expect(other.heading).to_have_text(journey.heading.inner_text())
    assert other.state == journey.state
    assert cells(other) == cells(journey)
    expect(other.page.locator("#test-name")).to_have_text("test.png")


def test_a_link_whose_pictures_are_gone_asks_for_each_by_name_and_takes_no_other(
    journey: Journey, visit: Visit, truth: Path, test: Path
) -> None:
    journey.restore_pair(truth, test, **PLACED)
    journey.wait_for(labels="values")
    state, numbers, fragment = journey.state, cells(journey), journey.page.url.removeprefix(f"{journey.address}/")
    journey.button("Remove both").click()
    expect(journey.page.locator("#bring")).to_be_visible()

    other = visit()
    other.refusals = True
    other.open(fragment)
    expect(other.page.locator("#bring-lead")).to_contain_text("no longer has truth.png")
    other.choose(test)
    expect(other.page.locator("#problem-file")).to_contain_text("This is not the picture of the link")
    other.choose(truth)
    expect(other.page.locator("#bring-lead")).to_contain_text("no longer has test.png")
    other.choose(truth)
    expect(other.page.locator("#problem-file")).to_contain_text("This is not the picture of the link")
    other.choose(test)
    expect(other.heading).to_have_text(BY_RECTANGLE)
    assert (other.state, cells(other)) == (state, numbers)


def test_swap_makes_the_truth_picture_the_test(journey: Journey, truth: Path, test: Path) -> None:
    journey.restore_pair(truth, test)
    image, test_image = journey.state["image"], journey.state["test_image"]
    journey.button("Swap").click()
    journey.wait_for(image=test_image, test_image=image)
    expect(journey.page.locator("#picture-name")).to_have_text("test.png")
    expect(journey.page.locator(".half-truth .half-name")).to_have_text("test.png")
    expect(journey.page.locator(".half-truth img")).to_have_attribute("src", re.compile(test_image))
    assert cells(journey) == counts(test, truth)


def test_one_rectangle_moves_in_both_pictures(journey: Journey, truth: Path, test: Path) -> None:
    journey.restore_pair(truth, test, **PLACED)
    expect(journey.heading).to_have_text(BY_RECTANGLE)
    expect(journey.page.locator("#answer-figures")).to_contain_text("60 × 40 px at 20, 30 in both pictures")
    grip = journey.page.locator('[data-grip="test"]:visible').bounding_box()
    scale = journey.page.locator(".half-test .stage").bounding_box()["width"] / WIDTH
    x, y = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
    held: list[Route] = []
    journey.wait_for_intervals()
    journey.page.route(COMPARISONS, lambda route: route.continue_() if held else held.append(route))
    journey.page.mouse.move(x, y)
    journey.page.mouse.down()
    journey.page.mouse.move(x + 50 * scale, y + 25 * scale, steps=4)
    box = {"x": 70, "y": 55, "width": 60, "height": 40}
    assert boxes(journey) == {"truth": box, "test": box}, "nothing waits for the server"
    held[0].continue_()
    journey.page.mouse.up()
    journey.wait_for(truth_x=70, truth_y=55)
    expect(journey.page.locator("#answer-figures")).to_contain_text("at 70, 55 in both pictures")
    assert cells(journey) == counts(truth, test, rectangle=(60, 40), truth=(70, 55))
    journey.page.locator(".half-truth .stage").focus()
    journey.page.keyboard.press("Shift+ArrowLeft")
    journey.button("Down").click()
    journey.wait_for(truth_x=60, truth_y=56)
    assert "test_x" not in journey.state


def test_whole_pictures_and_one_rectangle_are_a_choice(journey: Journey, truth: Path, test: Path) -> None:
    journey.restore_pair(truth, test)
    for name in ("#new-pair", "#place", "#arrows", "#chosen-rectangle", "#stage-frame"):
        expect(journey.page.locator(name)).to_be_hidden()
    expect(journey.page.locator(".half-truth .stage")).to_have_role("img")
    choose_mode(journey, whole=False)
    expect(journey.heading).to_have_text(BY_RECTANGLE)
    journey.wait_for(rectangle_width=50, rectangle_height=50)
    seed = journey.state["seed"]
    journey.button("New place").click()
    expect(journey.page.locator("#settings-gist")).not_to_contain_text(f"seed {seed}")
    choose_mode(journey, whole=True)
    expect(journey.heading).to_have_text(WHOLE)
    assert "rectangle_width" not in journey.state
    journey.button("Undo").click()
    expect(journey.heading).to_have_text(BY_RECTANGLE)


def test_a_level_is_ignored(journey: Journey, mask: Mask) -> None:
    truth, test = mask("truth.png", 1, (0, 90, 255)), mask("test.png", 2, (0, 90, 255))
    journey.restore_pair(truth, test)
    part = journey.unfold("settings")
    part.get_by_label("Ignore levels").fill("255")
    part.get_by_label("Ignore levels").press("Enter")
    journey.wait_for(ignore=255)
    expect(journey.page.locator("#pairs-words")).to_contain_text("are left out: level 255 ignored.")
    report = crosspatch.compare(truth, test, ignore=255)
    total = int(report.confusion.matrix.sum())
    left = f"{WIDTH * HEIGHT - total:,} of {WIDTH * HEIGHT:,} are left out"
    expect(journey.page.locator("#pairs-words")).to_contain_text(left)
    assert journey.report()["confusion"]["matrix"] == report.confusion.matrix.tolist()
    expect(journey.page.locator("#settings-gist")).to_contain_text("without 255")


@pytest.mark.parametrize("words", ["300", "-1", "some", "1.5"])
def test_a_level_that_cannot_be_is_told_beside_its_field_and_not_sent(
    journey: Journey, truth: Path, test: Path, words: str
) -> None:
    journey.restore_pair(truth, test)
    field = journey.unfold("settings").get_by_label("Ignore levels")
    link = journey.page.url
    field.fill(words)
    field.press("Enter")
    expect(journey.page.locator("#problem-ignore")).to_have_text("Give grey levels from 0 to 255, with commas between.")
    expect(field).to_have_attribute("aria-invalid", "true")
    assert journey.page.url == link


def test_classes_get_names_as_many_as_they_are(journey: Journey, truth: Path, test: Path) -> None:
    journey.restore_pair(truth, test)
    field = journey.unfold("settings").get_by_label("Class names")
    field.fill("sea, land, sky")
    journey.button("Compare").click()
    expect(journey.page.locator("#problem-class_names")).to_contain_text("3 names for 2 classes")
    assert "class_names" not in journey.state
    field.fill("sea, land")
    journey.button("Compare").click()
    expect(journey.page.locator('.binary [data-class="1"]').first).to_have_text("land")
    expect(journey.page.locator("#problem-class_names")).to_be_hidden()
    assert journey.report()["labels"]["classes"] == ["sea", "land"]


def test_two_expired_pictures_are_sent_again_without_a_word(journey: Journey, truth: Path, test: Path) -> None:
    journey.refusals = True
    journey.bring(truth)
    journey.bring_test(test)
    expect(journey.heading).to_have_text(WHOLE)
    journey.wait_for_intervals()
    ids = [journey.state[name] for name in ("image", "test_image")]
    for image in ids:
        assert journey.page.request.delete(f"{journey.address}/api/v1/images/{image}").ok
    choose_mode(journey, whole=False)
    expect(journey.heading).to_have_text(BY_RECTANGLE)
    expect(journey.notice).to_be_hidden()
    assert all(journey.page.request.get(f"{journey.address}/api/v1/images/{image}").ok for image in ids)


def test_of_two_expired_pictures_without_files_each_is_asked_for(journey: Journey, truth: Path, test: Path) -> None:
    journey.refusals = True
    journey.restore_pair(truth, test)
    before = cells(journey)
    for name in ("image", "test_image"):
        journey.page.request.delete(f"{journey.address}/api/v1/images/{journey.state[name]}")
    journey.button("Swap").click()
    for path in (test, truth):
        expect(journey.notice).to_contain_text(f"Choose {path.name} again to go on")
        assert cells(journey) == before
        with journey.page.expect_file_chooser() as chooser:
            journey.button("Choose the file").click()
        chooser.value.set_files(path)
    expect(journey.notice).to_be_hidden()
    expect(journey.page.locator("#picture-name")).to_have_text("test.png")
    assert cells(journey) == counts(test, truth)


def test_back_to_one_picture_asks_for_what_was_asked_before(journey: Journey, truth: Path, test: Path) -> None:
    journey.restore(truth, width=100, height=75, seed=7, truth_x=3, truth_y=4, test_x=20, test_y=10)
    state, before = journey.state, cells(journey)
    journey.bring_test(test)
    expect(journey.heading).to_have_text(WHOLE)
    test_image = f"{journey.address}/api/v1/images/{journey.state['test_image']}"
    with journey.page.expect_response(test_image):
        journey.button("Back to one picture").click()
    expect(journey.page).not_to_have_url(re.compile("test_image"))
    expect(journey.heading).to_have_text(re.compile("^They"))
    assert (journey.state, cells(journey)) == (state, before)
    assert journey.page.request.get(test_image).status == 404
    for name in ("#test-line", "#test-remove", "#pair-mode", "#stage-pair", "#original-test"):
        expect(journey.page.locator(name)).to_be_hidden()
    expect(journey.page.locator("#stage")).to_be_visible()


def test_bringing_and_removing_are_undone_and_redone(journey: Journey, truth: Path, test: Path) -> None:
    journey.bring(truth)
    alone = cells(journey)
    journey.bring_test(test)
    expect(journey.heading).to_have_text(WHOLE)
    journey.button("Undo").click()
    expect(journey.heading).to_have_text(re.compile("^They"))
    assert cells(journey) == alone
    journey.button("Redo").click()
    expect(journey.heading).to_have_text(WHOLE)
    test_image = journey.state["test_image"]
    with journey.page.expect_response(f"**/api/v1/images/{test_image}"):
        journey.button("Back to one picture").click()
    expect(journey.heading).to_have_text(re.compile("^They"))
    journey.button("Undo").click()
    expect(journey.heading).to_have_text(WHOLE)
    assert cells(journey) == counts(truth, test)
    assert journey.state["test_image"] == test_image, "what was removed is sent again"


def test_a_test_picture_that_arrives_too_late_is_dropped(journey: Journey, truth: Path, test: Path) -> None:
    held: list[Route] = []
    journey.bring(truth)
    journey.page.route(IMAGES, lambda route: route.continue_() if held else held.append(route))
    journey.bring_test(test)
    expect(journey.page.locator("#second-progress")).to_be_visible()
    journey.choose(test)
    expect(journey.page.locator("#picture-name")).to_have_text("test.png")
    held[0].continue_()
    journey.wait_for_intervals()
    expect(journey.page.locator("#test-line")).to_be_hidden()
    assert "test_image" not in journey.state


def test_numbers_of_two_pictures_that_arrive_too_late_are_dropped(journey: Journey, truth: Path, test: Path) -> None:
    held: list[Route] = []
    journey.bring(truth)
    before = cells(journey)
    journey.page.route(COMPARISONS, lambda route: route.continue_() if held else held.append(route))
    with journey.page.expect_request(COMPARISONS):
        journey.bring_test(test)
    journey.button("Undo").click()
    held[0].continue_()
    journey.wait_for_intervals()
    expect(journey.page.locator("#stage-pair")).to_be_hidden()
    expect(journey.heading).to_have_text(re.compile("^They"))
    assert cells(journey) == before
    assert "test_image" not in journey.state


def test_sending_a_test_picture_can_be_cancelled(journey: Journey, truth: Path, test: Path) -> None:
    held: list[Route] = []
    journey.bring(truth)
    journey.page.route(IMAGES, lambda route: held.append(route))
    journey.bring_test(test)
    journey.button("Cancel").click()
    expect(journey.status).to_have_text("Cancelled.")
    expect(journey.page.locator("#second-choose")).to_be_visible()
    expect(journey.heading).to_have_text(re.compile("^They"))
    held[0].abort()


def test_a_chosen_cell_lights_up_in_both_and_the_probe_reads_both(journey: Journey, truth: Path, test: Path) -> None:
    journey.restore_pair(truth, test, **PLACED)
    matrix = journey.report()["confusion"]["matrix"]
    journey.page.locator(".fp .cell").click()
    canvases = journey.page.locator("#stage-pair [data-lit]")
    for canvas in canvases.all():
        expect(canvas).to_be_visible()
        lit = """(canvas) => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)
          .data.filter((value, index) => index % 4 === 3 && value === 255).length"""
        assert canvas.evaluate(lit) == matrix[0][1]
    journey.unfold("regions")
    expect(journey.page.locator("#probe")).to_contain_text("At 30, 20: ")
    journey.page.locator("#regions").focus()
    journey.page.keyboard.press("Shift+ArrowRight")
    levels = [np.asarray(Image.open(path))[30 + 20, 20 + 40] for path in (truth, test)]
    expect(journey.page.locator("#probe")).to_contain_text(f"At 40, 20: truth {levels[0]}, test {levels[1]}: ")


def test_both_originals_are_shown_and_can_be_enlarged(journey: Journey, truth: Path, test: Path) -> None:
    journey.bring(truth)
    journey.bring_test(test)
    for role in ("truth", "test"):
        journey.button(f"Enlarge the original {role} picture").click()
        picture = journey.page.get_by_role("dialog").get_by_role("img", name=f"The original {role} picture")
        expect(picture).to_have_js_property("naturalWidth", WIDTH)
        journey.page.keyboard.press("Escape")


@pytest.mark.parametrize("placed", [{}, PLACED], ids=["whole", "one rectangle"])
def test_curl_and_the_command_line_give_the_same_numbers(
    journey: Journey, truth: Path, test: Path, placed: dict[str, int]
) -> None:
    journey.restore_pair(truth, test, ignore=7, **placed)
    part = journey.unfold("settings")
    part.get_by_label("Class names").fill('it\'s "sea", @land')
    journey.button("Compare").click()
    journey.wait_for(class_names="%40land")
    part = journey.unfold("take")
    matrix = journey.report()["confusion"]["matrix"]
    folder = truth.parent
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for line in (
        part.locator("#take-curl").inner_text(),
        part.locator("#take-command").inner_text() + " --format json",
    ):
        done = subprocess.run(
            ["bash", "-c", line.replace("curl ", "curl -s ", 1)], cwd=folder, env=os.environ | {"PATH": path},
            capture_output=True, text=True, timeout=60, check=True,
        )  # fmt: skip
        report = json.loads(done.stdout)
        assert report["confusion"]["matrix"] == matrix, line
        assert report["labels"]["classes"] == ['it\'s "sea"', "@land"]
        assert report["request"]["intervals"] == "bootstrap"
    assert shlex.split(part.locator("#take-command").inner_text())[:4] == [
        "crosspatch",
        "compare",
        "truth.png",
        "test.png",
    ]
