"""Answers that come too late, and what is cancelled: the newest wish of the person wins."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import pytest
from browser.journey import COMPARISONS, Journey
from playwright.sync_api import Request, Route, expect

IMAGES = "**/api/v1/images"
UNTIL_SETTLED_MS = 1000
HOLD_THE_HASH = """() => {
  const digest = crypto.subtle.digest.bind(crypto.subtle);
  const held = new Promise((release) => (window.release = release));
  crypto.subtle.digest = async (...what) => (await held, digest(...what));
}"""
ASK_AGAIN = "(path) => fetch(path).then((answer) => answer.text())"


@pytest.fixture
def other(classes_file: Callable[[int], Path]) -> Path:
    return classes_file(2)


def hold(journey: Journey, pattern: str) -> list[Route]:
    """The requests to that address from now on; each waits until it is released."""
    held: list[Route] = []
    journey.page.route(pattern, lambda route: held.append(route))
    return held


def release(journey: Journey, held: list[Route]) -> None:
    while not held:
        journey.page.evaluate("0")  # lets the request that is on its way arrive
    held.pop(0).continue_()


def is_comparison(request: Request) -> bool:
    return request.url.endswith("/api/v1/comparisons")


def test_a_new_picture_aborts_the_comparison_of_the_old_one(journey: Journey, photo: Path, other: Path) -> None:
    journey.bring(photo)
    hold(journey, COMPARISONS)
    with journey.page.expect_request(is_comparison):
        journey.button("Swap").click()
    uploads = hold(journey, IMAGES)
    with journey.page.expect_event("requestfailed", is_comparison, timeout=5000):
        journey.choose(other)
    journey.page.unroute(COMPARISONS)
    expect(journey.page.locator("#sending")).to_be_visible()
    release(journey, uploads)
    journey.wait_for_numbers()
    expect(journey.page.locator("#picture-name")).to_have_text(other.name)


def test_a_new_picture_leaves_no_question_about_the_old_one_waiting(journey: Journey, photo: Path, other: Path) -> None:
    journey.page.clock.install()
    journey.bring(photo)
    journey.stage.focus()
    with journey.page.expect_response(COMPARISONS) as live:
        journey.page.keyboard.press("ArrowRight")
    live.value.finished()
    hold(journey, IMAGES)
    journey.choose(other)
    expect(journey.page.locator("#sending")).to_be_visible()
    sent: list[Request] = []
    journey.page.on("request", lambda request: sent.append(request) if is_comparison(request) else None)
    journey.page.clock.run_for(UNTIL_SETTLED_MS)
    journey.page.evaluate(ASK_AGAIN, "healthz")
    assert sent == []
    expect(journey.page.locator("#sending")).to_be_visible()
    journey.page.unroute_all(behavior="ignoreErrors")


def test_after_a_cancelled_replacement_the_numbers_are_current(journey: Journey, photo: Path, other: Path) -> None:
    places = {"truth_x": 100, "truth_y": 50, "test_x": 300, "test_y": 200}
    journey.restore(photo, **places)
    hold(journey, COMPARISONS)
    with journey.page.expect_request(is_comparison):
        journey.button("Swap").click()
    hold(journey, IMAGES)
    journey.choose(other)
    expect(journey.page.locator("#sending")).to_be_visible()
    journey.page.unroute(COMPARISONS)
    journey.button("Cancel").click()
    journey.wait_for(truth_x=300, test_x=100)
    expect(journey.page.locator("#result")).to_be_visible()
    journey.page.unroute_all(behavior="ignoreErrors")


def test_the_words_about_a_refused_replacement_stay_while_the_numbers_return(journey: Journey, photo: Path) -> None:
    journey.refusals = True
    journey.bring(photo)
    with journey.page.expect_response(COMPARISONS) as answer:
        journey.choose({"name": "notes.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 and nothing to see"})
    answer.value.finished()
    journey.page.evaluate(ASK_AGAIN, "healthz")
    expect(journey.notice).to_contain_text("not a picture")


@pytest.mark.parametrize("then", ["link", "file", "remove"])
def test_the_answer_about_an_older_link_comes_too_late(journey: Journey, photo: Path, other: Path, then: str) -> None:
    journey.restore(photo)
    first, first_link = journey.state["image"], journey.page.url
    journey.choose(other)
    expect(journey.page.locator("#picture-name")).to_have_text(other.name)
    journey.wait_for_numbers()
    expect(journey.page).not_to_have_url(first_link)
    second = journey.state
    about_first = f"api/v1/images/{first}"
    held = hold(journey, f"**/{about_first}")
    with journey.page.expect_request(f"**/{about_first}"):
        journey.page.evaluate("(link) => (location.href = link)", first_link)
    if then == "link":
        with journey.page.expect_response(COMPARISONS):
            journey.page.evaluate("(link) => (location.hash = link)", urlencode(second))
    elif then == "file":
        with journey.page.expect_response(COMPARISONS):
            journey.choose(other)
    else:
        journey.button("Remove").click()
        expect(journey.page.locator("#bring")).to_be_visible()
    with journey.page.expect_response(f"**/{about_first}") as late:
        release(journey, held)
    late.value.finished()
    journey.page.unroute(f"**/{about_first}")
    journey.page.evaluate(ASK_AGAIN, about_first)
    if then == "remove":
        expect(journey.page.locator("#bring")).to_be_visible()
        return
    journey.button("Swap").click()
    journey.wait_for(image=second["image"])
    expect(journey.page.locator("#picture-name")).to_have_text(other.name)


def test_a_picture_can_be_removed_at_once_after_a_move(journey: Journey, photo: Path) -> None:
    journey.page.clock.install()
    journey.bring(photo)
    journey.stage.focus()
    journey.page.keyboard.press("ArrowRight")
    journey.button("Remove").click()
    expect(journey.page.locator("#bring")).to_be_visible()
    journey.page.clock.run_for(UNTIL_SETTLED_MS)  # the visit's end finds nothing in the console


def test_a_file_can_be_cancelled_before_it_leaves(journey: Journey, photo: Path) -> None:
    journey.refusals = True
    journey.restore(photo)
    image, link = journey.state["image"], journey.page.url
    journey.page.request.delete(f"{journey.address}/api/v1/images/{image}")
    journey.page.goto("about:blank")
    journey.open(link.removeprefix(f"{journey.address}/"))
    expect(journey.page.locator("#bring-heading")).to_have_text("Bring the picture of this link")
    journey.page.evaluate(HOLD_THE_HASH)
    journey.choose(photo)
    journey.button("Cancel").click()
    journey.page.evaluate("() => window.release()")
    expect(journey.status).to_have_text("Cancelled.")
    expect(journey.page.locator("#bring")).to_be_visible()
    assert not [url for url in journey.requested if url.endswith("/api/v1/images")]
