"""The report that stands alone: all that it says is the report's, nothing in it leads outside, and names stay text."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import shlex
import zlib
from functools import partial
from html.parser import HTMLParser

import numpy as np
import pytest
import skimage.data
from click.testing import CliRunner
from files import encoded
from PIL import Image

import crosspatch
from crosspatch import Impossible, html
from crosspatch.cli import main
from crosspatch.html import Shown, html_report, report_policy

NOISE = np.random.default_rng(8).integers(0, 256, (2, 60, 80, 3), np.uint8)
FEW = NOISE[..., 0] // 64
HOSTILE = "<!--<script></script><img src=x onerror=alert(1)>\u2028&\"'.png"

CASES = {
    "one picture": partial(crosspatch.compare, NOISE[0], rectangle="20x16", seed=7),
    "resized": partial(
        crosspatch.compare, NOISE[0], resize="33x41", labels="levels:5", channel="green", ignore=[3, 4], seed=2
    ),
    "mask": partial(crosspatch.compare, FEW[0], rectangle="20x16", truth="1,2", seed=7),
    "20 classes": partial(crosspatch.compare, NOISE[0], labels="levels:20", rectangle="30x30", seed=1),
    "some families": partial(crosspatch.compare, NOISE[0], rectangle="9x9", families=["scores", "errors"], seed=5),
    "two pictures": partial(crosspatch.compare, *NOISE, labels="threshold:128", seed=3),
    "one rectangle of two": partial(crosspatch.compare, *FEW, rectangle="9x7", truth="4,5", seed=4),
}
cases = pytest.mark.parametrize("compare", CASES.values(), ids=CASES)


class Found(HTMLParser):
    """What stands in a document: elements with their attributes and the text in them before any other tag."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.comments = [["", {}, ""]], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.elements.append([tag, dict(attributes), ""])

    def handle_endtag(self, tag):
        self.elements.append(["", {}, ""])

    def handle_data(self, data):
        self.elements[-1][2] += data

    def handle_comment(self, data):
        self.comments.append(data)

    def of(self, wanted):
        """The texts of such elements."""
        return [text for tag, _, text in self.elements if tag == wanted]

    def text(self, name):
        (text,) = (text for _, attributes, text in self.elements if attributes.get("id") == name)
        return text

    def values(self, *names):
        """What those attributes say, wherever they stand."""
        return [value for _, attributes, _ in self.elements for name, value in attributes.items() if name in names]

    def beside(self, mark, name):
        """What the attribute `name` says where the attribute `mark` stands."""
        return [attributes[name] for _, attributes, _ in self.elements if mark in attributes]


def rendered(compare, names=("", "")):
    report = compare()
    blend = not report.plan.labels.keeps_values
    originals = [crosspatch.read_picture(picture) for picture in compare.args]
    shown = [
        Shown.of(original, crosspatch.resize(original, *report.plan.size, blend=blend), report.plan, name)
        for original, name in zip(originals, names, strict=False)
    ]
    return report, html_report(report, shown)


def pixels(url):
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(url.partition("base64,")[2]))))


def data(found):
    return json.loads(found.text("report-data"))


@cases
def test_the_numbers_inside_are_those_of_the_report(compare):
    report, text = rendered(compare)
    inside = data(Found(text))
    assert inside["report"] == json.loads(json.dumps(report.to_dict()))
    assert [row["key"] for row in inside["catalogue"]] == list(crosspatch.METRICS)


def test_which_pairs_are_counted_stands_inside_where_not_all_are():
    picture = np.arange(600, dtype=np.uint16).reshape(20, 30).astype(np.uint8)
    mask = np.zeros((20, 30), np.uint8)
    mask[4:9, 2:20] = 1
    report = crosspatch.compare(picture, ignore_mask=mask, rectangle=(12, 8), seed=4, labels="threshold:100")
    resized = crosspatch.read_picture(picture)
    text = html_report(report, [Shown.of(resized, resized, report.plan)])
    planes = np.frombuffer(zlib.decompress(base64.b64decode(Found(text).text("report-levels"))), np.uint8)
    truth, test, counted = planes.reshape(3, 8, 12)
    assert crosspatch.JointHistogram.of(truth[counted == 1], test[counted == 1]) == report.histogram
    assert "--ignore-mask IGNORE_MASK" in text


@cases
def test_the_levels_inside_are_exactly_those_that_are_compared(compare):
    report, text = rendered(compare)
    found = zlib.decompress(base64.b64decode(Found(text).text("report-levels")))
    truth, test = np.frombuffer(found, np.uint8).reshape(2, report.truth.height, report.truth.width)
    assert crosspatch.JointHistogram.of(truth, test, report.plan.asked.ignore) == report.histogram


@cases
def test_nothing_leads_outside(compare):
    _, text = rendered(compare)
    found = Found(text)
    targets = found.values("src", "href", "action", "formaction", "srcset", "data", "poster", "xlink:href")
    assert len(targets) >= 3
    assert [target for target in targets if not target.startswith("data:image/")] == []
    assert set(re.findall(r"url\(([^)]*)\)", text)) <= {"#hatch"}
    assert "@import" not in found.of("style")[0]
    assert {tag for tag, *_ in found.elements} & {"form", "iframe", "object", "embed", "base"} == {"form"}
    assert found.values("method") == ["dialog"]


@cases
def test_the_policy_names_exactly_the_script_and_the_style_inside(compare):
    _, text = rendered(compare)
    found = Found(text)
    (policy,) = (each["content"] for _, each, _ in found.elements if each.get("http-equiv"))
    hashes = {}
    for wanted in ("script", "style"):
        (inline,) = (text for tag, attributes, text in found.elements if tag == wanted and not attributes)
        hashes[wanted] = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
    assert (
        policy
        == report_policy()
        == (
            f"default-src 'none'; script-src 'sha256-{hashes['script']}'; style-src 'sha256-{hashes['style']}'; "
            "img-src data:; base-uri 'none'; form-action 'none'"
        )
    )
    names = {name for _, attributes, _ in found.elements for name in attributes}
    assert {name for name in names if name == "style" or name.startswith("on")} == set()


def test_names_of_files_and_classes_stay_text():
    names = [f"{HOSTILE}{number}" for number in range(4)]
    compare = partial(crosspatch.compare, *FEW, class_names=names, seed=1)
    _, text = rendered(compare, (HOSTILE, HOSTILE))
    _, plain = rendered(partial(crosspatch.compare, *FEW, seed=1), ("a.png", "b.png"))
    found = Found(text)
    assert [tag for tag, *_ in found.elements] == [tag for tag, *_ in Found(plain).elements]
    assert set(found.text("report-data")) & set("<>&\u2028\u2029") == set()
    assert data(found)["report"]["labels"]["classes"] == names
    assert data(found)["names"] == [HOSTILE, HOSTILE]
    assert f"truth {names[2]}" in found.of("th")
    assert found.of("title") == [f"{HOSTILE} and {HOSTILE}, Crosspatch report"]


@cases
def test_without_scripts_every_metric_is_listed_with_its_value_or_why_it_has_none(compare):
    report, text = rendered(compare)
    noscript = re.search("<noscript>(.*)</noscript>", text, re.DOTALL)[1]
    rows = {}
    for key, rest in re.findall(r'<tr data-key="(\w+)">(.*?)</tr>', noscript, re.DOTALL):
        rows[key] = " ".join(Found(rest).of("td")[0].split())
    assert list(rows) == list(report.metrics)
    for key, metric in report.metrics.items():
        if metric.value is None:
            assert rows[key] == f"undefined: {metric.undefined}"
        else:
            assert rows[key] == f"{metric.value:.4g} {crosspatch.METRICS[key].unit}".strip()
    counts = [f"{count:,}" for row in report.confusion.matrix.tolist() for count in row]
    listed = Found(noscript).of("td")
    assert (listed[1 : 1 + len(counts)] == counts) is (len(report.confusion.classes) <= 16)


@cases
def test_only_what_belongs_to_a_report_is_taken_from_the_page(compare):
    _, text = rendered(compare)
    found = Found(text)
    ids = found.values("id")
    assert len(ids) == len(set(ids))
    assert {"result", "answer", "stage", "repeat-part", "metrics-part", "template-metric"} <= set(ids)
    assert {"bring", "sending", "controls", "settings-part", "take-part", "share"} & set(ids) == set()
    assert found.comments == []


@cases
def test_the_same_report_gives_the_same_file(compare):
    assert rendered(compare)[1] == rendered(compare)[1]


@cases
def test_the_command_line_inside_gives_the_same_numbers(compare, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = ["-a b'.png", "test.png"]
    for name, picture in zip(names, compare.args, strict=False):
        (tmp_path / name).write_bytes(encoded(picture, "PNG"))
    report, text = rendered(compare, names)
    (line,) = (text for _, attributes, text in Found(text).elements if "data-command" in attributes)
    program, *arguments = shlex.split(line)
    done = CliRunner().invoke(main, [*arguments, "--format", "json"])
    expected = json.loads(json.dumps(report.to_dict()))
    assert program == "crosspatch"
    found = json.loads(done.stdout)
    assert (found["confusion"], found["metrics"]) == (expected["confusion"], expected["metrics"])


def test_without_names_the_command_line_says_where_they_go():
    _, text = rendered(CASES["two pictures"])
    assert "crosspatch compare IMAGE TEST_IMAGE --resize 80x60 --seed " in text


def test_pictures_are_drawn_at_most_1024_px_and_as_they_are():
    large = np.zeros((700, 2100, 3), np.uint8)
    _, text = rendered(partial(crosspatch.compare, large, resize="1500x500", rectangle="9x9", seed=1))
    found = Found(text)
    (original,) = found.beside("data-original", "src")
    (resized,) = found.beside("data-resized", "href")
    assert (pixels(original).shape, pixels(resized).shape) == ((341, 1024, 3), (341, 1024, 3))
    _, text = rendered(CASES["one picture"])
    (resized,) = Found(text).beside("data-resized", "href")
    np.testing.assert_array_equal(pixels(resized), NOISE[0])


def test_a_mask_of_low_values_can_be_seen():
    _, text = rendered(CASES["mask"])
    (original,) = Found(text).beside("data-original", "src")
    np.testing.assert_array_equal(pixels(original), FEW[0] * 85)


def test_regions_that_no_browser_could_hold_are_refused_in_words(monkeypatch):
    monkeypatch.setattr(html, "MOST_REGION_PX", 319)
    with pytest.raises(Impossible, match="ask for a resize, for a smaller rectangle, or for another format"):
        rendered(CASES["one picture"])


def test_a_report_of_a_photograph_of_512_px_stays_below_1_5_megabytes():
    _, text = rendered(partial(crosspatch.compare, skimage.data.astronaut(), rectangle="128x128", seed=7))
    assert len(text.encode()) < 1.5e6
