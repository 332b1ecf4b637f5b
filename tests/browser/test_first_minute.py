"""The first minute: a picture comes in, and a result means something at once."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from browser.journey import Journey
from PIL import Image
from playwright.sync_api import Route, expect

IMAGES = "**/api/v1/images"
NOT_A_PICTURE = {"name": "notes.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 and nothing to see"}
GIVE_FILE = """([name, data]) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name));
  return transfer;
}"""
GIVE_EVENT = """([way, transfer]) => document.body.dispatchEvent(way === "drop"
  ? new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true })
  : new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true }))"""


def test_before_a_picture_nothing_else_is_on_the_screen(journey: Journey) -> None:
    journey.open()
    expect(journey.page.locator("#result, #sending, #picture-bar")).to_have_count(3)
    for name in ("#result", "#sending", "#picture-bar", "#settings"):
        expect(journey.page.locator(name)).to_be_hidden()


@pytest.mark.parametrize("sample", ["Hills", "Cells", "Islands"])
def test_a_sample_gives_the_first_result_by_one_click(journey: Journey, sample: str) -> None:
    journey.open()
    journey.page.get_by_role("link", name=sample).click()
    journey.wait_for_numbers()
    expect(journey.page.locator(".headline")).to_have_count(6)


def test_a_sample_that_the_server_does_not_give_is_told_and_not_sent(journey: Journey) -> None:
    journey.refusals = True
    journey.page.route("**/samples/hills.jpg", lambda route: route.fulfill(status=503, body="Service Unavailable"))
    journey.open()
    journey.page.get_by_role("link", name="Hills").click()
    expect(journey.page.locator("#problem-file")).to_contain_text("The sample picture did not arrive.")
    assert not [url for url in journey.requested if url.endswith("/api/v1/images")]


def test_a_chosen_photograph_leads_to_its_result_and_the_focus_to_its_heading(journey: Journey, photo: Path) -> None:
    journey.bring(photo)
    expect(journey.heading).to_be_focused()
    expect(journey.page.locator("#picture-name")).to_have_text("astronaut.jpg")
    expect(journey.page.locator("#picture-size")).to_have_text("512 × 512")
    expect(journey.page.locator("#settings-gist")).to_contain_text("512 × 512, 128 × 128, Otsu, seed ")


@pytest.mark.parametrize("way", ["drop", "paste"])
def test_a_picture_can_be_dropped_and_pasted(journey: Journey, photo: Path, way: str) -> None:
    journey.open()
    transfer = journey.page.evaluate_handle(GIVE_FILE, ["dropped.jpg", base64.b64encode(photo.read_bytes()).decode()])
    journey.page.evaluate(GIVE_EVENT, [way, transfer])
    journey.wait_for_numbers()
    expect(journey.page.locator("#picture-name")).to_have_text("dropped.jpg")


def test_a_picture_that_browsers_cannot_show_is_shown(journey: Journey, photo: Path, tmp_path: Path) -> None:
    Image.open(photo).save(tmp_path / "scan.tiff")
    journey.bring(tmp_path / "scan.tiff")
    for name in ("#stage-picture", "#original"):
        expect(journey.page.locator(name)).to_have_js_property("naturalWidth", 512)


def test_the_original_can_be_enlarged(journey: Journey, photo: Path) -> None:
    journey.bring(photo)
    journey.button("Enlarge the original picture").click()
    expect(journey.page.get_by_role("dialog").get_by_role("img")).to_be_visible()
    journey.page.keyboard.press("Escape")
    expect(journey.page.get_by_role("dialog")).to_be_hidden()


def test_the_picture_shows_while_it_is_still_on_its_way(journey: Journey, photo: Path) -> None:
    held: list[Route] = []
    journey.page.route(IMAGES, lambda route: held.append(route))
    journey.open()
    journey.choose(photo)
    preview = journey.page.locator("#preview")
    expect(preview).to_be_visible()
    expect(preview).to_have_js_property("naturalWidth", 512)
    expect(journey.status).to_have_text("Sending astronaut.jpg.")
    held[0].continue_()
    journey.wait_for_numbers()


def test_an_upload_can_be_cancelled(journey: Journey, photo: Path) -> None:
    held: list[Route] = []
    journey.page.route(IMAGES, lambda route: held.append(route))
    journey.open()
    journey.choose(photo)
    journey.button("Cancel").click()
    expect(journey.page.locator("#bring")).to_be_visible()
    expect(journey.status).to_have_text("Cancelled.")
    held[0].abort()


def test_a_file_that_is_no_picture_is_refused_in_words_where_it_was_brought(journey: Journey) -> None:
    journey.refusals = True
    journey.open()
    journey.choose(NOT_A_PICTURE)
    expect(journey.page.locator("#problem-file")).to_contain_text("This file is not a picture we can read")
    expect(journey.page.locator("#file")).to_have_attribute("aria-invalid", "true")
    expect(journey.status).to_contain_text("not a picture")


def test_a_refused_replacement_loses_nothing_that_was_shown(journey: Journey, photo: Path) -> None:
    journey.refusals = True
    journey.bring(photo)
    before = journey.heading.inner_text()
    journey.choose(NOT_A_PICTURE)
    expect(journey.notice).to_contain_text("not a picture")
    expect(journey.heading).to_have_text(before)
    expect(journey.page.locator("#picture-name")).to_have_text("astronaut.jpg")


def test_remove_deletes_the_picture_here_and_on_the_server(journey: Journey, photo: Path) -> None:
    journey.bring(photo)
    image = journey.state["image"]
    with journey.page.expect_response(f"**/api/v1/images/{image}"):
        journey.button("Remove").click()
    expect(journey.page.locator("#bring")).to_be_visible()
    assert journey.state == {}
    assert journey.page.request.get(f"{journey.address}/api/v1/images/{image}").status == 404
