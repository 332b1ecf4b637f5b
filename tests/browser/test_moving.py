"""Rectangles moved by mouse, finger and key; and every step taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser.journey import Journey, Visit
from playwright.sync_api import expect

PLACES = {"truth_x": 100, "truth_y": 50, "test_x": 300, "test_y": 200}


@pytest.fixture
def placed(journey: Journey, photo: Path) -> Journey:
    """A comparison with both rectangles, 128 x 128, in known places, and truth chosen."""
    journey.restore(photo, **PLACES)
    return journey


def test_typed_positions_place_rectangles(placed: Journey) -> None:
    placed.page.locator('[name="chosen"][value="test"]').check(force=True)
    placed.page.fill("#place-x", "164")
    placed.page.fill("#place-y", "50")
    placed.page.press("#place-y", "Enter")
    placed.wait_for(truth_x=100, truth_y=50, test_x=164, test_y=50)
    expect(placed.heading).to_have_text("They overlap by 50 %")


def test_a_position_outside_is_told_in_words_and_not_sent(placed: Journey) -> None:
    placed.page.fill("#place-x", "400")
    placed.page.press("#place-x", "Enter")
    expect(placed.page.locator("#problem-place")).to_have_text("x is a whole number from 0 to 384.")
    expect(placed.page.locator("#place-x")).to_have_attribute("aria-invalid", "true")
    assert placed.state["truth_x"] == "100"


def test_a_drag_moves_a_rectangle_and_the_overlap_follows_before_the_server(placed: Journey) -> None:
    placed.page.route("**/api/v1/comparisons", lambda route: None)  # the server never answers
    box = placed.page.locator('[data-grip="truth"]').bounding_box()
    scale = box["width"] / 128
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    placed.page.mouse.move(x, y)
    placed.page.mouse.down()
    placed.page.mouse.move(x + 100 * scale, y + 75 * scale)
    placed.page.mouse.move(x + 200 * scale, y + 150 * scale)
    expect(placed.heading).to_have_text("They coincide, by 100 %")
    placed.page.mouse.up()
    assert placed.place("truth") == (300, 200)
    placed.page.unroute_all(behavior="ignoreErrors")


def test_the_numbers_follow_a_drag(placed: Journey) -> None:
    box = placed.page.locator('[data-grip="truth"]').bounding_box()
    scale = box["width"] / 128
    placed.page.mouse.move(box["x"] + 5, box["y"] + 5)
    placed.page.mouse.down()
    placed.page.mouse.move(box["x"] + 5 + 136 * scale, box["y"] + 5 + 86 * scale, steps=8)
    placed.page.mouse.up()
    placed.wait_for(truth_x=236, truth_y=136)
    percent = placed.report()["overlap"]["percent"]
    expect(placed.heading).to_have_text(f"They overlap by {percent:.3g} %")


def test_a_drag_stops_at_the_edge(placed: Journey) -> None:
    box = placed.page.locator('[data-grip="truth"]').bounding_box()
    placed.page.mouse.move(box["x"] + 5, box["y"] + 5)
    placed.page.mouse.down()
    placed.page.mouse.move(2, 2, steps=3)
    placed.page.mouse.up()
    placed.wait_for(truth_x=0, truth_y=0)


def test_a_tap_places_the_chosen_rectangle_on_a_phone(visit: Visit, photo: Path) -> None:
    phone = visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    phone.restore(photo, **PLACES)
    box = phone.stage.bounding_box()
    scale = box["width"] / 512
    phone.page.touchscreen.tap(box["x"] + 120 * scale, box["y"] + 400 * scale)
    expect(phone.page.locator("#place-y")).not_to_have_value("50")
    x, y = phone.place("truth")
    assert max(abs(x - 56), abs(y - 336)) <= 2, "its centre is under the finger"


def test_arrow_keys_move_by_one_pixel_and_with_shift_by_ten(placed: Journey) -> None:
    placed.stage.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowUp", "Shift+ArrowDown", "Shift+ArrowLeft"):
        placed.page.keyboard.press(key)
    placed.wait_for(truth_x=92, truth_y=59)


def test_arrow_buttons_move_the_chosen_rectangle(placed: Journey) -> None:
    placed.page.locator('[name="chosen"][value="test"]').check(force=True)
    for name in ("Left", "Left", "Down"):
        placed.button(name).click()
    placed.wait_for(test_x=298, test_y=201, truth_x=100)


def test_undo_and_redo_take_steps_back_and_forth(placed: Journey) -> None:
    placed.stage.focus()
    placed.page.keyboard.press("Shift+ArrowRight")
    placed.page.keyboard.press("Shift+ArrowRight")
    placed.wait_for(truth_x=120)
    placed.button("Undo").click()
    placed.wait_for(truth_x=100)
    placed.button("Redo").click()
    placed.wait_for(truth_x=120)
    placed.stage.focus()
    placed.page.keyboard.press("Control+z")
    placed.wait_for(truth_x=100)
    expect(placed.button("Redo")).to_have_attribute("aria-disabled", "false")


def test_swap_makes_the_truth_the_test(placed: Journey) -> None:
    placed.button("Swap").click()
    placed.wait_for(truth_x=300, truth_y=200, test_x=100, test_y=50)


@pytest.mark.parametrize("way", ["button", "key"])
def test_a_new_pair_is_drawn_from_a_new_seed(placed: Journey, way: str) -> None:
    seed = placed.state["seed"]
    if way == "button":
        placed.button("New pair").click()
    else:
        placed.stage.focus()
        placed.page.keyboard.press("r")
    expect(placed.page.locator("#settings-gist")).not_to_contain_text(f"seed {seed}")
    expect(placed.button("Undo")).to_have_attribute("aria-disabled", "false")


def test_the_status_line_repeats_the_answer_once_movement_stops(placed: Journey) -> None:
    placed.page.evaluate("""() => {
      window.said = [];
      new MutationObserver(() => said.push(document.querySelector("#status").textContent))
        .observe(document.querySelector("#status"), { childList: true });
    }""")
    placed.stage.focus()
    for _ in range(5):
        placed.page.keyboard.press("Shift+ArrowRight")
    expect(placed.status).to_contain_text("They do not overlap.")
    placed.wait_for(truth_x=150)
    assert len(placed.page.evaluate("() => said")) <= 2
