"""An answer that the client has is not computed again, as long as its pictures are there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from serving import ROOT

from crosspatch.web.work import Workbench

SEEDED = {"rectangle_width": 32, "rectangle_height": 32, "seed": 7}


@pytest.fixture
def image(client: FlaskClient) -> str:
    with (ROOT / "docs" / "photo.jpg").open("rb") as file:
        return str(client.post("/api/v1/images", data={"image": (file, "photo.jpg")}).get_json()["id"])


@pytest.fixture
def idle(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From when it is called, any work on a bench is a fault."""

    def forbid() -> None:
        def run(self: Workbench, function: Callable[..., Any], *args: Any, **options: Any) -> None:
            raise AssertionError(f"{function} ran")

        monkeypatch.setattr(Workbench, "run", run)
        monkeypatch.setattr("crosspatch.web.telemetry.MeasuredWorkbench.run", run)

    return forbid


def links(image: str) -> list[tuple[str, dict[str, Any]]]:
    rendition = f"/api/v1/images/{image}/rendition"
    return [
        (rendition, {}),
        (rendition, {"width": 64, "height": 64, "channel": "red"}),
        (rendition, {"channel": "luminance", "labels": "values", "format": "raw"}),
        *(("/api/v1/comparisons", {"image": image, "format": form, **SEEDED}) for form in ("json", "csv", "html")),
    ]


@pytest.mark.parametrize("accepted", ["", "gzip", "zstd, br"])
def test_what_is_known_costs_nothing(client: FlaskClient, image: str, idle: Callable[[], None], accepted: str) -> None:
    headers = {"Accept-Encoding": accepted}
    answers = [(path, query, client.get(path, query_string=query, headers=headers)) for path, query in links(image)]
    idle()
    for path, query, first in answers:
        assert first.status_code == 200
        known = {**headers, "If-None-Match": f'"other", {first.headers["ETag"]}'}
        again = client.get(path, query_string=query, headers=known)
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
        assert again.headers["Cache-Control"] == first.headers["Cache-Control"]


def test_every_question_has_a_tag_of_its_own(client: FlaskClient, image: str) -> None:
    asked = [
        *links(image),
        ("/api/v1/comparisons", {"image": image, **SEEDED, "seed": 8}),
        ("/api/v1/comparisons", {"image": image, **SEEDED, "include": "metrics"}),
        ("/api/v1/comparisons", {"image": image, **SEEDED, "families": "rates"}),
        ("/api/v1/comparisons", {"image": image, **SEEDED, "format": "html", "name": "a.jpg"}),
        (f"/api/v1/images/{image}/rendition", {"width": 64, "height": 64, "channel": "green"}),
        (f"/api/v1/images/{image}/rendition", {"width": 64, "height": 65, "channel": "red"}),
    ]
    tags = [client.get(path, query_string=query).headers["ETag"] for path, query in asked]
    assert len(set(tags)) == len(asked)


def test_the_same_question_in_other_words_has_the_same_tag(client: FlaskClient, image: str) -> None:
    one = client.get("/api/v1/comparisons", query_string={"image": image, **SEEDED})
    other = client.get("/api/v1/comparisons", query_string={**SEEDED, "channel": "luminance", "image": image})
    assert (one.headers["ETag"], one.data) == (other.headers["ETag"], other.data)


def test_what_has_gone_is_gone_whatever_the_client_has(client: FlaskClient, image: str) -> None:
    tags = [client.get(path, query_string=query).headers["ETag"] for path, query in links(image)]
    client.delete(f"/api/v1/images/{image}")
    for (path, query), tag in zip(links(image), tags, strict=True):
        again = client.get(path, query_string=query, headers={"If-None-Match": tag})
        assert (again.status_code, again.get_json()["type"]) == (404, "/problems/image-expired")


def test_without_a_seed_nothing_is_known(client: FlaskClient, image: str) -> None:
    first = client.get("/api/v1/comparisons", query_string={"image": image})
    assert "ETag" not in first.headers
    assert first.headers["Cache-Control"] == "no-store"
    for header in ("*", '"x"'):
        again = client.get("/api/v1/comparisons", query_string={"image": image}, headers={"If-None-Match": header})
        assert again.status_code == 200
        assert again.get_json()["request"]["seed"] != first.get_json()["request"]["seed"]


def test_what_cannot_be_answered_is_refused_even_to_those_who_take_anything(client: FlaskClient, image: str) -> None:
    query = {"image": image, **SEEDED, "truth_x": 4000, "truth_y": 0}
    response = client.get("/api/v1/comparisons", query_string=query, headers={"If-None-Match": "*"})
    assert response.status_code == 422
