"""A server that is busy, has forgotten the picture, or does not answer."""

from __future__ import annotations

import json
from pathlib import Path

from browser.journey import COMPARISONS, Journey
from playwright.sync_api import Request, Route, expect


def test_an_expired_picture_is_sent_again_without_a_word(journey: Journey, photo: Path) -> None:
    journey.refusals = True
    journey.bring(photo)
    journey.page.request.delete(f"{journey.address}/api/v1/images/{journey.state['image']}")
    journey.button("New pair").click()
    expect(journey.page.locator("#settings-gist")).not_to_contain_text(f"seed {journey.state['seed']}")
    with journey.page.expect_response(lambda response: response.url.endswith("/comparisons") and response.ok):
        journey.button("Swap").click()
    expect(journey.notice).to_be_hidden()
    assert journey.report()["confusion"]


def test_an_expired_picture_without_its_file_is_asked_for_and_the_numbers_stay(journey: Journey, photo: Path) -> None:
    journey.refusals = True
    journey.restore(photo)
    journey.page.request.delete(f"{journey.address}/api/v1/images/{journey.state['image']}")
    before = journey.page.locator(".cell-count").all_inner_texts()
    journey.button("New pair").click()
    expect(journey.notice).to_contain_text("Choose astronaut.jpg again to go on")
    assert journey.page.locator(".cell-count").all_inner_texts() == before
    with journey.page.expect_file_chooser() as chooser:
        journey.button("Choose the file").click()
    chooser.value.set_files(photo)
    expect(journey.notice).to_be_hidden()
    assert journey.report()["confusion"]


def test_a_busy_server_keeps_the_numbers_and_is_asked_again(journey: Journey, photo: Path) -> None:
    journey.refusals = True
    journey.bring(photo)
    before = journey.page.locator(".cell-count").all_inner_texts()
    problem = {"type": "/problems/busy", "title": "Too Many Requests", "status": 429, "detail": "busy"}
    journey.page.route(
        COMPARISONS,
        lambda route: route.fulfill(
            status=429, headers={"Retry-After": "1"}, content_type="application/problem+json", body=json.dumps(problem)
        ),
        times=1,
    )
    seed = journey.state["seed"]
    journey.button("New pair").click()
    expect(journey.notice).to_contain_text("The server is busy. The last numbers stay; the page asks again in 1 s.")
    assert journey.page.locator(".cell-count").all_inner_texts() == before
    expect(journey.notice).to_be_hidden()
    assert journey.state["seed"] != seed


def test_one_comparison_is_in_flight_and_the_newest_state_wins(journey: Journey, photo: Path) -> None:
    journey.bring(photo)
    held: list[Route] = []
    sent: list[Request] = []
    journey.page.route(COMPARISONS, lambda route: route.continue_() if held else held.append(route))
    journey.page.on("request", lambda request: sent.append(request) if request.url.endswith("/comparisons") else None)
    for x in range(0, 100, 10):
        journey.page.fill("#place-x", str(x))
        journey.page.press("#place-x", "Enter")
    assert len(sent) == 1
    held[0].continue_()
    journey.wait_for(truth_x=90)
    assert len(sent) <= 3, "the first, the newest, and at most one that settles it"
    assert json.loads(sent[-1].post_data or "{}")["truth"]["x"] == 90


def test_a_server_that_does_not_answer_is_told_and_can_be_asked_again(journey: Journey, photo: Path) -> None:
    journey.refusals = True
    journey.bring(photo)
    journey.page.route(COMPARISONS, lambda route: route.abort())
    journey.button("Swap").click()
    expect(journey.notice).to_contain_text("The server does not answer.")
    journey.page.unroute(COMPARISONS)
    journey.button("Try again").click()
    expect(journey.notice).to_be_hidden()
