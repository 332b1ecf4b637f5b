"""Intervals come after the answer, with their method, and go when what they are about has gone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from browser.journey import COMPARISONS, Journey
from playwright.sync_api import Request, expect

PATIENCE_MS = 20_000


def words(ends: list[float] | None) -> str:
    """As the page writes numbers of ordinary size: four significant digits."""
    return "" if ends is None else " to ".join(f"{float(f'{end:.4g}'):g}".replace("-", "−") for end in ends)


def sure_report(journey: Journey) -> dict[str, Any]:
    query = {name: value for name, value in journey.state.items() if name != "name"} | {"intervals": "bootstrap"}
    return dict(journey.page.request.get(f"{journey.address}/api/v1/comparisons", params=query).json())


def asked(request: Request) -> bool:
    return (
        request.url.endswith("/comparisons") and json.loads(request.post_data or "{}").get("intervals") == "bootstrap"
    )


def test_headlines_get_their_intervals_and_the_method_is_named(journey: Journey, photo: Path) -> None:
    journey.bring(photo)
    method = "95 % intervals: spatial bootstrap of 12x12 px blocks, 1,000 replicates, percentile"
    expect(journey.page.locator("#headlines-method")).to_contain_text(method, timeout=PATIENCE_MS)
    found = {metric["key"]: metric for metric in sure_report(journey)["metrics"]}
    ranked = sorted((entry for entry in journey.catalogue() if entry["headline"]), key=lambda entry: entry["headline"])
    expected = [words(found[entry["key"]]["interval"]) for entry in ranked if entry["key"] in found][:6]
    assert journey.page.locator(".headline-interval").all_inner_texts() == expected


def test_a_row_says_its_interval_and_how_it_was_found(journey: Journey, photo: Path) -> None:
    journey.bring(photo)
    part = journey.unfold("metrics")
    expect(journey.page.locator("#headlines-method")).not_to_be_empty(timeout=PATIENCE_MS)
    accuracy = next(metric for metric in sure_report(journey)["metrics"] if metric["key"] == "accuracy")
    row = part.locator(".metric", has=journey.page.get_by_text("Accuracy", exact=True))
    row.locator("summary").click()
    expect(row.locator(".metric-interval dd")).to_have_text(
        f"{words(accuracy['interval'])}, by {accuracy['interval_method']}"
    )


def test_intervals_are_asked_for_once_the_answer_is_there_and_no_answer_waits_for_them(
    journey: Journey, photo: Path
) -> None:
    journey.open()
    journey.page.route(COMPARISONS, lambda route: None if asked(route.request) else route.continue_())
    journey.choose(photo)
    journey.wait_for_numbers()
    with journey.page.expect_request(asked):
        pass
    before = journey.page.url
    journey.button("New pair").click()
    expect(journey.page).not_to_have_url(before)
    expect(journey.page.locator("#headlines-method")).to_be_empty()


def test_a_moved_rectangle_has_no_interval_of_where_it_was(journey: Journey, photo: Path) -> None:
    journey.bring(photo)
    expect(journey.page.locator("#headlines-method")).not_to_be_empty(timeout=PATIENCE_MS)
    with journey.page.expect_request(asked):
        journey.stage.focus()
        journey.page.keyboard.press("Shift+ArrowDown")
        journey.page.keyboard.press("Shift+ArrowUp")
        journey.page.keyboard.press("Shift+ArrowRight")
        expect(journey.page.locator("#headlines-method")).to_be_empty()
    expect(journey.page.locator("#headlines-method")).not_to_be_empty(timeout=PATIENCE_MS)
