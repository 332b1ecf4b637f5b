"""What a person takes away gives the same numbers again: files, the link, the command lines."""

from __future__ import annotations

import csv
import json
import shlex
from collections.abc import Callable
from pathlib import Path

from browser.journey import Journey, Visit
from playwright.sync_api import expect


def test_json_and_csv_hold_the_numbers_of_the_page(journey: Journey, photo: Path) -> None:
    journey.bring(photo)
    part = journey.unfold("take")
    with journey.page.expect_download() as saved:
        part.get_by_text("Report as JSON").click()
    assert saved.value.suggested_filename == "astronaut-comparison.json"
    report = json.loads(saved.value.path().read_text())
    assert report["confusion"] == journey.report()["confusion"]
    assert all(metric["interval"] for metric in report["metrics"] if metric["key"] in ("cohen_kappa", "mae"))
    with journey.page.expect_download() as saved:
        part.get_by_text("Report as CSV").click()
    rows = list(csv.DictReader(saved.value.path().read_text().splitlines()))
    assert {row["key"] for row in rows} >= {metric["key"] for metric in journey.report()["metrics"]}
    assert next(row for row in rows if row["key"] == "cohen_kappa")["interval_low"]


def test_the_matrix_of_many_classes_is_saved_as_csv(journey: Journey, classes_file: Callable[[int], Path]) -> None:
    journey.bring(classes_file(20))
    with journey.page.expect_download() as saved:
        journey.button("Confusion matrix as CSV").click()
    head, *rows = csv.reader(saved.value.path().read_text().splitlines())
    report = journey.report()
    assert head[1:] == report["labels"]["classes"]
    assert [[int(count) for count in row[1:]] for row in rows] == report["confusion"]["matrix"]


def test_the_curl_line_gives_the_same_numbers(journey: Journey, photo: Path) -> None:
    journey.bring(photo)
    part = journey.unfold("take")
    line = shlex.split(part.locator("#take-curl").inner_text())
    assert (line[0], line[-1]) == ("curl", f"{journey.address}/api/v1/comparisons")
    assert set(line[1:-1:2]) == {"-F"}
    fields = dict(pair.split("=", 1) for pair in line[2:-1:2])
    assert fields.pop("image") == '@"astronaut.jpg"'
    picture = {"name": photo.name, "mimeType": "image/jpeg", "buffer": photo.read_bytes()}
    answer = journey.page.request.post(line[-1], multipart={"image": picture, **fields})
    report = answer.json()
    assert report["confusion"] == journey.report()["confusion"]
    assert report["request"]["intervals"] == "bootstrap"


def test_the_command_line_names_everything(journey: Journey, photo: Path) -> None:
    journey.bring(photo)
    part = journey.unfold("take")
    seed = journey.state["seed"]
    expect(part.locator("#take-command")).to_have_text(
        f"crosspatch compare astronaut.jpg --resize 512x512 --rectangle 128x128 --seed {seed} "
        "--channel luminance --labels otsu --intervals bootstrap"
    )


def test_share_copies_the_link(visit: Visit, photo: Path) -> None:
    journey = visit(permissions=["clipboard-read", "clipboard-write"])
    journey.bring(photo)
    journey.button("Share").click()
    expect(journey.status).to_have_text("Copied.")
    assert journey.page.evaluate("navigator.clipboard.readText()") == journey.page.url


def test_the_link_restores_the_comparison(journey: Journey, photo: Path, visit: Visit) -> None:
    journey.bring(photo)
    part = journey.unfold("take")
    link = part.locator("#take-link").inner_text()
    assert link == journey.page.url
    other = visit()
    other.open(link.removeprefix(f"{journey.address}/"))
    expect(other.heading).to_have_text(journey.heading.inner_text())
    assert other.state == journey.state
    expect(other.page.locator("#original")).to_have_js_property("complete", True)


def test_a_link_whose_picture_is_gone_asks_for_that_file_and_takes_no_other(
    journey: Journey, photo: Path, visit: Visit, classes_file: Callable[[int], Path]
) -> None:
    journey.bring(photo)
    journey.wait_for(labels="otsu")
    state, heading = journey.state, journey.heading.inner_text()
    fragment = journey.page.url.removeprefix(f"{journey.address}/")
    journey.button("Remove").click()
    expect(journey.page.locator("#bring")).to_be_visible()

    other = visit()
    other.refusals = True
    other.open(fragment)
    expect(other.page.locator("#bring-lead")).to_contain_text("no longer has astronaut.jpg")
    other.choose(classes_file(4))
    expect(other.page.locator("#problem-file")).to_contain_text("This is not the picture of the link")
    other.choose(photo)
    expect(other.heading).to_have_text(heading)
    assert other.state == state
