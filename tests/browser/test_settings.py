"""Settings: a change compares again, and a wrong value is told in words before anything is sent."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser.journey import COMPARISONS, Journey
from PIL import Image
from playwright.sync_api import expect


@pytest.fixture
def settings(journey: Journey, photo: Path) -> Journey:
    journey.restore(photo)
    journey.unfold("settings")
    return journey


def test_a_new_size_keeps_the_aspect_and_compares_again(settings: Journey) -> None:
    settings.page.fill("#set-width", "300")
    settings.page.press("#set-width", "Tab")
    settings.wait_for(width=300, height=300)
    assert settings.report()["resized"] == {"width": 300, "height": 300}
    expect(settings.page.locator("#settings-gist")).to_contain_text("300 × 300, 128 × 128")


def test_without_the_lock_the_sides_are_free(settings: Journey) -> None:
    settings.page.get_by_label("Keep the aspect").uncheck()
    settings.page.fill("#set-width", "400")
    settings.page.press("#set-width", "Tab")
    settings.wait_for(width=400, height=512)


def test_placed_rectangles_stay_inside_a_smaller_picture(settings: Journey) -> None:
    settings.page.fill("#place-x", "384")
    settings.page.press("#place-x", "Enter")
    settings.wait_for(truth_x=384)
    settings.page.fill("#set-width", "256")
    settings.page.press("#set-width", "Tab")
    settings.wait_for(width=256, truth_x=128)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("width", "0", "Give a whole number, 1 or more."),
        ("width", "1.5", "Give a whole number, 1 or more."),
        ("rectangle_width", "513", "The rectangle is wider than the resized picture: give at most 512."),
        ("rectangle_height", "", "Give a whole number, 1 or more."),
        ("seed", "-1", "Give a whole number from 0 to 9007199254740991."),
    ],
)
def test_a_wrong_value_is_told_beside_its_field_and_not_sent(
    settings: Journey, field: str, value: str, words: str
) -> None:
    before = settings.page.url
    place = settings.page.locator(f'#settings [name="{field}"]')
    settings.page.get_by_label("Keep the aspect").uncheck()
    place.fill(value)
    place.press("Enter")
    problem = settings.page.locator(f"#problem-{field}")
    expect(problem).to_have_text(words)
    expect(place).to_have_attribute("aria-invalid", "true")
    expect(place).to_have_attribute("aria-describedby", f"problem-{field}")
    expect(place).to_be_focused()
    assert settings.page.url == before


def test_a_threshold_is_checked_and_can_differ_for_the_test(settings: Journey) -> None:
    settings.page.select_option("#set-labelling", "threshold")
    settings.wait_for(labels="threshold%3A128")
    settings.page.fill("#set-threshold", "300")
    settings.page.press("#set-threshold", "Tab")
    expect(settings.page.locator("#problem-threshold")).to_have_text("Give a whole number from 1 to 255.")
    settings.page.fill("#set-threshold", "100")
    settings.page.fill("#set-test-threshold", "150")
    settings.page.press("#set-test-threshold", "Enter")
    settings.wait_for(labels="threshold%3A100%2C150")
    expect(settings.page.locator("#classes-words")).to_have_text("Bright: truth from level 100, test from level 150.")


def test_what_only_the_server_can_refuse_stands_beside_its_field_too(settings: Journey) -> None:
    settings.refusals = True
    gist = settings.page.locator("#settings-gist").inner_text()
    settings.page.fill("#set-width", "99999")
    settings.page.press("#set-width", "Tab")
    expect(settings.page.locator("#problem-width")).to_contain_text("a side has at most 16,384 px")
    expect(settings.page.locator("#set-width")).to_have_attribute("aria-invalid", "true")
    expect(settings.page.locator("#settings-gist")).to_have_text(gist)
    settings.page.fill("#set-width", "300")
    settings.page.press("#set-width", "Tab")
    settings.wait_for(width=300)
    expect(settings.page.locator("#problem-width")).to_be_hidden()


@pytest.mark.parametrize(("mode", "alpha", "offered"), [("RGB", 255, False), ("RGBA", 255, False), ("RGBA", 9, True)])
def test_alpha_is_offered_where_the_picture_has_it(
    journey: Journey, tmp_path: Path, mode: str, alpha: int, offered: bool
) -> None:
    Image.new(mode, (64, 64), (10, 20, 30, alpha)[: len(mode)]).save(tmp_path / "picture.png")
    journey.bring(tmp_path / "picture.png")
    expect(journey.page.locator('#set-channel [value="alpha"]')).to_be_enabled(enabled=offered)


def test_drawn_rectangles_stay_inside_a_smaller_picture_before_the_answer(journey: Journey, photo: Path) -> None:
    journey.restore(photo, seed=7)
    x, y = journey.place("truth")
    assert (x, y) != (0, 0)
    journey.unfold("settings")
    journey.page.route(COMPARISONS, lambda route: None)  # the server never answers
    journey.page.fill("#set-width", "256")
    journey.page.press("#set-width", "Tab")
    expect(journey.page.locator("#place-x")).to_have_attribute("max", "128")
    now = journey.place("truth")
    assert all(abs(place - min(128, before / 2)) <= 0.5 for place, before in zip(now, (x, y), strict=True))
    expect(journey.page.locator("#problem-place")).to_be_hidden()
    journey.page.unroute_all(behavior="ignoreErrors")


def test_a_typed_seed_draws_that_pair(settings: Journey) -> None:
    settings.page.fill("#set-seed", "7")
    settings.page.press("#set-seed", "Enter")
    settings.wait_for(seed=7)
    rectangle = settings.report()["rectangles"]["truth"]
    assert settings.place("truth") == (rectangle["x"], rectangle["y"])


def test_the_compare_button_compares_again(settings: Journey) -> None:
    with settings.page.expect_response("**/api/v1/comparisons") as answer:
        settings.button("Compare").click()
    assert answer.value.ok


def test_a_move_does_not_wipe_a_setting_that_is_being_mended(settings: Journey) -> None:
    settings.page.fill("#set-rectangle-width", "600")
    settings.page.press("#set-rectangle-width", "Enter")
    settings.button("Swap").click()
    expect(settings.page.locator("#set-rectangle-width")).to_have_value("600")
    expect(settings.page.locator("#problem-rectangle_width")).to_be_visible()


def test_a_link_that_asks_for_the_impossible_says_so_beside_the_field(journey: Journey, photo: Path) -> None:
    journey.refusals = True
    journey.restore(photo)
    journey.open(
        journey.page.url.replace("rectangle_width=128", "rectangle_width=600").removeprefix(f"{journey.address}/")
    )
    expect(journey.page.locator("#problem-rectangle_width")).to_contain_text("does not fit in the 512x512 px picture")
