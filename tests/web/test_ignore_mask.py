"""What a mask picture leaves out: everywhere the same, by library, command line and HTTP."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from files import encoded
from flask.testing import FlaskClient
from PIL import Image
from sklearn import metrics as sk

import crosspatch
from crosspatch.cli import main
from crosspatch.errors import Impossible
from crosspatch.histogram import Levels

_rng = np.random.default_rng(31)
TRUTH, TEST = _rng.integers(0, 3, (2, 40, 50)).astype(np.uint8)
MASK = np.zeros((40, 50), np.uint8)
MASK[10:20, 5:30] = 255
KEPT = MASK == 0


def test_pairs_under_the_mask_are_left_out_of_every_count() -> None:
    report = crosspatch.compare(TRUTH, TEST, ignore_mask=MASK)
    expected = sk.confusion_matrix(TRUTH[KEPT], TEST[KEPT], labels=[0, 1, 2])
    assert report.confusion.matrix.tolist() == expected.tolist()
    assert report["mae"].value == pytest.approx(np.abs(TRUTH[KEPT].astype(int) - TEST[KEPT]).mean())


def test_metrics_of_neighbourhoods_say_that_the_mask_leaves_holes() -> None:
    report = crosspatch.compare(TRUTH, TEST, ignore_mask=MASK)
    assert report["ssim"].value is None
    assert report["ssim"].undefined is not None
    assert "holes" in report["ssim"].undefined
    whole = crosspatch.compare(TRUTH, TEST, ignore_mask=np.zeros_like(MASK))
    assert whole["ssim"].value == crosspatch.compare(TRUTH, TEST)["ssim"].value


def test_the_report_says_how_many_pairs_were_left_out() -> None:
    notes = {note.code: note.text for note in crosspatch.compare(TRUTH, TEST, ignore_mask=MASK).notes}
    assert notes["ignored-pairs"].startswith("250 of 2,000 pixel pairs were left out")
    assert "ignored-pairs" not in {note.code for note in crosspatch.compare(TRUTH, TEST).notes}


def test_of_two_rectangles_in_one_picture_either_pixel_under_the_mask_leaves_the_pair_out(
    grey_photograph: Levels,
) -> None:
    mask = np.zeros((512, 512), bool)
    mask[100:110, 100:120] = True
    report = crosspatch.compare(
        grey_photograph, ignore_mask=mask, rectangle=(64, 64), truth=(90, 90), test=(105, 60), labels="otsu"
    )
    kept = ~(mask[90:154, 90:154] | mask[60:124, 105:169])
    truth, test = grey_photograph[90:154, 90:154][kept], grey_photograph[60:124, 105:169][kept]
    threshold = report.labelling.thresholds[0]
    assert report.confusion.matrix.tolist() == sk.confusion_matrix(truth >= threshold, test >= threshold).tolist()


def test_levels_and_a_mask_are_left_out_together() -> None:
    report = crosspatch.compare(TRUTH, TEST, ignore_mask=MASK, ignore=2)
    kept = KEPT & (TRUTH != 2) & (TEST != 2)
    assert report.histogram.pixels == kept.sum()


def test_what_is_not_black_is_ignored_however_dark_and_however_stored() -> None:
    dark = np.zeros((40, 50, 3), np.uint8)
    dark[:10, :, 2] = 1
    sixteen_bit = np.zeros((40, 50), np.uint16)
    sixteen_bit[:10] = 1
    palette = Image.fromarray(dark).quantize(4)
    for mask in (dark, sixteen_bit, encoded(sixteen_bit, "PNG"), encoded(palette, "PNG")):
        assert crosspatch.compare(TRUTH, TEST, ignore_mask=mask).histogram.pixels == 1500


def test_what_is_wholly_transparent_is_not_ignored() -> None:
    painted = np.zeros((40, 50, 4), np.uint8)
    painted[:10] = (255, 0, 0, 128)
    assert crosspatch.compare(TRUTH, TEST, ignore_mask=painted).histogram.pixels == 1500


def test_a_mask_over_everything_leaves_nothing_to_count() -> None:
    report = crosspatch.compare(TRUTH, TEST, ignore_mask=np.full_like(MASK, 1))
    assert {each.value for each in report.metrics.values()} == {None}
    assert report["accuracy"].undefined == "every pixel pair is ignored, none is left to count"


def test_a_mask_of_another_size_is_refused_unless_a_resize_is_asked_for() -> None:
    with pytest.raises(Impossible, match="the ignore mask is 25x20 px and the picture 50x40 px: ask for a resize"):
        crosspatch.compare(TRUTH, TEST, ignore_mask=MASK[::2, ::2])
    report = crosspatch.compare(TRUTH, TEST, ignore_mask=MASK[::2, ::2], resize=(50, 40))
    # Rows 10 to 19 and columns 5 to 29: the odd column 5 is not in the half of the mask, column 30 shows none of it.
    assert report.histogram.pixels == 2000 - 10 * 24


def test_a_resized_mask_is_not_blended() -> None:
    board = (np.indices((20, 25)).sum(0) % 2).astype(np.uint8) * 255
    report = crosspatch.compare(TRUTH, TEST, ignore_mask=board, resize=(50, 40))
    assert report.histogram.pixels == 1000


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for name, pixels in (("truth", TRUTH), ("test", TEST), ("mask", MASK)):
        Image.fromarray(pixels).save(tmp_path / f"{name}.png")
    return tmp_path


def test_the_command_line_and_the_api_leave_out_the_same(files: Path, client: FlaskClient) -> None:
    expected = crosspatch.compare(
        *(files / f"{name}.png" for name in ("truth", "test")), ignore_mask=files / "mask.png", seed=1
    )
    names = [str(files / f"{name}.png") for name in ("truth", "test", "mask")]
    done = CliRunner().invoke(
        main, ["compare", *names[:2], "--ignore-mask", names[2], "--seed", "1", "--format", "json"]
    )
    assert done.exit_code == 0, done.output
    assert json.loads(done.output) == expected.to_dict()
    form = {
        field: (io.BytesIO((files / f"{name}.png").read_bytes()), f"{name}.png")
        for field, name in (("image", "truth"), ("test_image", "test"), ("ignore_mask", "mask"))
    }
    answer = client.post("/api/v1/comparisons", data={**form, "seed": "1"})
    assert answer.get_json() == expected.to_dict()
    ids = answer.get_json()["request"]
    again = client.post(
        "/api/v1/comparisons",
        json={"image": ids["image"], "test_image": ids["test_image"], "ignore_mask": ids["ignore_mask"], "seed": 1},
    )
    assert again.get_json() == expected.to_dict()
    query = {name: ids[name] for name in ("image", "test_image", "ignore_mask")}
    assert client.get("/api/v1/comparisons", query_string={**query, "seed": 1}).get_json() == expected.to_dict()


def test_the_api_refuses_a_mask_of_another_size_in_words(client: FlaskClient) -> None:
    form = {
        "image": (io.BytesIO(encoded(TRUTH, "PNG")), "truth.png"),
        "ignore_mask": (io.BytesIO(encoded(MASK[:30], "PNG")), "mask.png"),
    }
    answer = client.post("/api/v1/comparisons", data=form)
    assert answer.status_code == 422
    assert answer.get_json()["errors"] == [
        {"field": "ignore_mask", "detail": "the ignore mask is 50x30 px and the picture 50x40 px: ask for a resize"}
    ]


@pytest.mark.parametrize("field", ["test_image", "ignore_mask"])
def test_of_several_pictures_the_one_at_fault_is_named(client: FlaskClient, field: str) -> None:
    def sent(what: object) -> tuple[int, str]:
        form = {"image": (io.BytesIO(encoded(TRUTH, "PNG")), "truth.png"), field: what}
        answer = client.post("/api/v1/comparisons", data=form)
        return answer.status_code, answer.get_json()["errors"][0]["field"]

    assert sent("0" * 64) == (404, field)
    assert sent((io.BytesIO(b"%PDF-1.7"), "mask.pdf")) == (415, field)
