"""The threshold's slider shows what relabelling the pixels would give, and asks the server on release."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from browser.journey import COMPARISONS, Journey
from numpy.typing import NDArray
from playwright.sync_api import expect

SETUP = {"truth_x": 100, "truth_y": 50, "test_x": 160, "test_y": 90, "labels": "otsu"}
SIDE = 128
# What the page shows at each position of the slider, read in one go: nothing else runs meanwhile.
SWEEP = """(titles) => {
  const slider = document.querySelector("#threshold");
  const text = (selector) => [...document.querySelectorAll(selector)].map((element) => element.textContent);
  const rows = [...document.querySelectorAll(".metric")];
  const rowOf = (title) => rows.find((row) => row.querySelector(".metric-title").textContent === title);
  const values = titles.map((title) => rowOf(title).querySelector(".metric-value"));
  const byTitle = (titles, values) => Object.fromEntries(titles.map((title, index) => [title, values[index]]));
  return Array.from({ length: 256 }, (_, level) => {
    slider.value = level;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    return {
      cells: text(".cell-count"),
      rows: values.map((value) => value.textContent),
      headlines: byTitle(text(".headline dt"), text(".headline-value")),
      words: document.querySelector("#classes-words").textContent,
      level: document.querySelector("#threshold-level").textContent,
    };
  });
}"""


@pytest.fixture
def opened(journey: Journey, photo: Path) -> Journey:
    """Two rectangles that overlap, 128 x 128 px, their threshold part unfolded."""
    journey.restore(photo, **SETUP)
    journey.wait_for(labels="otsu", truth_x=100)
    journey.unfold("threshold")
    return journey


def pixels(journey: Journey) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Both regions, from the pixels that the server says it compares."""
    url = f"{journey.address}/api/v1/images/{journey.state['image']}/rendition"
    query = {"width": 512, "height": 512, "channel": "luminance", "labels": "otsu", "format": "raw"}
    picture = np.frombuffer(journey.page.request.get(url, params=query).body(), np.uint8).reshape(512, 512)
    return tuple(  # type: ignore[return-value]
        picture[SETUP[f"{role}_y"] :, SETUP[f"{role}_x"] :][:SIDE, :SIDE]  # type: ignore[misc]
        for role in ("truth", "test")
    )


def relabelled(truth: NDArray[np.uint8], test: NDArray[np.uint8], level: int) -> tuple[int, int, int, int]:
    """(tn, fp, fn, tp) of pixels that are positive from that level on."""
    a, b = truth >= level, test >= level
    return int((~a & ~b).sum()), int((~a & b).sum()), int((a & ~b).sum()), int((a & b).sum())


def by_formula(tn: int, fp: int, fn: int, tp: int) -> dict[str, float | None]:
    """Metrics by title, None where there is nothing to divide by."""

    def ratio(above: float, below: float) -> float | None:
        return above / below if below else None

    n = tn + fp + fn + tp
    chance = (tp + fn) * (tp + fp) + (tn + fp) * (tn + fn)
    return {
        "Accuracy": (tp + tn) / n,
        "Precision": ratio(tp, tp + fp),
        "Recall": ratio(tp, tp + fn),
        "F1 score (Dice coefficient)": ratio(2 * tp, 2 * tp + fp + fn),
        "Jaccard index (intersection over union)": ratio(tp, tp + fp + fn),
        "Cohen's kappa": ratio(n * (tp + tn) - chance, n * n - chance),
    }


def read(text: str) -> float | None:
    """A number as the page writes it."""
    if text == "undefined":
        return None
    plain = text.replace(",", "").replace("−", "-").replace(" × 10", "e").replace("⁻", "-")
    return float(plain.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")))


def test_at_all_256_positions_the_page_shows_what_relabelling_gives_and_sends_nothing(opened: Journey) -> None:
    truth, test = pixels(opened)
    titles = list(by_formula(1, 1, 1, 1))
    sent = len(opened.requested)
    shown = opened.page.evaluate(SWEEP, titles)
    assert len(opened.requested) == sent
    for level, page in enumerate(shown):
        outcomes = relabelled(truth, test, level)
        assert page["cells"] == [f"{count:,}" for count in outcomes], level
        expected = by_formula(*outcomes)
        near = {title: value and pytest.approx(value, rel=5.1e-4) for title, value in expected.items()}
        assert dict(zip(titles, map(read, page["rows"]), strict=True)) == near, level
        headlines = {title: read(value) for title, value in page["headlines"].items() if title in near}
        assert len(headlines) >= 3
        assert headlines == {title: near[title] for title in headlines}, level
        assert page["words"].startswith(f"Bright: level {level} or above")
        assert page["level"] == str(level)


def move(journey: Journey, level: int) -> None:
    """As while a hand is on the slider."""
    journey.page.locator("#threshold").evaluate(
        "(slider, level) => { slider.value = level; slider.dispatchEvent(new Event('input', { bubbles: true })); }",
        level,
    )


def release(journey: Journey) -> None:
    journey.page.locator("#threshold").dispatch_event("change")


def test_what_needs_the_masks_follows_on_release_and_what_needs_levels_stays(opened: Journey) -> None:
    part = opened.unfold("metrics")
    before = {metric["key"]: metric["value"] for metric in opened.report()["metrics"]}
    rows = {entry["key"]: part.locator(".metric", has_text=entry["title"]).first for entry in opened.catalogue()}
    rmse = rows["rmse"].locator(".metric-value").inner_text()
    move(opened, 60)
    expect(rows["average_surface_distance_px"].locator(".metric-value")).to_have_text("–")
    expect(rows["average_surface_distance_px"]).to_have_class(re.compile("is-awaited"))
    expect(rows["rmse"].locator(".metric-value")).to_have_text(rmse)
    expect(rows["rmse"]).not_to_have_class(re.compile("is-awaited"))
    release(opened)
    opened.wait_for(labels="threshold%3A60")
    after = {metric["key"]: metric["value"] for metric in opened.report()["metrics"]}
    assert after["average_surface_distance_px"] != before["average_surface_distance_px"]
    expect(rows["average_surface_distance_px"].locator(".metric-value")).to_have_text(
        f"{after['average_surface_distance_px']:.4g} px"
    )
    expect(rows["average_surface_distance_px"]).not_to_have_class(re.compile("is-awaited"))


def test_on_release_the_server_compares_there_and_undo_leads_back(opened: Journey) -> None:
    start = opened.page.locator("#threshold-level").inner_text()
    slider = opened.page.locator("#threshold")
    slider.focus()
    with opened.page.expect_request(COMPARISONS) as asked:
        opened.page.keyboard.press("ArrowRight")
    assert asked.value.post_data_json["labels"] == f"threshold:{int(start) + 1}"
    assert {"curves", "histograms"} <= set(asked.value.post_data_json["include"])
    opened.wait_for(labels=f"threshold%3A{int(start) + 1}")
    expect(slider).to_be_focused()
    expect(slider).to_have_value(str(int(start) + 1))
    opened.button("Undo").click()
    opened.wait_for(labels="otsu")
    expect(slider).to_have_value(start)


def test_the_slider_does_not_jump_back_while_an_earlier_answer_comes(opened: Journey) -> None:
    slider = opened.page.locator("#threshold")
    slider.focus()
    for _ in range(8):
        opened.page.keyboard.press("ArrowRight")
    level = int(slider.input_value())
    seen = opened.page.evaluate("""() => new Promise((resolve) => {
      const seen = new Set();
      const label = document.querySelector("#threshold-level");
      const look = () => seen.add(label.textContent);
      look();
      new MutationObserver(look).observe(label, { childList: true, characterData: true, subtree: true });
      setTimeout(() => resolve([...seen]), 1500);
    })""")
    assert seen == [str(level)]
    opened.wait_for(labels=f"threshold%3A{level}")


def test_at_level_0_there_is_nothing_to_ask_and_the_page_says_so(opened: Journey) -> None:
    sent = len(opened.requested)
    move(opened, 0)
    release(opened)
    expect(opened.page.locator("#threshold-words")).to_contain_text("At level 0 every pixel is positive")
    assert len(opened.requested) == sent
    assert opened.state["labels"] == "otsu"


def test_dots_and_markers_stand_at_the_thresholds(opened: Journey) -> None:
    curves = opened.report()["curves"]
    for level in (40, 105, 200):
        move(opened, level)
        names = {"roc": ("false_positive_rate", "true_positive_rate"), "precision_recall": ("recall", "precision")}
        for chart, along in names.items():
            expected = [curves[chart][name][level] for name in along]
            assert place_of_dot(opened, chart) == pytest.approx(expected, abs=1e-3)
        assert marker(opened, "thresholds", ".of-both") == pytest.approx(level / 256, abs=1e-3)
    assert marker(opened, "histograms", ".of-truth") == pytest.approx(200 / 256, abs=1e-3)
    assert marker(opened, "histograms", ".of-test") == pytest.approx(200 / 256, abs=1e-3)


# From pixels back to the axes' units: both axes are lines, x first, and end where the axes do.
WITHIN_AXES = """(chart) => {
  const number = (element, name) => Number(element.getAttribute(name));
  const [across, up] = chart.querySelectorAll(".chart-axis");
  const x = (px) => (px - number(across, "x1")) / (number(across, "x2") - number(across, "x1"));
  const y = (px) => (number(up, "y2") - px) / (number(up, "y2") - number(up, "y1"));
"""


def place_of_dot(journey: Journey, chart: str) -> list[float]:
    script = (
        WITHIN_AXES
        + """
  const dot = chart.querySelector(".chart-dot");
  return [x(number(dot, "cx")), y(number(dot, "cy"))];
}"""
    )
    return list(journey.page.locator(f"#chart-{chart} .chart-plot").evaluate(script))


def marker(journey: Journey, chart: str, which: str) -> float:
    script = WITHIN_AXES + f'return x(number(chart.querySelector(".chart-marker{which}"), "x1")); }}'
    return float(journey.page.locator(f"#chart-{chart} .chart-plot").evaluate(script))


def test_the_thumb_stands_above_its_marker(opened: Journey) -> None:
    for level in (0, 77, 255):
        move(opened, level)
        line = opened.page.locator("#chart-histograms .chart-marker.of-test").bounding_box()
        box = opened.page.locator("#threshold").bounding_box()
        thumb_px = 22
        middle = box["x"] + thumb_px / 2 + (box["width"] - thumb_px) * level / 255
        assert line["x"] + line["width"] / 2 == pytest.approx(middle, abs=1.5)


@pytest.mark.parametrize("key", ["youden_j", "f1"])
def test_a_best_threshold_is_the_tests_and_keeps_the_truths_classes(journey: Journey, photo: Path, key: str) -> None:
    journey.restore(photo, **SETUP | {"truth_x": 150, "truth_y": 100, "test_x": 200, "test_y": 60})
    journey.wait_for(truth_x=150)
    journey.unfold("threshold")
    before = journey.report()
    best = before["curves"]["best"]
    level = best["threshold"][best["by"].index(key)]
    (title,) = (entry["title"] for entry in journey.catalogue() if entry["key"] == key)
    kept = before["labels"]["thresholds"][0]
    journey.button(f"Best by {title}: {level}").click()
    journey.wait_for(labels=f"threshold%3A{kept}%2C{level}")
    value = next(metric["value"] for metric in journey.report()["metrics"] if metric["key"] == key)
    assert value == pytest.approx(best["value"][best["by"].index(key)])
    expect(journey.page.locator("#threshold")).to_have_value(str(level))
    expect(journey.page.locator("#threshold-words")).to_contain_text(f"Truth is positive from level {kept}, test from")


def test_a_best_threshold_that_takes_every_pixel_cannot_be_asked_for(opened: Journey) -> None:
    best = opened.report()["curves"]["best"]
    assert best["threshold"][best["by"].index("f1")] == 0
    button = opened.button("Best by F1 score (Dice coefficient): all pixels")
    expect(button).to_have_attribute("aria-disabled", "true")
    sent = len(opened.requested)
    button.click(force=True)
    assert len(opened.requested) == sent


def test_the_numbers_of_a_chart_are_built_when_asked_for(opened: Journey) -> None:
    curves = opened.report()["curves"]
    for chart, rows in {"roc": 257, "precision_recall": 257, "thresholds": 256, "histograms": 256}.items():
        figure = opened.page.locator(f"#chart-{chart}")
        expect(figure.locator("tr")).to_have_count(0)
        figure.locator(".numbers > summary").click()
        expect(figure.locator("tbody tr")).to_have_count(rows)
    cells = opened.page.locator("#chart-thresholds tbody tr").nth(90).locator("td").all_inner_texts()[:4]
    assert cells == [f"{curves['thresholds'][name][90]:,}" for name in ("tn", "fp", "fn", "tp")]
    last = opened.page.locator("#chart-precision_recall tbody tr").nth(256).locator("td").all_inner_texts()
    assert last == ["0", "undefined"]


def test_each_chart_says_in_a_sentence_what_it_shows(opened: Journey) -> None:
    for chart in ("roc", "precision_recall", "thresholds", "histograms"):
        svg = opened.page.locator(f"#chart-{chart} .chart-plot")
        expect(svg).to_have_attribute("role", "img")
        expect(svg).to_have_attribute("aria-label", re.compile(r"^[A-Z].{30,}\.$"))
        before = svg.get_attribute("aria-label")
        move(opened, int(opened.page.input_value("#threshold")) + 30)
        assert svg.get_attribute("aria-label") != before


def test_the_gist_names_the_level_and_the_area(opened: Journey) -> None:
    report = opened.report()
    area = next(metric["value"] for metric in report["metrics"] if metric["key"] == "roc_auc")
    level = report["labels"]["thresholds"][0]
    expect(opened.page.locator("#threshold-gist")).to_have_text(f"level {level}, ROC AUC {area:.4g}")


def test_more_than_two_classes_have_no_threshold(journey: Journey, classes_file: Callable[[int], Path]) -> None:
    journey.bring(classes_file(3))
    expect(journey.page.locator("#threshold-part")).to_be_hidden()
    expect(journey.page.locator("#regions-part")).to_be_visible()


def test_two_values_are_compared_until_a_threshold_takes_their_place(
    journey: Journey, classes_file: Callable[[int], Path]
) -> None:
    journey.bring(classes_file(2))
    journey.unfold("threshold")
    expect(journey.page.locator("#threshold")).to_have_value("1")
    expect(journey.page.locator("#threshold-words")).to_contain_text("The values 0 and 1 are compared")


def test_a_drag_of_a_rectangle_asks_for_no_curves_and_dims_those_of_before(opened: Journey) -> None:
    asked: list[dict[str, Any]] = []
    opened.page.on("request", lambda request: asked.append(request.post_data_json) if request.post_data else None)
    opened.stage.scroll_into_view_if_needed()
    box = opened.page.locator('[data-grip="truth"]').bounding_box()
    opened.page.mouse.move(box["x"] + 5, box["y"] + 5)
    opened.page.mouse.down()
    opened.page.mouse.move(box["x"] + 25, box["y"] + 25, steps=4)
    expect(opened.page.locator("#threshold-part")).to_have_class(re.compile("is-late"))
    assert asked
    assert not any({"curves", "histograms"} & set(request["include"]) for request in asked)
    opened.page.mouse.up()
    expect(opened.page.locator("#threshold-part")).not_to_have_class(re.compile("is-late"))
    assert {"curves", "histograms"} <= set(asked[-1]["include"])
