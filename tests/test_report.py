"""A report: what it says as JSON and CSV, and that it can be repeated."""

from __future__ import annotations

import csv
import io
import json
import pickle
import sys
from functools import partial

import numpy as np
import pytest
from files import encoded

import crosspatch
from crosspatch import InvalidRequest
from crosspatch.report import PARTS, check_include

NOISE = np.random.default_rng(8).integers(0, 256, (2, 40, 50), np.uint8)
FEW = NOISE // 64

CASES = {
    "one picture": partial(crosspatch.compare, NOISE[0], seed=7),
    "placed": partial(crosspatch.compare, NOISE[0], rectangle="9x7", truth="0,0", test="3,4", seed=0),
    "half placed": partial(crosspatch.compare, NOISE[0], rectangle="9x7", test="0,0", labels="threshold:9,200"),
    "resized": partial(crosspatch.compare, NOISE[0], resize="31x29", labels="levels:4"),
    "two pictures": partial(crosspatch.compare, *NOISE, labels="threshold:128"),
    "one rectangle of two": partial(crosspatch.compare, *NOISE, rectangle="9x7", truth="4,5"),
    "values": partial(crosspatch.compare, *FEW, ignore=[1], class_names=["a", "b", "c"], families=["rates"]),
    "numpy integers": partial(
        crosspatch.compare, NOISE[0], rectangle=np.array([9, 7]), seed=np.uint32(5), ignore=NOISE[0, 0]
    ),
    "constant": partial(crosspatch.compare, np.zeros((8, 8), np.uint8)),
    "constant by Otsu": partial(crosspatch.compare, np.zeros((8, 8), np.uint8), labels="otsu"),
    "one pixel": partial(crosspatch.compare, np.zeros((1, 1), np.uint8)),
    "nothing left": partial(crosspatch.compare, np.zeros((8, 8), np.uint8), labels="levels:3", ignore=0),
    "16 bits": partial(crosspatch.compare, NOISE[0].astype(np.uint16) * 257),
}
reports = pytest.mark.parametrize("compare", CASES.values(), ids=CASES)


def leaves(value):
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in leaves(item)]
    return [leaf for item in value for leaf in leaves(item)] if isinstance(value, list) else [value]


def repeated(request):
    """The request of a report, as options of the library."""
    options = {key: value for key, value in request.items() if key not in ("image", "test_image")}
    return {key: tuple(value.values()) if isinstance(value, dict) else value for key, value in options.items()}


@reports
def test_a_report_is_plain_json_without_nan_or_infinity(compare):
    found = compare().to_dict()
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert {type(leaf) for leaf in leaves(found)} <= {int, float, str, bool, type(None)}


@reports
def test_the_request_of_a_report_repeats_it_exactly(compare):
    found = compare().to_dict()
    assert crosspatch.compare(*compare.args, **repeated(found["request"])).to_dict() == found


@reports
def test_a_value_is_null_exactly_where_a_reason_is_given(compare):
    found = compare().to_dict()
    rows = found["metrics"] + [row for item in found["per_class"] for row in item["metrics"]]
    assert [row["key"] for row in rows if (row["value"] is None) != bool(row["undefined"])] == []


@reports
def test_the_parts_of_a_report_add_up(compare):
    report = compare()
    found = report.to_dict()
    matrix = np.array(found["confusion"]["matrix"])
    assert matrix.shape == (len(found["labels"]["classes"]),) * 2
    assert (
        matrix.sum() == sum(found["histograms"]["truth"]) == sum(found["histograms"]["test"]) == report.histogram.pixels
    )
    assert [len(found["labels"]["lookup"][side]) for side in ("truth", "test")] == [256, 256]


def test_a_report_has_the_shape_that_clients_rely_on():
    found = crosspatch.compare(encoded(NOISE[0], "PNG"), rectangle="9x7", labels="threshold:128", seed=7).to_dict()
    assert list(found) == [
        "schema_version", "software", "request", "image", "resized", "rectangles", "overlap", "labels",
        "confusion", "metrics", "per_class", "curves", "histograms", "notes",
    ]  # fmt: skip
    assert found["schema_version"] == 1
    assert found["request"] == {
        "image": found["image"]["id"],
        "resize": {"width": 50, "height": 40},
        "rectangle": {"width": 9, "height": 7},
        "seed": 7,
        "channel": "luminance",
        "labels": "threshold:128",
        "ignore": [],
        "intervals": "none",
    }
    assert found["resized"] == {"width": 50, "height": 40}
    assert set(found["rectangles"]["truth"]) == {"x", "y", "width", "height"}
    assert set(found["overlap"]) == {"overlaps", "area_px", "percent", "iou"}
    assert {key: found["labels"][key] for key in ("method", "thresholds", "classes")} == {
        "method": "threshold:128", "thresholds": [128], "classes": ["negative", "positive"],
    }  # fmt: skip
    assert (found["confusion"]["rows"], found["confusion"]["columns"]) == ("truth", "test")
    assert set(found["metrics"][0]) >= {"key", "value", "interval", "interval_method", "undefined"}
    assert set(found["software"]) >= {"crosspatch", "numpy", "pillow"}


def test_two_pictures_are_both_described_and_have_no_overlap():
    found = crosspatch.compare(*(encoded(pixels, "PNG") for pixels in NOISE)).to_dict()
    assert (found["overlap"], found["request"]["test_image"]) == (None, found["test_image"]["id"])
    assert found["image"]["id"] != found["test_image"]["id"]


def test_parts_that_are_not_included_are_left_out():
    report = crosspatch.compare(NOISE[0])
    assert set(report.to_dict()) - set(report.to_dict(include=["confusion"])) == set(PARTS) - {"confusion"}


def test_a_part_that_does_not_exist_is_refused_by_field():
    with pytest.raises(InvalidRequest, match="'maps' is not a part") as refusal:
        check_include(["confusion", "maps"])
    assert refusal.value.field == "include"


def test_the_csv_holds_every_metric_with_all_its_digits():
    report = crosspatch.compare(*NOISE, labels="threshold:255")
    rows = list(csv.DictReader(io.StringIO(report.to_csv())))
    assert [row["key"] for row in rows] == list(report.metrics)
    assert [float(row["value"]) if row["value"] else None for row in rows] == [m.value for m in report.metrics.values()]
    assert [row["undefined"] or None for row in rows] == [m.undefined for m in report.metrics.values()]


def test_the_same_seed_gives_the_same_report_every_time():
    assert CASES["one picture"]().to_dict() == CASES["one picture"]().to_dict()


def test_what_is_not_asked_for_is_not_computed(grey_photograph, monkeypatch):
    def forbidden(*_):
        raise AssertionError("it was not asked for")

    monkeypatch.setattr("crosspatch.report.trace", forbidden)
    monkeypatch.setattr(sys.modules["crosspatch.compare"], "measure_classes", forbidden)
    for labels, part in (("otsu", "curves"), ("levels:4", "per_class")):
        report = crosspatch.compare(grey_photograph, labels=labels, seed=1)
        assert report.to_dict(["confusion", "metrics"])["metrics"]
        assert report.to_csv()
        with pytest.raises(AssertionError, match="not asked for"):
            report.to_dict([part])


@pytest.mark.parametrize("labels", ["otsu", "levels:4"])
def test_a_report_goes_from_process_to_process(grey_photograph, labels):
    report = crosspatch.compare(grey_photograph, labels=labels, rectangle="40x30", seed=1, families=["rates"])
    assert pickle.loads(pickle.dumps(report)).to_dict() == report.to_dict()


def test_a_report_does_not_change_with_the_array_that_it_was_made_of(grey_photograph):
    picture = grey_photograph.copy()
    report = crosspatch.compare(picture, labels="levels:4", rectangle="40x30", seed=1)
    picture[:] = 0
    assert (
        report.to_dict() == crosspatch.compare(grey_photograph, labels="levels:4", rectangle="40x30", seed=1).to_dict()
    )
