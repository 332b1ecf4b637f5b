"""The HTTP API against the library, on real pictures, through Flask's own client."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from PIL import Image
from skimage import data

import crosspatch
from crosspatch.html import report_policy
from crosspatch.web.app import create_app
from crosspatch.web.settings import load_settings

ASKED = {"resize": {"width": 300, "height": 200}, "rectangle": {"width": 64, "height": 48}, "seed": 7}
FLAT = {"width": 300, "height": 200, "rectangle_width": 64, "rectangle_height": 48, "seed": 7}


def png(pixels: np.ndarray, form: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, form, **options)
    return out.getvalue()


@pytest.fixture(scope="module")
def photo() -> bytes:
    return png(data.astronaut(), "JPEG", quality=90)


def upload(client: FlaskClient, picture: bytes, name: str = "photo.jpg") -> dict[str, Any]:
    response = client.post("/api/v1/images", data={"image": (io.BytesIO(picture), name)})
    assert response.status_code == 201, response.text
    return response.get_json()


def test_upload_tells_what_the_picture_is_and_what_is_compared_by_default(client: FlaskClient, photo: bytes) -> None:
    response = client.post("/api/v1/images", data={"image": (io.BytesIO(photo), "photo.jpg")})
    found = response.get_json()
    assert response.headers["Location"] == f"/api/v1/images/{found['id']}"
    assert found.pop("expires_at").endswith("Z")
    assert found == {
        "id": hashlib.sha256(photo).hexdigest(),
        "width": 512,
        "height": 512,
        "format": "JPEG",
        "mode": "RGB",
        "bytes": len(photo),
        "notes": [],
        "defaults": {
            "resize": {"width": 512, "height": 512},
            "rectangle": {"width": 128, "height": 128},
            "channel": "luminance",
            "labels": "otsu",
        },
    }


def test_a_large_picture_is_shown_at_512_on_its_longest_side(client: FlaskClient) -> None:
    found = upload(client, png(np.zeros((900, 1350, 3), np.uint8)))
    assert found["defaults"] == {
        "resize": {"width": 512, "height": 341},
        "rectangle": {"width": 128, "height": 128},
        "channel": "luminance",
        "labels": "values",
    }


def test_an_image_is_described_and_deleted(client: FlaskClient, photo: bytes) -> None:
    found = upload(client, photo)
    url = f"/api/v1/images/{found['id']}"
    assert client.get(url).get_json() == found
    assert client.delete(url).status_code == 204
    gone = client.get(url)
    assert (gone.status_code, gone.get_json()["type"]) == (404, "/problems/image-expired")


def test_an_image_that_never_was_is_unknown(client: FlaskClient) -> None:
    gone = client.get(f"/api/v1/images/{'0' * 64}")
    assert (gone.status_code, gone.get_json()["type"]) == (404, "/problems/unknown-image")


def library(photo: bytes, **options: Any) -> dict[str, Any]:
    report = crosspatch.compare(photo, resize=(300, 200), rectangle=(64, 48), seed=7, **options)
    return json.loads(json.dumps(report.to_dict()))


def test_json_multipart_query_and_library_give_the_same_report(client: FlaskClient, photo: bytes) -> None:
    image_id = upload(client, photo)["id"]
    expected = library(photo)
    assert client.post("/api/v1/comparisons", json={"image": image_id, **ASKED}).get_json() == expected
    form = client.post("/api/v1/comparisons", data={"image": (io.BytesIO(photo), "p.jpg"), **FLAT})
    assert form.get_json() == expected
    assert client.get("/api/v1/comparisons", query_string={"image": image_id, **FLAT}).get_json() == expected


@pytest.mark.parametrize("labels", ["otsu", "threshold:90", "threshold:90,100", "levels:2", "levels:7", "levels:256"])
@pytest.mark.parametrize("channel", ["luminance", "green"])
def test_every_labelling_and_channel_gives_what_the_library_gives(
    client: FlaskClient, photo: bytes, labels: str, channel: str
) -> None:
    image_id = upload(client, photo)["id"]
    asked = {"image": image_id, **ASKED, "labels": labels, "channel": channel}
    assert client.post("/api/v1/comparisons", json=asked).get_json() == library(photo, labels=labels, channel=channel)


def test_two_stored_pictures_are_compared_whole(client: FlaskClient) -> None:
    truth, test = (png(picture) for picture in (data.camera()[:200, :200], data.camera()[3:203, :200]))
    ids = [upload(client, picture)["id"] for picture in (truth, test)]
    found = client.post("/api/v1/comparisons", json={"image": ids[0], "test_image": ids[1], "seed": 1}).get_json()
    assert found == json.loads(json.dumps(crosspatch.compare(truth, test, seed=1).to_dict()))
    assert found["overlap"] is None


def test_without_a_seed_the_report_says_which_was_drawn_and_repeats_with_it(client: FlaskClient, photo: bytes) -> None:
    image_id = upload(client, photo)["id"]
    first = client.post("/api/v1/comparisons", json={"image": image_id}).get_json()
    assert client.post("/api/v1/comparisons", json=first["request"]).get_json() == first


def test_only_the_parts_and_families_asked_for_are_sent(client: FlaskClient, photo: bytes) -> None:
    asked = {"image": upload(client, photo)["id"], **ASKED, "include": ["metrics"], "families": ["errors"]}
    found = client.post("/api/v1/comparisons", json=asked).get_json()
    assert {"confusion", "per_class", "histograms"}.isdisjoint(found)
    assert {crosspatch.METRICS[row["key"]].family for row in found["metrics"]} == {"errors"}


def test_a_rendition_with_a_channel_is_exactly_what_is_compared(client: FlaskClient, photo: bytes) -> None:
    url = f"/api/v1/images/{upload(client, photo)['id']}/rendition"
    expected = np.asarray(Image.open(io.BytesIO(photo)).resize((300, 200), Image.Resampling.LANCZOS).convert("L"))
    query = {"width": 300, "height": 200, "channel": "luminance"}
    raw = client.get(url, query_string={**query, "format": "raw"})
    assert raw.mimetype == "application/octet-stream"
    np.testing.assert_array_equal(np.frombuffer(raw.data, np.uint8).reshape(200, 300), expected)
    drawn = client.get(url, query_string=query)
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(drawn.data))), expected)


def test_a_rendition_without_channel_and_size_is_in_colour_and_at_most_1024(client: FlaskClient) -> None:
    url = f"/api/v1/images/{upload(client, png(np.zeros((1100, 2200, 3), np.uint8)))['id']}/rendition"
    drawn = Image.open(io.BytesIO(client.get(url).data))
    assert (drawn.mode, drawn.size) == ("RGB", (1024, 512))


def test_a_mask_of_low_values_can_be_seen(client: FlaskClient) -> None:
    url = f"/api/v1/images/{upload(client, png(np.array([[0, 1], [1, 0]], np.uint8)))['id']}/rendition"
    assert np.asarray(Image.open(io.BytesIO(client.get(url).data))).tolist() == [[0, 255], [255, 0]]
    assert client.get(url, query_string={"channel": "luminance", "format": "raw"}).data == bytes([0, 1, 1, 0])


def test_a_palette_rendition_under_values_holds_the_stored_indices(client: FlaskClient) -> None:
    indices = np.arange(16, dtype=np.uint8).reshape(4, 4)
    image = Image.frombytes("P", (4, 4), indices.tobytes())
    image.putpalette([value for index in range(16) for value in (255 - index, index, 7)])
    out = io.BytesIO()
    image.save(out, "PNG")
    url = f"/api/v1/images/{upload(client, out.getvalue())['id']}/rendition"
    raw = client.get(url, query_string={"channel": "luminance", "labels": "values", "format": "raw"})
    assert raw.data == indices.tobytes()


def test_renditions_and_comparisons_by_link_answer_304_to_what_is_known(client: FlaskClient, photo: bytes) -> None:
    image_id = upload(client, photo)["id"]
    for url in (f"/api/v1/images/{image_id}/rendition", f"/api/v1/comparisons?image={image_id}&seed=3"):
        etag = client.get(url).headers["ETag"]
        assert client.get(url, headers={"If-None-Match": etag}).status_code == 304


def test_csv_has_one_row_a_metric(client: FlaskClient, photo: bytes) -> None:
    query = {"image": upload(client, photo)["id"], **FLAT, "format": "csv"}
    response = client.get("/api/v1/comparisons", query_string=query)
    assert response.mimetype == "text/csv"
    assert response.text == crosspatch.compare(photo, resize=(300, 200), rectangle=(64, 48), seed=7).to_csv()


def test_html_is_the_report_that_stands_alone(client: FlaskClient, photo: bytes) -> None:
    query = {"image": upload(client, photo)["id"], **FLAT, "format": "html"}
    response = client.get("/api/v1/comparisons", query_string=query)
    assert (response.status_code, response.mimetype) == (200, "text/html")
    assert response.headers["Content-Disposition"] == "inline; filename=comparison.html"
    assert report_in(response.text) == library(photo)
    again = client.get("/api/v1/comparisons", query_string=query, headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


def test_an_html_report_comes_under_its_own_policy_and_the_page_keeps_its_own(
    client: FlaskClient, photo: bytes
) -> None:
    query = {"image": upload(client, photo)["id"], **FLAT, "format": "html"}
    served = client.get("/api/v1/comparisons", query_string=query)
    posted = client.post("/compare", data={"image": (io.BytesIO(photo), "p.jpg"), **FLAT})
    for response in (served, posted):
        assert response.headers.getlist("Content-Security-Policy") == [f"{report_policy()}; frame-ancestors 'none'"]
    query["format"] = "json"
    answer = client.get("/api/v1/comparisons", query_string=query)
    assert "script-src 'self';" in answer.headers["Content-Security-Policy"]


def test_an_html_report_of_two_stored_masks_holds_both(client: FlaskClient) -> None:
    masks = [png(np.array(levels, np.uint8)) for levels in ([[0, 1], [2, 2]], [[0, 2], [2, 1]])]
    ids = [upload(client, mask)["id"] for mask in masks]
    query = {"image": ids[0], "test_image": ids[1], "seed": 1, "format": "html"}
    found = client.get("/api/v1/comparisons", query_string=query).text
    assert report_in(found) == json.loads(json.dumps(crosspatch.compare(*masks, seed=1).to_dict()))
    assert found.count("data-original ") == 2
    assert zlib.decompress(base64.b64decode(element("report-levels", found))) == bytes([0, 1, 2, 2, 0, 2, 2, 1])


def test_an_html_report_of_a_picture_that_is_gone_is_refused_as_any_other(client: FlaskClient) -> None:
    gone = client.get("/api/v1/comparisons", query_string={"image": "0" * 64, "format": "html"})
    assert (gone.status_code, gone.mimetype) == (404, "application/problem+json")


def element(name: str, page: str) -> str:
    (found,) = re.findall(rf'id="{name}">([^<]*)<', page)
    return str(found)


def report_in(page: str) -> Any:
    """The report that an HTML report holds."""
    return json.loads(element("report-data", page))["report"]


def test_the_catalogue_is_the_librarys(client: FlaskClient) -> None:
    expected = [metric.to_dict() for metric in crosspatch.METRICS.values()]
    assert client.get("/api/v1/metrics").get_json() == json.loads(json.dumps(expected))


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"image": "xyz"}, 400, "image"),
        ({"seed": "7"}, 400, "seed"),
        ({"seed": 2**53}, 400, "seed"),
        ({"seed": 1.5}, 400, "seed"),
        ({"resize": {"width": 0, "height": 5}}, 400, "resize.width"),
        ({"resize": {"width": 5}}, 400, "resize.height"),
        ({"labels": "median"}, 400, "labels"),
        ({"labels": "threshold:0"}, 400, "labels"),
        ({"labels": "levels:257"}, 400, "labels"),
        ({"channel": "sepia"}, 400, "channel"),
        ({"ignore": [256]}, 400, "ignore.0"),
        ({"families": ["beauty"]}, 400, "families"),
        ({"include": ["all"]}, 400, "include.0"),
        ({"colour": 1}, 400, "colour"),
        ({"rectangle": {"width": 600, "height": 64}}, 422, "rectangle_width"),
        ({"rectangle": {"width": 64, "height": 600}}, 422, "rectangle_height"),
        ({"truth": {"x": 500, "y": 0}}, 422, "truth_x"),
        ({"test": {"x": 0, "y": 500}}, 422, "test_y"),
        ({"resize": {"width": 20000, "height": 5}}, 422, "width"),
        ({"channel": "alpha"}, 422, "channel"),
        ({"class_names": ["a", "b", "c"]}, 422, "class_names"),
    ],
)
def test_a_wrong_field_is_named_with_its_fault(
    client: FlaskClient, photo: bytes, body: dict[str, Any], status: int, field: str
) -> None:
    response = client.post("/api/v1/comparisons", json={"image": upload(client, photo)["id"], **body})
    problem = response.get_json()
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    assert (problem["status"], problem["errors"][0]["field"]) == (status, field)
    assert problem["detail"]


@pytest.mark.parametrize("half", ["width", "rectangle_height", "truth_x", "test_y"])
def test_half_of_a_size_or_place_is_refused(client: FlaskClient, photo: bytes, half: str) -> None:
    response = client.post("/api/v1/comparisons", data={"image": (io.BytesIO(photo), "p.jpg"), half: "9"})
    assert response.status_code == 400
    assert "go together" in response.get_json()["detail"]


def test_empty_fields_of_a_form_are_fields_left_out(client: FlaskClient, photo: bytes) -> None:
    empty = dict.fromkeys([*FLAT, "labels", "channel", "truth_x", "ignore"], "")
    response = client.post("/api/v1/comparisons", data={"image": (io.BytesIO(photo), "p.jpg"), **empty})
    assert response.get_json()["request"]["labels"] == "otsu"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.pdf", b"%PDF-1.7 ...", "looks like a PDF"),
        ("a.png", b"", "is empty"),
        ("a.jpg", b"hello there", "looks like text"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "looks like an SVG"),
        ("a.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00", "PNG"),
    ],
)
def test_what_is_not_a_picture_is_refused_in_words(client: FlaskClient, name: str, content: bytes, words: str) -> None:
    response = client.post("/api/v1/images", data={"image": (io.BytesIO(content), name)})
    assert (response.status_code, response.get_json()["type"]) == (415, "/problems/not-a-picture")
    assert words in response.get_json()["detail"]
    assert "PNG, JPEG, WebP, TIFF, BMP or GIF" in response.get_json()["detail"]


def test_a_truncated_picture_is_refused_and_nothing_is_stored(client: FlaskClient, photo: bytes) -> None:
    response = client.post("/api/v1/images", data={"image": (io.BytesIO(photo[:5000]), "p.jpg")})
    assert response.status_code == 415
    assert client.get(f"/api/v1/images/{hashlib.sha256(photo[:5000]).hexdigest()}").status_code == 404


def test_a_picture_of_too_many_pixels_is_refused_by_its_header(client: FlaskClient) -> None:
    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    response = client.post("/api/v1/images", data={"image": (io.BytesIO(out.getvalue()), "bomb.png")})
    assert (response.status_code, response.get_json()["type"]) == (413, "/problems/too-large")
    assert "81.0 megapixels" in response.get_json()["detail"]


@pytest.mark.parametrize("length", [100_001, 450_000])
def test_a_file_that_is_too_large_is_refused(tmp_path: Path, length: int) -> None:
    client = create_app(load_settings(store=str(tmp_path), max_upload_bytes=100_000)).test_client()
    with client.post("/api/v1/images", data={"image": (io.BytesIO(bytes(length)), "zeros.png")}) as response:
        assert (response.status_code, response.get_json()["type"]) == (413, "/problems/too-large")
        assert "are taken" in response.get_json()["detail"]


@pytest.mark.parametrize(
    ("method", "url", "options", "status"),
    [
        ("get", "/nowhere", {}, 404),
        ("post", "/", {}, 405),
        ("put", "/api/v1/images", {}, 405),
        ("post", "/api/v1/images", {}, 400),
        ("post", "/api/v1/images", {"data": {"picture": "x"}}, 400),
        ("post", "/api/v1/comparisons", {}, 400),
        ("post", "/api/v1/comparisons", {"data": "{", "content_type": "application/json"}, 400),
        ("post", "/api/v1/comparisons", {"json": [1]}, 400),
        ("post", "/api/v1/comparisons", {"json": None}, 400),
        ("get", "/api/v1/comparisons", {}, 400),
        ("get", "/api/v1/comparisons?image=1&format=pdf", {}, 400),
        ("get", f"/api/v1/images/{'0' * 64}/rendition?format=jpeg", {}, 400),
        ("get", "/api/v1/images/..%2f..%2fetc%2fpasswd", {}, 404),
        ("get", "/static_files/../app.py", {}, 404),
    ],
)
def test_every_refusal_is_a_problem(
    client: FlaskClient, method: str, url: str, options: dict[str, Any], status: int
) -> None:
    response = getattr(client, method)(url, **options)
    problem = response.get_json()
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    assert {"type", "title", "status", "detail"} <= problem.keys()
    assert problem["status"] == status


def test_answers_are_compressed_when_the_client_can(client: FlaskClient, photo: bytes) -> None:
    asked = {"image": upload(client, photo)["id"], **ASKED}
    response = client.post("/api/v1/comparisons", json=asked, headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"


def test_a_whole_number_may_be_written_with_a_point(client: FlaskClient, photo: bytes) -> None:
    asked = {"image": upload(client, photo)["id"], "seed": 7.0, "rectangle": {"width": 64.0, "height": 48.0}}
    assert client.post("/api/v1/comparisons", json=asked).get_json()["request"]["seed"] == 7
    broken = client.post("/api/v1/comparisons", json={**asked, "seed": 7.5})
    assert broken.get_json()["errors"] == [{"field": "seed", "detail": "Input should be a valid integer"}]


def test_a_form_takes_lists_as_long_as_json_does(client: FlaskClient, photo: bytes) -> None:
    fields = {
        "labels": "levels:256",
        "class_names": [f"class {level}" for level in range(256)],
        "ignore": list(range(250)),
    }
    sent = {"image": (io.BytesIO(photo), "a.png"), **fields}
    answer = client.post("/api/v1/comparisons", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 200, answer.text
    assert answer.get_json()["labels"]["classes"] == fields["class_names"]


def test_the_openapi_document_describes_every_route_of_the_api(client: FlaskClient) -> None:
    found = client.get("/api/v1/openapi.json").get_json()
    assert found["openapi"] == "3.1.0"
    assert {(path, method) for path, item in found["paths"].items() for method in item} == {
        ("/api/v1/images", "post"),
        ("/api/v1/images/{image_id}", "get"),
        ("/api/v1/images/{image_id}", "delete"),
        ("/api/v1/images/{image_id}/rendition", "get"),
        ("/api/v1/comparisons", "post"),
        ("/api/v1/comparisons", "get"),
        ("/api/v1/baselines", "post"),
        ("/api/v1/metrics", "get"),
    }
    answer = found["paths"]["/api/v1/comparisons"]["get"]["responses"]["200"]["content"]
    assert set(answer) == {"application/json", "text/csv", "text/html"}
    posted = found["paths"]["/api/v1/comparisons"]["post"]["responses"]["200"]["content"]
    assert answer["application/json"] == posted["application/json"]
    assert answer["application/json"]["schema"]["$ref"].rpartition("/")[2] in found["components"]["schemas"]
    body = found["paths"]["/api/v1/comparisons"]["post"]["requestBody"]["content"]
    assert set(body) == {"application/json", "multipart/form-data"}
    assert body["multipart/form-data"]["schema"]["properties"]["image"] == {"type": "string", "format": "binary"}


def test_health_and_readiness_answer(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"status": "alive"}
    assert client.get("/readyz").get_json() == {"status": "ready"}


def test_the_page_may_load_nothing_from_elsewhere(client: FlaskClient) -> None:
    with client.get("/") as response:
        policy = response.headers["Content-Security-Policy"]
    assert policy == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def test_without_scripts_the_form_gets_an_html_report(client: FlaskClient, photo: bytes) -> None:
    response = client.post("/compare", data={"image": (io.BytesIO(photo), "p.jpg"), **FLAT})
    expected = library(photo)
    assert (response.status_code, response.mimetype) == (200, "text/html")
    assert report_in(response.text) == expected
    assert f"<td>{expected['confusion']['matrix'][0][0]:,}</td>" in response.text
    assert "crosspatch compare p.jpg --resize 300x200 " in response.text


def test_without_scripts_a_large_picture_is_compared_at_the_size_of_the_page(client: FlaskClient) -> None:
    large = png(np.zeros((600, 1200), np.uint8))
    response = client.post("/compare", data={"image": (io.BytesIO(large), "p.png"), "width": "", "height": ""})
    assert "Resized, 512 x 256 px" in response.text


def test_without_scripts_an_error_is_a_page_in_words(client: FlaskClient) -> None:
    response = client.post("/compare", data={"image": (io.BytesIO(b"%PDF-1.7"), "<b>.pdf")})
    assert (response.status_code, response.mimetype) == (415, "text/html")
    assert "it looks like a PDF" in response.text


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"image": ', b"\xff\xfe", b"nothing"], ids=["deep", "cut", "odd", "no"]
)
def test_what_is_not_json_is_refused_in_words(client: FlaskClient, body: bytes) -> None:
    response = client.post("/api/v1/comparisons", data=body, content_type="application/json")
    assert (response.status_code, response.get_json()["detail"][:20]) == (400, "the body is not JSON")


@pytest.mark.parametrize("field", ["families", "ignore", "include", "class_names"])
def test_a_long_list_gets_a_short_answer(client: FlaskClient, field: str) -> None:
    response = client.post("/api/v1/comparisons", json={"image": "0" * 64, field: [-1] * 5000})
    assert (response.status_code, len(response.get_json()["errors"]) <= 20) == (400, True)


def test_a_body_of_json_has_a_limit_of_its_own(client: FlaskClient) -> None:
    response = client.post("/api/v1/comparisons", json={"image": "0" * 64, "families": ["x" * 200_000]})
    assert (response.status_code, response.get_json()["type"]) == (413, "/problems/too-large")
    assert "128 KiB" in response.get_json()["detail"]


def test_an_empty_file_is_refused_wherever_it_comes(client: FlaskClient) -> None:
    for url in ("/api/v1/images", "/api/v1/comparisons"):
        response = client.post(url, data={"image": (io.BytesIO(b""), "empty.png")})
        assert (response.status_code, "is empty" in response.get_json()["detail"]) == (415, True)


def test_no_part_of_a_report_can_be_asked_for(client: FlaskClient, photo: bytes) -> None:
    asked = {"image": upload(client, photo)["id"], **ASKED, "include": []}
    assert {"confusion", "metrics", "per_class"}.isdisjoint(client.post("/api/v1/comparisons", json=asked).get_json())


def test_the_limits_on_the_page_are_those_of_the_default_settings(client: FlaskClient) -> None:
    settings = load_settings()
    with client.get("/") as response:
        page = " ".join(response.text.split())
    assert f"at most {settings.max_upload_bytes // 2**20} MiB and {settings.max_pixels // 10**6} megapixels" in page
    assert (settings.store_lifetime_s, "Kept for one hour" in page) == (3600, True)
