"""The page for everyone: axe finds nothing, 320 px do, scripts may be off, and the policy holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser.journey import Journey, Visit
from playwright.sync_api import expect

PARTS = ("settings", "regions", "threshold", "metrics", "chance", "take")


def unfold_all(journey: Journey) -> None:
    """Every part that there is: more than two classes have no threshold."""
    for name in PARTS:
        if journey.page.locator(f"#{name}-part").is_visible():
            journey.unfold(name)


def findings(journey: Journey) -> list[str]:
    found = Axe().run(journey.page).response["violations"]
    return [f"{finding['id']}: {node['html']}" for finding in found for node in finding["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_before_and_after_a_result(visit: Visit, photo: Path, scheme: str) -> None:
    journey = visit(color_scheme=scheme)
    journey.open()
    assert findings(journey) == []
    journey.choose(photo)
    journey.wait_for_numbers()
    unfold_all(journey)
    journey.page.locator(".metric > summary").first.click()
    for numbers in journey.page.locator(".numbers > summary").all():
        numbers.click()
    assert findings(journey) == []
    journey.page.get_by_role("radio", name="Difference").check(force=True)
    assert findings(journey) == []


@pytest.mark.parametrize(("scheme", "classes"), [("light", 6), ("dark", 6), ("light", 20)])
def test_axe_finds_nothing_with_many_classes(
    visit: Visit, classes_file: Callable[[int], Path], scheme: str, classes: int
) -> None:
    journey = visit(color_scheme=scheme)
    journey.bring(classes_file(classes))
    unfold_all(journey)
    assert findings(journey) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_with_two_pictures(
    visit: Visit, photo: Path, classes_file: Callable[[int], Path], scheme: str
) -> None:
    journey = visit(color_scheme=scheme)
    journey.bring(photo)
    journey.bring_test(classes_file(6))  # of another size
    expect(journey.page.locator("#second-offer")).to_be_visible()
    assert findings(journey) == []
    journey.page.locator("#second-resize").click()
    expect(journey.page.locator("#stage-pair")).to_be_visible()
    for name in PARTS:
        journey.unfold(name)
    assert findings(journey) == []
    journey.page.locator('[name="whole"][value="no"]').check(force=True)
    expect(journey.heading).to_have_text("Compared by one rectangle")
    assert findings(journey) == []


@pytest.mark.parametrize("name", ["photo", 6, 20])
def test_nothing_scrolls_sideways_at_320_px(
    visit: Visit, photo: Path, classes_file: Callable[[int], Path], name: str | int
) -> None:
    journey = visit(viewport={"width": 320, "height": 640})
    journey.open()
    assert overflow(journey) == 0
    journey.choose(photo if isinstance(name, str) else classes_file(name))
    journey.wait_for_numbers()
    unfold_all(journey)
    for numbers in journey.page.locator(".numbers > summary:visible").all():
        numbers.click()
    assert overflow(journey) == 0


@pytest.mark.parametrize("state", [{}, {"rectangle_width": 64, "rectangle_height": 64}], ids=["whole", "one rectangle"])
@pytest.mark.parametrize(("width", "larger"), [(320, 1), (640, 2), (1280, 2)])
def test_two_pictures_scroll_nothing_sideways(
    visit: Visit, photo: Path, state: dict[str, int], width: int, larger: int
) -> None:
    journey = visit(viewport={"width": width, "height": 800})
    journey.restore_pair(photo, photo, **state)
    for part in PARTS:
        journey.unfold(part)
    journey.page.evaluate("(percent) => (document.documentElement.style.fontSize = `${percent}%`)", 100 * larger)
    assert overflow(journey) == 0


@pytest.mark.parametrize("width", [640, 1280])
def test_nothing_scrolls_sideways_when_text_is_twice_as_large(visit: Visit, photo: Path, width: int) -> None:
    journey = visit(viewport={"width": width, "height": 800})
    journey.restore(photo)
    unfold_all(journey)
    journey.page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert overflow(journey) == 0


def overflow(journey: Journey) -> int:
    return int(journey.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def test_a_matrix_wider_than_a_phone_fades_where_it_goes_on(visit: Visit, classes_file: Callable[[int], Path]) -> None:
    journey = visit(viewport={"width": 390, "height": 844})
    journey.bring(classes_file(16))
    box = journey.page.locator("#matrix-body > .scroll")
    expect(box).to_have_class("scroll has-more-after")
    assert findings(journey) == []
    box.evaluate("(box) => box.scrollTo(box.scrollWidth, 0)")
    expect(box).to_have_class("scroll has-more-before")
    journey.page.set_viewport_size({"width": 1280, "height": 800})
    expect(box).to_have_class("scroll")


def test_on_a_phone_the_settings_come_after_the_numbers_for_the_tab_key_too(visit: Visit, photo: Path) -> None:
    journey = visit(viewport={"width": 390, "height": 844})
    journey.bring(photo)
    order = """() => {
      const [answer, settings] = ["#answer", "#settings-part"].map((name) => document.querySelector(name));
      return answer.compareDocumentPosition(settings) & Node.DOCUMENT_POSITION_FOLLOWING;
    }"""
    assert journey.page.evaluate(order)


def test_reduced_motion_and_forced_colours_are_respected(visit: Visit, photo: Path) -> None:
    journey = visit(reduced_motion="reduce", forced_colors="active")
    journey.bring(photo)
    moving = """() => [...document.querySelectorAll("*")]
      .filter((element) => getComputedStyle(element).transitionDuration !== "0s").length"""
    assert journey.page.evaluate(moving) == 0
    line = journey.page.locator('[data-outline="test"] .line')
    assert line.evaluate("(line) => getComputedStyle(line).strokeDasharray") != "none"
    assert line.evaluate("(line) => getComputedStyle(line).stroke") == "rgb(184, 74, 0)"


def test_without_scripts_the_form_gives_an_answer(visit: Visit, photo: Path) -> None:
    journey = visit(java_script_enabled=False)
    journey.open()
    journey.choose(photo)
    journey.page.get_by_label("Seed of the random pair").fill("7")
    for side in ("width", "height"):
        journey.page.get_by_label(f"Rectangle {side}, px").fill("64")
    journey.button("Compare").click()
    expect(journey.page.get_by_role("heading", name="They")).to_be_visible()
    expect(journey.page.get_by_role("heading", name="Confusion matrix")).to_be_visible()


def test_the_policy_allows_nothing_inline(journey: Journey) -> None:
    answer = journey.page.goto(journey.address)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert journey.page.locator("[style], style, script:not([src])").count() == 0
