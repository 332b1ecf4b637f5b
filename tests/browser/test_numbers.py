"""Every number on the page is the server's, in words and places that fit how many classes there are."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from browser.journey import Journey, Visit
from playwright.sync_api import expect


def test_the_first_result_shows_the_reports_own_numbers(journey: Journey, photo: Path) -> None:
    journey.bring(photo)
    journey.wait_for(labels="otsu")
    report = journey.report()
    counts = [f"{count:,}" for row in report["confusion"]["matrix"] for count in row]
    assert journey.page.locator(".cell-count").all_inner_texts() == counts
    assert journey.page.locator(".cell-name").all_inner_texts() == ["TN", "FP", "FN", "TP"]
    threshold = report["labels"]["thresholds"][0]
    expect(journey.page.locator("#classes-words")).to_contain_text(f"level {threshold} or above (Otsu’s threshold)")


def test_the_headlines_are_the_six_that_the_catalogue_ranks_first(journey: Journey, photo: Path) -> None:
    journey.bring(photo)
    present = {metric["key"] for metric in journey.report()["metrics"]}
    ranked = sorted((entry for entry in journey.catalogue() if entry["headline"]), key=lambda entry: entry["headline"])
    titles = [entry["title"] for entry in ranked if entry["key"] in present][:6]
    assert journey.page.locator(".headline dt").all_inner_texts() == titles


def test_every_metric_is_listed_with_its_value_or_why_it_has_none(journey: Journey, photo: Path) -> None:
    journey.bring(photo)
    part = journey.unfold("metrics")
    part.locator(".family.has-caution > summary").click()
    report = journey.report()
    expect(part.locator(".metric:visible")).to_have_count(len(report["metrics"]))
    undefined = [metric for metric in report["metrics"] if metric["value"] is None]
    expect(part.locator(".metric-value.is-undefined:visible")).to_have_count(len(undefined))
    first = part.locator(".metric:visible").first
    first.locator("summary").click()
    entry = journey.catalogue()[0]
    for name in ("formula", "meaning", "source"):
        expect(first.locator(f".metric-{name}")).to_have_text(entry[name])


def test_metrics_are_found_by_title_key_and_alias(journey: Journey, photo: Path) -> None:
    journey.bring(photo)
    part = journey.unfold("metrics")
    for entry in journey.catalogue()[:3]:
        for words in (entry["title"].upper(), entry["key"], *entry["aliases"]):
            part.get_by_label("Search").fill(words)
            expect(part.locator(".metric-title:visible", has_text=entry["title"]).first).to_be_visible()
    part.get_by_label("Search").fill("no such metric")
    expect(part.locator("#search-found")).to_have_text("Nothing by that name")


def test_each_family_says_beneath_its_name_what_low_values_mean(journey: Journey, photo: Path) -> None:
    journey.bring(photo)
    part = journey.unfold("metrics")
    notes = dict.fromkeys(entry["family_note"] for entry in journey.catalogue())
    assert sorted(part.locator(".family-note:visible").all_inner_texts()) == sorted(notes)


def test_p_values_are_folded_behind_their_warning_which_stands_nowhere_else(journey: Journey, photo: Path) -> None:
    journey.bring(photo)
    part = journey.unfold("metrics")
    (warning,) = (note["text"] for note in journey.report()["notes"])
    expect(journey.page.locator("#notes")).to_be_hidden()
    family = part.locator(".family", has_text="Mann-Whitney")
    expect(family.locator(".metric:visible")).to_have_count(0)
    expect(family.get_by_text(warning)).to_be_visible()
    assert part.locator(".family:not([open])").count() == 1
    family.locator("> summary").click()
    expect(family.locator(".metric:visible")).to_have_count(6)


def test_a_search_unfolds_what_it_finds(journey: Journey, photo: Path) -> None:
    journey.bring(photo)
    part = journey.unfold("metrics")
    part.get_by_label("Search").fill("mcnemar")
    expect(part.locator(".metric:visible")).to_have_count(1)


def test_choosing_a_cell_lights_up_exactly_its_pixels_in_both_rectangles(journey: Journey, photo: Path) -> None:
    journey.bring(photo)
    journey.page.locator(".tp .cell").click()
    expect(journey.page.locator(".tp .cell")).to_have_attribute("aria-pressed", "true")
    for role in ("truth", "test"):
        expect(journey.page.locator(f'[data-lit="{role}"]')).to_be_visible()
        lit = journey.page.evaluate(
            """(role) => {
              const canvas = document.querySelector(`[data-lit="${role}"]`);
              const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
              return data.filter((value, index) => index % 4 === 3 && value === 255).length;
            }""",
            role,
        )
        assert lit == journey.report()["confusion"]["matrix"][1][1]
    journey.page.locator(".tp .cell").click()
    expect(journey.page.locator('[data-lit="truth"]')).to_be_hidden()


def test_one_probe_reads_both_regions(journey: Journey, photo: Path) -> None:
    journey.bring(photo)
    part = journey.unfold("regions")
    probe = part.locator("#probe")
    expect(probe).to_have_text(re.compile(r"At 64, 64: truth \d+, test \d+: (TN|FP|FN|TP)"))
    part.locator("#regions").focus()
    journey.page.keyboard.press("Shift+ArrowRight")
    expect(probe).to_contain_text("At 74, 64: ")
    box = part.locator("#region-test").bounding_box()
    journey.page.mouse.move(box["x"] + box["width"] * 10.5 / 128, box["y"] + box["height"] * 20.5 / 128)
    expect(probe).to_contain_text("At 10, 20: ")


def test_sixteen_classes_make_a_table_that_is_one_stop_for_the_tab_key(
    journey: Journey, classes_file: Callable[[int], Path]
) -> None:
    journey.bring(classes_file(16))
    cells = journey.page.locator(".heat-cell")
    expect(cells).to_have_count(256)
    expect(journey.page.locator('.heat-cell[tabindex="0"]')).to_have_count(1)
    cells.first.focus()
    journey.page.keyboard.press("ArrowRight")
    journey.page.keyboard.press("ArrowDown")
    expect(cells.nth(17)).to_be_focused()
    count = journey.report()["confusion"]["matrix"][1][1]
    expect(cells.nth(17)).to_have_attribute("aria-label", re.compile(f"truth 1, test 1: {count:,} px"))


def test_the_display_menu_changes_what_cells_show(journey: Journey, classes_file: Callable[[int], Path]) -> None:
    journey.bring(classes_file(4))
    matrix = journey.report()["confusion"]["matrix"]
    cell = journey.page.locator(".heat-cell").first
    expect(cell).to_have_text(short(100 * matrix[0][0] / sum(matrix[0])))
    unit = journey.page.locator("#matrix-unit")
    expect(unit).to_have_text("% of each row")
    journey.page.locator("#display > summary").click()
    journey.page.get_by_label("Pixel counts").check()
    expect(cell).to_have_text(f"{matrix[0][0]:,}")
    expect(unit).to_have_text("pixels")
    journey.page.get_by_label("% of the column").check()
    expect(unit).to_have_text("% of each column")
    journey.page.get_by_label("% of all pixels").check()
    expect(unit).to_have_text("% of all")
    expect(cell).to_have_text(short(100 * matrix[0][0] / sum(map(sum, matrix))))
    journey.page.get_by_label("Hide the diagonal").check()
    expect(cell).to_have_text("")
    journey.page.get_by_label("Logarithmic colours").check()
    journey.page.keyboard.press("Escape")
    expect(journey.page.locator(".menu-sheet")).to_be_hidden()


def test_one_class_shows_its_pixels(journey: Journey, classes_file: Callable[[int], Path]) -> None:
    journey.bring(classes_file(1))
    expect(journey.page.locator(".heat-cell")).to_have_text("4,096")
    expect(journey.page.locator("#matrix-unit")).to_have_text("pixels")


def short(percent: float) -> str:
    """As small cells show percentages: whole, 0 and 100 only when exact."""
    if 0 < percent < 1:
        return "<1"
    return ">99" if 99 < percent < 100 else str(int(percent + 0.5))


def test_more_than_sixteen_classes_never_enter_the_document_cell_by_cell(
    journey: Journey, classes_file: Callable[[int], Path]
) -> None:
    journey.bring(classes_file(256))
    journey.unfold("settings")
    journey.page.select_option("#set-labelling", "levels")
    journey.page.fill("#set-levels", "256")
    journey.page.press("#set-levels", "Enter")
    canvas = journey.page.locator(".heat-canvas")
    expect(canvas).to_have_attribute("aria-label", re.compile("Confusion matrix of 256 classes as a heat map"))
    expect(journey.page.locator(".confused tbody tr")).to_have_count(20)
    assert journey.page.locator("*").count() < 5000
    journey.page.locator(".confused tbody button").first.click()
    expect(journey.page.locator('[data-lit="truth"]')).to_be_visible()


def test_classes_have_metrics_of_their_own_and_those_beyond_sixteen_come_when_asked(
    journey: Journey, classes_file: Callable[[int], Path]
) -> None:
    journey.bring(classes_file(20))
    part = journey.unfold("metrics")
    rows = part.locator("#per-class-rows tr")
    expect(rows).to_have_count(16)
    journey.button("Show all 20 classes").click()
    expect(rows).to_have_count(20)
    matrix = journey.report()["confusion"]["matrix"]
    expect(rows.first.locator("td").first).to_have_text(f"{sum(matrix[0]):,}")


def test_a_formula_is_set_in_print_when_its_row_is_opened(journey: Journey, photo: Path) -> None:
    journey.bring(photo)
    part = journey.unfold("metrics")
    assert part.locator("math").count() == 0
    row = part.locator(".metric", has=journey.page.get_by_text("Precision", exact=True))
    row.locator("summary").click()
    fraction = row.locator("math mfrac")
    expect(fraction).to_be_visible()
    assert fraction.evaluate("fraction => fraction.getBoundingClientRect().height") > 20
    assert [each.text_content() for each in fraction.locator("mi").all()] == ["TP", "TP", "FP"]


def test_a_wide_formula_scrolls_inside_of_its_box(visit: Visit, photo: Path) -> None:
    journey = visit(viewport={"width": 390, "height": 844})
    journey.bring(photo)
    part = journey.unfold("metrics")
    row = part.locator(".metric", has=journey.page.get_by_text("Mann-Whitney U test", exact=True))
    part.get_by_label("Search").fill("Mann-Whitney")
    row.locator("summary").click()
    expect(row.locator("math")).to_be_visible()
    assert journey.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
