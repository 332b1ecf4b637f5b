"""The report that stands alone, opened from a file: it shows what the page shows, and asks for nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from browser.journey import Journey, Visit
from PIL import Image
from playwright.sync_api import Browser, Page, expect

import crosspatch
from crosspatch import Report
from crosspatch.html import Shown, html_report

PARTS = ("regions", "metrics", "repeat")
ASKED: dict[str, Any] = {"resize": (400, 300), "rectangle": (100, 80), "seed": 3}
FLAT = {"width": 400, "height": 300, "rectangle_width": 100, "rectangle_height": 80, "seed": 3}
# All that is said of a comparison, but for what moves rectangles.
WORDS = (
    "#answer-heading", "#answer-figures", "#pairs-words", "#classes-words", ".notes li", ".cell-count", ".cell-share",
    ".heat-cell", ".headline dt", ".headline dd", "#headlines-method", ".metric:not(.is-absent)", "#metrics-gist",
    "#per-class-rows td", "#per-class-metric option", ".confused td", "#regions-gist", "#probe", "#original-facts",
    "#picture-size",
)  # fmt: skip

Open = Callable[..., Page]


def save(path: Path, *pictures: Path | np.ndarray, **asked: Any) -> Report:
    """Write the HTML report of a comparison, and give the report."""
    report = crosspatch.compare(*pictures, **asked)
    blend = not report.plan.labels.keeps_values
    originals = [crosspatch.read_picture(picture) for picture in pictures]
    shown = [
        Shown.of(
            each,
            crosspatch.resize(each, *report.plan.size, blend=blend),
            report.plan,
            source.name if isinstance(source, Path) else "",
        )
        for each, source in zip(originals, pictures, strict=True)
    ]
    path.write_text(html_report(report, shown), encoding="utf-8")
    return report


@pytest.fixture
def open_file(chromium: Browser) -> Iterator[Open]:
    """Open a file in a browser of that kind. At its end the console was silent, and nothing else had been asked for."""
    pages: list[Page] = []
    logged: list[str] = []
    requested: list[str] = []

    def begin(path: Path, **kind: Any) -> Page:
        page = chromium.new_context(**{"viewport": {"width": 1280, "height": 800}, **kind}).new_page()
        page.on("console", lambda message: logged.append(message.text))
        page.on("pageerror", lambda error: logged.append(str(error)))
        page.on("request", lambda request: requested.append(request.url))
        pages.append(page)
        page.goto(path.as_uri())
        return page

    yield begin
    for page in pages:
        page.context.close()
    assert logged == []
    assert {url for url in requested if not url.startswith(("file://", "data:"))} == set()
    assert len([url for url in requested if url.startswith("file://")]) == len(pages)


def unfold(page: Page) -> None:
    for name in PARTS:
        page.locator(f"#{name}-part > summary").click()


def words(page: Page) -> dict[str, list[str]]:
    """What stands in those places, but for chance levels: a file has none."""
    texts = """(elements) => elements.map((element) => {
      const copy = element.cloneNode(true);
      for (const chance of copy.querySelectorAll(".metric-standing, .metric-chance")) chance.remove();
      return copy.textContent;
    })"""
    return {place: [" ".join(text.split()) for text in page.locator(place).evaluate_all(texts)] for place in WORDS}


def outlines(page: Page, stage: str = "#stage") -> dict[str, list[float]]:
    """Where both rectangles are drawn, as shares of the picture."""
    draw = """(stage) => Object.fromEntries([...stage.querySelectorAll("[data-outline]")].map((outline) => {
      const line = outline.querySelector(".line");
      const share = (name, whole) => Math.round(1000 * line[name].baseVal.value / whole) / 1000;
      const [wide, high] = [stage.clientWidth, stage.clientHeight];
      const box = [share("x", wide), share("y", high), share("width", wide), share("height", high)];
      return [outline.dataset.outline, box];
    }))"""
    return dict(page.locator(stage).evaluate(draw))


@pytest.mark.parametrize("picture", ["photo", 6, 20])
def test_the_file_shows_what_the_page_shows(
    journey: Journey, open_file: Open, photo: Path, classes_file: Callable[[int], Path], tmp_path: Path, picture: Any
) -> None:
    path = photo if picture == "photo" else classes_file(picture)
    journey.restore(path, **FLAT)
    journey.unfold("regions")
    expect(journey.page.locator("#probe")).to_contain_text("At ")
    journey.wait_for_intervals()
    with journey.page.expect_download() as saved:
        journey.unfold("take").get_by_text("Report as HTML").click()
    saved.value.save_as(tmp_path / "report.html")
    page = open_file(tmp_path / "report.html")
    page.locator("#regions-part > summary").click()
    expect(page.locator("#probe")).to_contain_text("At ")
    assert saved.value.suggested_filename == f"{path.stem}-comparison.html"
    assert words(page) == words(journey.page)
    assert outlines(page) == outlines(journey.page)


@pytest.mark.parametrize("state", [{}, {"rectangle_width": 60, "rectangle_height": 40, "truth_x": 20, "truth_y": 30}])
@pytest.mark.parametrize("classes", [2, 6])
def test_the_file_of_two_pictures_shows_what_the_page_shows(
    journey: Journey, open_file: Open, classes_file: Callable[[int], Path], tmp_path: Path, state: Any, classes: int
) -> None:
    test = tmp_path / "test.png"
    Image.fromarray(np.asarray(Image.open(classes_file(classes)))[::-1]).save(test)
    journey.restore_pair(classes_file(classes), test, ignore=9, **state)
    journey.unfold("regions")
    expect(journey.page.locator("#probe")).to_contain_text("At ")
    journey.wait_for_intervals()
    with journey.page.expect_download() as saved:
        journey.unfold("take").get_by_text("Report as HTML").click()
    saved.value.save_as(tmp_path / "report.html")
    page = open_file(tmp_path / "report.html")
    page.locator("#regions-part > summary").click()
    expect(page.locator("#probe")).to_contain_text("At ")
    assert words(page) == words(journey.page)
    of_two = (
        "#picture-name",
        "#test-name",
        "#test-size",
        "#original-title",
        "#original-test-facts",
        ".half-name",
        "#shared-term",
    )
    for place in of_two:
        assert page.locator(place).all_inner_texts() == journey.page.locator(place).all_inner_texts(), place
    for shown in (page, journey.page):
        expect(shown.locator(".stage:visible")).to_have_count(2)
        expect(shown.locator(".outlines:visible")).to_have_count(2 if state else 0)
    assert {role: outlines(page, f".half-{role} .stage") for role in ("truth", "test")} == {
        role: outlines(journey.page, f".half-{role} .stage") for role in ("truth", "test")
    }


def test_the_file_holds_nothing_that_needs_a_server(open_file: Open, photo: Path, tmp_path: Path) -> None:
    save(tmp_path / "report.html", photo, **ASKED)
    page = open_file(tmp_path / "report.html")
    expect(page.get_by_role("heading", name="They")).to_be_visible()
    unfold(page)
    expect(page.locator("a[href]")).to_have_count(0)
    names = [name for name in page.get_by_role("button").all_inner_texts() if not re.match(r"(TN|FP|FN|TP)\b", name)]
    assert [name for name in names if name] == ["Image id and bytes", "Copy", "Copy"]
    expect(page.locator("#stage")).to_have_role("img")
    places = re.compile(r"the truth rectangle, 100 × 80 px at \d+, \d+ and the test rectangle, 100 × 80 px at \d+, \d+")
    expect(page.locator("#stage")).to_have_attribute("aria-label", places)


def test_choosing_a_cell_of_the_file_lights_up_exactly_its_pixels(open_file: Open, photo: Path, tmp_path: Path) -> None:
    report = save(tmp_path / "report.html", photo, **ASKED)
    page = open_file(tmp_path / "report.html")
    page.locator(".fn .cell").click()
    for role in ("truth", "test"):
        canvas = page.locator(f'[data-lit="{role}"]')
        expect(canvas).to_be_visible()
        lit = canvas.evaluate("""(canvas) => {
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          return data.filter((value, index) => index % 4 === 3 && value === 255).length;
        }""")
        assert lit == report.confusion.matrix[1, 0]
    page.locator(".fn .cell").click()
    expect(page.locator('[data-lit="truth"]')).to_be_hidden()


@pytest.mark.parametrize("two", [False, True], ids=["one picture", "two pictures"])
def test_the_probe_of_the_file_reads_the_levels_that_were_compared(
    open_file: Open, photo: Path, photograph: np.ndarray, tmp_path: Path, two: bool
) -> None:
    planes = photograph[:240, :320, 0], photograph[100:340, 50:370, 1]
    asked = {"labels": "threshold:128", "seed": 3, "rectangle": (40, 30)}
    report = save(tmp_path / "report.html", *(planes if two else planes[:1]), **asked)
    page = open_file(tmp_path / "report.html")
    page.locator("#regions-part > summary").click()
    expect(page.locator("#probe")).to_contain_text("At 20, 15: ")
    page.locator("#regions").focus()
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    truth, test = report.truth.cut(planes[0]), report.test.cut(planes[1 if two else 0])
    outcome = ("TN", "FP", "FN", "TP")[2 * (truth[15, 39] >= 128) + (test[15, 39] >= 128)]
    difference = f"{int(test[15, 39]) - int(truth[15, 39])}".replace("-", "−")
    words = f"At 39, 15: truth {truth[15, 39]}, test {test[15, 39]}: {outcome}; test − truth = {difference}"
    expect(page.locator("#probe")).to_have_text(words)


def test_the_slider_of_the_file_moves_the_matrix_by_the_reports_own_numbers(
    open_file: Open, photo: Path, tmp_path: Path
) -> None:
    report = save(tmp_path / "report.html", photo, **ASKED)
    page = open_file(tmp_path / "report.html")
    page.locator("#threshold-part > summary").click()
    slider = page.locator("#threshold")
    assert int(slider.input_value()) == report.labelling.thresholds[0]
    for level in (0, 60, 201):
        slider.fill(str(level))
        assert report.curves is not None
        swept = report.curves.swept
        counts = [f"{int(getattr(swept, name)[level]):,}" for name in ("tn", "fp", "fn", "tp")]
        assert page.locator(".cell-count").all_inner_texts() == counts
    expect(page.locator("#threshold-best button")).to_have_count(0)


@pytest.mark.parametrize(
    "asked",
    [
        {"families": "rates"},
        {"families": "structure"},
        {"families": "scores", "intervals": "analytic"},
        {"families": "agreement", "labels": "levels:3"},
    ],
)
def test_a_file_of_some_families_alone_has_what_it_can(
    open_file: Open, photo: Path, tmp_path: Path, asked: dict[str, str]
) -> None:
    report = save(tmp_path / "report.html", photo, rectangle=(60, 50), seed=5, **asked)
    page = open_file(tmp_path / "report.html")
    page.locator("#metrics-part > summary").click()
    expect(page.locator(".metric:not(.is-absent)")).to_have_count(len(report.metrics))
    expect(page.locator("#repeat-command")).to_contain_text("crosspatch compare")


def test_pixels_under_a_mask_are_neither_drawn_nor_lit(open_file: Open, photograph: np.ndarray, tmp_path: Path) -> None:
    mask = np.zeros((512, 512), np.uint8)
    mask[:, :256] = 255
    report = save(
        tmp_path / "report.html",
        photograph,
        ignore_mask=mask,
        rectangle=(80, 60),
        truth=(200, 50),
        test=(210, 90),
        labels="otsu",
    )
    page = open_file(tmp_path / "report.html")
    page.locator("#regions-part > summary").click()
    drawn = """(canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return data.filter((value, index) => index % 4 === 3 && value === 255).length;
    }"""
    expect(page.locator("#probe")).to_contain_text("At 40, 30")
    assert page.locator("#region-map").evaluate(drawn) == report.histogram.pixels < 80 * 60
    page.locator(".tp .cell").click()
    lit = page.locator('[data-lit="truth"]')
    expect(lit).to_be_visible()
    assert lit.evaluate(drawn) == report.confusion.matrix[1, 1]
    page.locator("#regions").focus()
    for _ in range(5):
        page.keyboard.press("Shift+ArrowLeft")
    expect(page.locator("#probe")).to_contain_text("not counted")


def test_two_pictures_stand_side_by_side_each_with_its_rectangle(
    open_file: Open, photograph: np.ndarray, tmp_path: Path
) -> None:
    pictures = photograph[:240, :320], photograph[100:340, 50:370]
    report = save(tmp_path / "report.html", *pictures, rectangle=(80, 60), truth=(10, 20), seed=1)
    page = open_file(tmp_path / "report.html")
    expect(page.get_by_role("heading", name="Compared by one rectangle")).to_be_visible()
    stages = page.locator(".stage")
    expect(stages).to_have_count(2)
    for stage, role in zip(stages.all(), ("truth", "test"), strict=True):
        expect(stage).to_have_attribute("aria-label", f"The picture with the {role} rectangle, 80 × 60 px at 10, 20")
        expect(stage.locator(".tag:visible")).to_have_text(role)
        assert stage.locator("img").evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 320
    boxes = [stage.bounding_box() for stage in stages.all()]
    assert boxes[0]["y"] == boxes[1]["y"]
    assert boxes[0]["x"] + boxes[0]["width"] < boxes[1]["x"]
    page.locator(".tp .cell").click()
    expect(page.locator("canvas.lit:visible")).to_have_count(2)
    page.get_by_role("button", name="Enlarge the original test picture").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.locator(".cell-count").all_inner_texts() == [
        f"{count:,}" for row in report.confusion.matrix.tolist() for count in row
    ]


def test_without_scripts_the_file_lists_everything(open_file: Open, photo: Path, tmp_path: Path) -> None:
    report = save(tmp_path / "report.html", photo, **ASKED)
    page = open_file(tmp_path / "report.html", java_script_enabled=False)
    expect(page.get_by_role("heading", name="They")).to_be_visible()
    expect(page.locator(".plain-metrics tr:visible")).to_have_count(len(report.metrics))
    expect(page.locator(".plain-matrix tbody td:visible")).to_have_text(
        [f"{count:,}" for row in report.confusion.matrix.tolist() for count in row]
    )
    expect(page.locator(".plain-pictures img")).to_be_visible()
    expect(page.locator(".plain-stage rect.truth")).to_be_visible()
    expect(page.locator("#result")).to_be_hidden()


def test_the_command_line_is_copied(open_file: Open, photo: Path, tmp_path: Path) -> None:
    report = save(tmp_path / "report.html", photo, **ASKED)
    page = open_file(tmp_path / "report.html", permissions=["clipboard-read", "clipboard-write"])
    page.locator("#repeat-part > summary").click()
    assert json.loads(page.locator("#repeat-request").inner_text()) == report.to_dict()["request"]
    page.get_by_role("button", name="Copy").first.click()
    expect(page.locator("#status")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == (
        "crosspatch compare astronaut.jpg --resize 400x300 --rectangle 100x80 --seed 3 "
        "--channel luminance --labels otsu"
    )


def test_names_that_look_like_markup_are_shown_as_text(open_file: Open, tmp_path: Path) -> None:
    masks = [np.arange(4, dtype=np.uint8).repeat(16).reshape(8, 8)] * 2
    names = [f"</script><img src=x onerror=alert({number})>" for number in range(4)]
    save(tmp_path / "report.html", *masks, class_names=names)
    page = open_file(tmp_path / "report.html")
    expect(page.locator(".heat tbody th")).to_have_text(names)
    assert page.locator("img[src='x']").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("classes", [None, 6, 20])
def test_axe_finds_nothing_in_the_file(
    open_file: Open, photo: Path, classes_file: Callable[[int], Path], tmp_path: Path, scheme: str, classes: int | None
) -> None:
    save(tmp_path / "report.html", photo if classes is None else classes_file(classes), seed=1)
    page = open_file(tmp_path / "report.html", color_scheme=scheme)
    unfold(page)
    page.locator(".metric > summary").first.click()
    assert findings(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_two_pictures(
    open_file: Open, photograph: np.ndarray, tmp_path: Path, scheme: str
) -> None:
    save(tmp_path / "report.html", photograph, photograph[::-1], seed=1)
    page = open_file(tmp_path / "report.html", color_scheme=scheme)
    unfold(page)
    assert findings(page) == []


def without_scripts(path: Path) -> Path:
    """The same file as browsers without scripts read it: axe itself is a script."""
    text = re.sub(r"</?noscript>", "", path.read_text(encoding="utf-8"))
    plain = path.with_name("plain.html")
    plain.write_text(re.sub(r"<script\b.*?</script>", "", text, flags=re.DOTALL), encoding="utf-8")
    return plain


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("two", [False, True], ids=["one picture", "two pictures"])
def test_axe_finds_nothing_in_the_file_without_scripts(
    open_file: Open, photograph: np.ndarray, tmp_path: Path, scheme: str, two: bool
) -> None:
    save(tmp_path / "report.html", *([photograph] * (2 if two else 1)), seed=1)
    page = open_file(without_scripts(tmp_path / "report.html"), color_scheme=scheme)
    expect(page.locator(".plain-matrix")).to_be_visible()
    assert findings(page) == []


def findings(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{finding['id']}: {node['html']}" for finding in found for node in finding["nodes"]]


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("two", [False, True], ids=["one picture", "two pictures"])
def test_nothing_of_the_file_scrolls_sideways_at_320_px(
    open_file: Open, photograph: np.ndarray, tmp_path: Path, scripts: bool, two: bool
) -> None:
    save(tmp_path / "report.html", *([photograph] * (2 if two else 1)), seed=1)
    path = tmp_path / "report.html"
    page = open_file(path if scripts else without_scripts(path), viewport={"width": 320, "height": 640})
    if scripts:
        unfold(page)
    width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(width) == 0


def test_a_served_report_runs_under_the_policy_of_its_answer(visit: Visit, photo: Path) -> None:
    journey = visit()
    journey.restore(photo, **FLAT)
    heading = journey.heading.inner_text()
    link = journey.unfold("take").locator("#take-html").get_attribute("href")
    answer = journey.page.goto(f"{journey.address}/{link}")
    assert answer.headers["content-security-policy"].endswith("frame-ancestors 'none'")
    expect(journey.heading).to_have_text(heading)
    journey.page.locator(".tp .cell").click()
    expect(journey.page.locator('[data-lit="truth"]')).to_be_visible()
