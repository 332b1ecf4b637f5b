"""Chance levels come by themselves after a comparison, rank whatever pair is shown, and hold nothing up."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser.journey import Journey, Visit
from playwright.sync_api import Locator, Page, Request, expect

BASELINES = "**/api/v1/baselines"
PATIENCE_MS = 120_000
PLACED = {"width": 256, "height": 256, "rectangle_width": 64, "rectangle_height": 64, "channel": "luminance"} | {
    "truth_x": 20,
    "truth_y": 30,
    "test_x": 40,
    "test_y": 60,
    "labels": "otsu",
    "seed": 7,
}
HIDE = """(state) => {
  Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def is_baseline(request: Request) -> bool:
    return request.url.endswith("/api/v1/baselines")


def asked(journey: Journey) -> int:
    return sum(url.endswith("/api/v1/baselines") for url in journey.requested)


def beside(journey: Journey) -> Locator:
    """The words beside the answer."""
    return journey.page.locator("#answer-chance")


def wait_for_rank(journey: Journey) -> None:
    """Until the first metric is ranked among all pairs; those of labels are, long before those of grey levels."""
    expect(beside(journey)).to_contain_text(re.compile(r"(of|all) [\d,]+ random"), timeout=PATIENCE_MS)


def wait_for_all(journey: Journey) -> None:
    """Until the levels are whole, which is when they can be taken away."""
    expect(journey.page.locator("#take-chance")).to_have_attribute("aria-disabled", "false", timeout=PATIENCE_MS)


def taken(journey: Journey) -> dict[str, Any]:
    """The chance levels, as the page gives them as a file."""
    wait_for_all(journey)
    journey.unfold("take")
    with journey.page.expect_download() as download:
        journey.button("Chance levels as JSON").click()
    journey.unfold("take")
    return dict(json.loads(Path(download.value.path()).read_text(encoding="utf-8")))


def answered(journey: Journey, **more: object) -> dict[str, Any]:
    """The server's own chance levels of agreement for the comparison that `PLACED` asks for."""
    names = {"image": journey.state["image"], "channel": PLACED["channel"], "labels": PLACED["labels"], "seed": 7}
    size = {"resize": {"width": 256, "height": 256}, "rectangle": {"width": 64, "height": 64}}
    places = {"truth": {"x": 20, "y": 30}, "test": {"x": 40, "y": 60}}
    data = {**names, **size, **places, "families": ["agreement"], "pairs": 10_000, **more}
    answer = journey.page.request.post(f"{journey.address}/api/v1/baselines", data=data)
    assert answer.ok, answer.text()
    return dict(answer.json())


def row_of(answer: dict[str, Any], key: str) -> dict[str, Any]:
    return next(row for row in answer["metrics"] if row["key"] == key)


def share(words: str) -> float:
    """The percentage in words such as "better than 92 % of 10,000 random pairs"."""
    found = re.search(r"better than (all|none|under 1|over 99|\d+)", words)
    assert found is not None, words
    return float({"all": 100, "none": 0, "under 1": 0.5, "over 99": 99.5}.get(found[1], found[1]))


@pytest.fixture
def ranked(journey: Journey, photo: Path) -> Journey:
    journey.restore(photo, **PLACED)
    wait_for_rank(journey)
    return journey


def test_the_answer_says_what_share_of_random_pairs_it_beats(ranked: Journey) -> None:
    row = row_of(answered(ranked), "cohen_kappa")
    kappa = next(metric["value"] for metric in ranked.report()["metrics"] if metric["key"] == "cohen_kappa")
    assert row["observed"] == kappa
    words = beside(ranked).inner_text()
    assert words.startswith("Cohen's kappa")
    assert words.endswith(f"of {row['pairs'] - row['undefined']:,} random pairs")
    assert abs(share(words) - row["percentile"]) <= 0.5
    expect(ranked.page.locator("#chance-gist")).to_contain_text("of 10,000 random pairs")


def test_every_bar_has_its_mark_and_every_row_its_words(ranked: Journey) -> None:
    answer = taken(ranked)
    assert answer["request"]["seed"] == 7
    part = ranked.unfold("metrics")
    bounded = [entry for entry in ranked.catalogue() if None not in entry["bounds"]]
    for entry in bounded:
        row = next((row for row in answer["metrics"] if row["key"] == entry["key"]), None)
        element = part.locator(".metric", has=ranked.page.get_by_text(entry["title"], exact=True)).first
        is_marked = element.locator(".range-median").evaluate("(mark) => !mark.hidden")
        assert is_marked == (row is not None and row["quantiles"] is not None), entry["key"]
    accuracy = part.locator(".metric", has=ranked.page.get_by_text("Accuracy", exact=True))
    accuracy.locator("summary").click()
    median = f"{row_of(answer, 'accuracy')['quantiles']['50']:.4g}"
    expect(accuracy.locator(".metric-chance dd")).to_contain_text(f"median {median}, 5–95 %")
    expect(accuracy.locator(".metric-standing")).to_contain_text("10,000 random pairs")
    assert ranked.page.locator("#headlines .range-band:not([hidden])").count() >= 5


def test_another_pair_is_ranked_at_once_and_nothing_is_asked_again(ranked: Journey) -> None:
    percentiles = row_of(answered(ranked), "cohen_kappa")["percentiles"]
    before = beside(ranked).inner_text()
    ranked.button("New pair").click()
    expect(beside(ranked)).not_to_have_text(before)
    ranked.stage.focus()
    ranked.page.keyboard.press("Shift+ArrowRight")
    ranked.wait_for_intervals()
    kappa = next(metric["value"] for metric in ranked.report()["metrics"] if metric["key"] == "cohen_kappa")
    beaten = sum(level < kappa for level in percentiles[:-1])
    expect(beside(ranked)).to_contain_text("of 10,000 random pairs")
    assert abs(share(beside(ranked).inner_text()) - beaten) <= 1.5
    assert asked(ranked) == 1


def test_other_settings_are_another_population(ranked: Journey) -> None:
    with ranked.page.expect_request(is_baseline) as request:
        ranked.unfold("settings")
        ranked.page.get_by_label("Channel").select_option("red")
    assert request.value.post_data_json["channel"] == "red"
    expect(beside(ranked)).not_to_contain_text("random")
    wait_for_rank(ranked)


def test_no_comparison_waits_for_chance(journey: Journey, photo: Path) -> None:
    journey.page.route(BASELINES, lambda _: None)  # never answered
    with journey.page.expect_request(is_baseline):
        journey.bring(photo)
    before = journey.page.url
    journey.button("New pair").click()
    expect(journey.page).not_to_have_url(before)
    journey.wait_for_intervals()
    assert asked(journey) == 1
    expect(beside(journey)).not_to_contain_text("random")


def test_a_page_that_is_not_seen_asks_for_nothing(journey: Journey, photo: Path) -> None:
    journey.page.route(BASELINES, lambda _: None)
    with journey.page.expect_request(is_baseline):
        journey.bring(photo)
    with journey.page.expect_event("requestfailed", is_baseline):
        journey.page.evaluate(HIDE, "hidden")
    journey.page.unroute(BASELINES)
    with journey.page.expect_request(is_baseline):
        journey.page.evaluate(HIDE, "visible")
    wait_for_rank(journey)


def test_a_removed_picture_ends_it(journey: Journey, photo: Path) -> None:
    journey.page.route(BASELINES, lambda _: None)
    with journey.page.expect_request(is_baseline):
        journey.bring(photo)
    with journey.page.expect_event("requestfailed", is_baseline):
        journey.button("Remove").click()


def test_a_busy_server_is_asked_again(journey: Journey, photo: Path) -> None:
    journey.refusals = True
    problem = {"type": "/problems/busy", "title": "Too Many Requests", "status": 429, "detail": "busy"}
    body = json.dumps(problem)
    kind = "application/problem+json"
    refuse: Callable[[Any], None] = lambda route: route.fulfill(  # noqa: E731
        status=429, headers={"Retry-After": "1"}, content_type=kind, body=body
    )
    journey.page.route(BASELINES, refuse, times=1)
    journey.bring(photo)
    wait_for_rank(journey)
    assert asked(journey) == 2


def test_what_fails_midway_is_said_and_can_be_tried_again(journey: Journey, photo: Path) -> None:
    lines = [
        {"done": 100, "pairs": 10000, "metrics": []},
        {"type": "/problems/unavailable", "title": "Unavailable", "status": 503, "detail": "the server is stopping"},
    ]
    body = "".join(json.dumps(line) + "\n" for line in lines)
    journey.page.route(BASELINES, lambda route: route.fulfill(content_type="application/x-ndjson", body=body), times=1)
    journey.bring(photo)
    part = journey.unfold("chance")
    expect(part.locator("#chance-problem")).to_have_text("The server is stopping.")
    expect(journey.notice).to_be_hidden()  # the comparison stands
    journey.button("Try again").click()
    expect(part.locator("#chance-problem")).to_be_hidden()
    wait_for_rank(journey)


def shown_numbers(figure: Locator, rows: int, column: str) -> list[str | None]:
    """A column of a chart's table, as the server writes numbers; None where there is none."""
    figure.locator(".numbers > summary").click()
    cells = figure.locator(f"tbody {column}")
    expect(cells).to_have_count(rows)
    words = [cell.replace(",", "").replace("−", "-") for cell in cells.all_inner_texts()]
    return [None if word == "too few pairs" else word for word in words]


def numbers(figure: Locator, rows: int, column: str) -> list[int]:
    return [int(str(word)) for word in shown_numbers(figure, rows, column)]


def test_the_part_shows_the_distribution_the_pair_and_the_overlap(ranked: Journey) -> None:
    answer = answered(ranked)
    row = row_of(answer, "mcc")
    part = ranked.unfold("chance")
    menu = part.get_by_label("Metric")
    expect(menu.locator("option")).to_have_count(len(ranked.report()["metrics"]))
    menu.select_option("mcc")
    for name in ("correlation coefficient by chance: half of", "correlation coefficient against overlap"):
        expect(part.get_by_role("img", name=name)).to_be_visible()
    figure = part.locator("#chart-chance")
    assert numbers(figure, 40, "td:last-child") == row["histogram"]["counts"]
    low, high = row["histogram"]["low"], row["histogram"]["high"]
    assert figure.locator("tbody td:nth-child(2)").last.inner_text() == f"{high:.4g}".replace("-", "−")
    assert figure.locator("tbody th").first.inner_text() == f"{low:.4g}".replace("-", "−")
    medians = [None if each is None else f"{each:.4g}" for each in row["by_overlap"]["median"]]
    assert shown_numbers(part.locator("#chart-overlap"), 11, "td:nth-child(3)") == medians
    figures = part.locator("#chance-figures")
    expect(figures.get_by_role("row", name="Mean")).to_contain_text(f"{row['mean']:.4g}".replace("-", "−"))
    better = round(row["p_value"] * (1 + row["pairs"] - row["undefined"])) - 1
    expect(part.locator("#chance-p")).to_contain_text(f"(1 + {better:,} at least as good) / (1 + 10,000 pairs)")


def test_structure_says_that_it_is_of_fewer_pairs(ranked: Journey) -> None:
    part = ranked.unfold("chance")
    part.get_by_label("Metric").select_option("ssim")
    expect(part.locator("#chance-words")).to_contain_text("500", timeout=PATIENCE_MS)


def test_pairs_that_do_not_overlap_are_asked_for_anew(ranked: Journey) -> None:
    part = ranked.unfold("chance")
    with ranked.page.expect_request(is_baseline) as request:
        part.get_by_label("Only pairs that do not overlap").check()
    assert request.value.post_data_json["disjoint"] is True
    expect(beside(ranked)).to_contain_text("10,000 random pairs that do not overlap", timeout=PATIENCE_MS)
    row = row_of(answered(ranked, disjoint=True), "cohen_kappa")
    assert abs(share(beside(ranked).inner_text()) - row["percentile"]) <= 0.5
    expect(ranked.page.locator("#take-baseline")).to_contain_text("--pairs 10000 --disjoint")
    ranked.page.reload()
    expect(ranked.page.get_by_label("Only pairs that do not overlap")).to_be_checked(timeout=PATIENCE_MS)
    expect(beside(ranked)).to_contain_text("10,000 random pairs that do not overlap", timeout=PATIENCE_MS)
    expect(ranked.page.locator("#take-link")).to_contain_text("disjoint=1")


def test_two_pictures_are_ranked_among_shifts(journey: Journey, photo: Path) -> None:
    journey.restore_pair(photo, photo, width=128, height=128, labels="otsu", seed=3)
    wait_for_rank(journey)
    expect(beside(journey)).to_contain_text("random shifts of the test picture")
    part = journey.unfold("chance")
    expect(part.locator("#chart-chance")).to_be_visible()
    expect(part.locator("#chart-overlap")).to_be_hidden()
    expect(part.get_by_label("Only pairs that do not overlap")).to_be_hidden()


def test_a_held_threshold_has_no_rank_until_it_is_compared(ranked: Journey) -> None:
    ranked.unfold("threshold")
    ranked.page.locator("#threshold").evaluate(
        "(slider) => { slider.value = 200; slider.dispatchEvent(new Event('input')); }"
    )
    expect(beside(ranked)).not_to_contain_text("random")
    with ranked.page.expect_request(is_baseline) as request:
        ranked.page.locator("#threshold").dispatch_event("change")
    assert request.value.post_data_json["labels"] == "threshold:200"


def test_the_status_line_tells_it_once(visit: Visit, photo: Path) -> None:
    journey = visit()
    journey.open()
    watch(journey.page)
    journey.choose(photo)
    wait_for_all(journey)
    expect(journey.status).to_contain_text("random pairs.")
    said = journey.page.evaluate("() => window.said")
    assert sum("random pairs" in words for words in said) == 1


def watch(page: Page) -> None:
    page.evaluate("""() => {
      window.said = [];
      const status = document.querySelector("#status");
      new MutationObserver(() => window.said.push(status.textContent)).observe(status, { childList: true });
    }""")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_whole_levels(visit: Visit, photo: Path, scheme: str) -> None:
    journey = visit(color_scheme=scheme)
    journey.restore(photo, **PLACED)
    wait_for_rank(journey)
    part = journey.unfold("chance")
    for chart in ("chart-chance", "chart-overlap"):
        part.locator(f"#{chart} .numbers > summary").click()
    journey.unfold("metrics")
    found = Axe().run(journey.page).response["violations"]
    assert [f"{finding['id']}: {node['html']}" for finding in found for node in finding["nodes"]] == []


def test_of_two_pictures_the_truth_stays_and_its_place_matters(
    journey: Journey, photo: Path, classes_file: Callable[[int], Path]
) -> None:
    place = {"rectangle_width": 40, "rectangle_height": 40, "truth_x": 20, "truth_y": 30}
    with journey.page.expect_request(is_baseline):
        journey.restore_pair(photo, classes_file(2), width=128, height=128, labels="otsu", seed=3, **place)
    with journey.page.expect_request(is_baseline) as request:
        journey.button("Right").click()
    assert request.value.post_data_json["truth"] == {"x": 21, "y": 30}
