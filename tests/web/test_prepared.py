"""What never changes is compressed once, asked for anew at each use, and sent whole only when it is new."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from crosspatch.web.prepared import Files

PAGE = Path(__file__).parents[2] / "src" / "crosspatch" / "web" / "static_files"
SWAGGER = "/api/docs/js/swagger-ui-bundle.js"


def paths() -> list[str]:
    return sorted(f"/static_files/{file.relative_to(PAGE).as_posix()}" for file in PAGE.rglob("*") if file.is_file())


def test_every_file_of_the_page_is_sent_compressed_unless_that_is_larger(client: FlaskClient) -> None:
    for path in (*paths(), "/", SWAGGER, "/api/v1/metrics"):
        plain = client.get(path)
        packed = client.get(path, headers={"Accept-Encoding": "gzip"})
        assert packed.headers["Content-Length"] == str(len(packed.data))
        assert packed.headers["Content-Type"] == plain.headers["Content-Type"]
        if packed.headers.get("Content-Encoding") is None:
            assert packed.data == plain.data
            assert path.endswith((".jpg", ".png", ".md")), path
        else:
            assert gzip.decompress(packed.data) == plain.data
            assert len(packed.data) < len(plain.data)
            assert packed.headers["ETag"] != plain.headers["ETag"]


@pytest.mark.parametrize("path", ["/", "/static_files/app.js", "/static_files/samples/cells.jpg", "/api/v1/metrics"])
@pytest.mark.parametrize("accepted", [{}, {"Accept-Encoding": "gzip, br"}, {"Accept-Encoding": "zstd"}])
def test_what_is_known_is_not_sent_again(client: FlaskClient, path: str, accepted: dict[str, str]) -> None:
    first = client.get(path, headers=accepted)
    again = client.get(path, headers={**accepted, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    for name in ("ETag", "Cache-Control", "Vary"):
        assert again.headers[name] == first.headers[name]
    assert (first.headers["Cache-Control"], first.headers["Vary"]) == ("no-cache", "Accept-Encoding")
    assert not first.headers["ETag"].startswith("W/")
    assert client.get(path, headers={**accepted, "If-None-Match": '"another"'}).status_code == 200


@pytest.mark.parametrize("accepted", [{}, {"Accept-Encoding": "gzip, br"}, {"Accept-Encoding": "zstd"}])
def test_what_is_not_to_be_sent_is_not_sent_under_412(client: FlaskClient, accepted: dict[str, str]) -> None:
    refused = client.get("/api/v1/metrics", headers={**accepted, "If-Match": '"another"'})
    assert (refused.status_code, refused.mimetype) == (412, "application/problem+json")
    assert (refused.get_json()["type"], "ETag" in refused.headers) == ("/problems/precondition-failed", False)
    assert "Content-Security-Policy" in refused.headers


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", None),
        ("gzip, deflate, br, zstd", "gzip"),
        ("gzip", "gzip"),
        ("zstd;q=0, gzip;q=0.5", "gzip"),
        ("gzip;q=1, zstd;q=0.2", "gzip"),
        ("br", None),
        ("zstd;q=0, gzip;q=0", None),
        ("*", "gzip"),
        ("zstd", "zstd"),
    ],
)
def test_the_encoding_is_one_that_the_client_accepts(client: FlaskClient, accepted: str, encoding: str | None) -> None:
    response = client.get("/static_files/app.js", headers={"Accept-Encoding": accepted})
    assert response.headers.get("Content-Encoding") == encoding


@pytest.mark.parametrize("accepted", [{}, {"Accept-Encoding": "gzip, br, zstd"}])
def test_a_part_of_a_file_is_one_of_its_bytes(client: FlaskClient, accepted: dict[str, str]) -> None:
    for path in ("/static_files/app.js", "/static_files/samples/cells.jpg"):
        whole = client.get(path)
        part = client.get(path, headers={**accepted, "Range": "bytes=600-1299"})
        assert (part.status_code, part.data) == (206, whole.data[600:1300])
        assert part.headers["Content-Range"] == f"bytes 600-1299/{len(whole.data)}"
        assert "Content-Encoding" not in part.headers
        beyond = client.get(path, headers={**accepted, "Range": "bytes=99999999-"})
        assert beyond.status_code == 416


def test_a_head_says_what_a_get_would_send(client: FlaskClient) -> None:
    for accepted in ({}, {"Accept-Encoding": "gzip"}):
        sent = client.get("/static_files/app.js", headers=accepted)
        said = client.head("/static_files/app.js", headers=accepted)
        assert said.data == b""
        for name in ("Content-Length", "Content-Type", "ETag", "Cache-Control", "Vary"):
            assert said.headers[name] == sent.headers[name]


def test_a_file_that_changes_is_sent_anew(tmp_path: Path) -> None:
    file, files, app = tmp_path / "a.css", Files(tmp_path), Flask(__name__)
    file.write_text("a {}\n" * 100)
    with app.test_request_context(headers={"Accept-Encoding": "gzip"}):
        first = files.answer("a.css")
        file.write_text("b {}\n" * 100)
        os.utime(file, ns=(1, 1))
        second = files.answer("a.css")
    assert gzip.decompress(second.data) == file.read_bytes() != gzip.decompress(first.data)
    assert first.headers["ETag"] != second.headers["ETag"]


def test_preparing_all_files_leaves_none_to_prepare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "view").mkdir()
    (tmp_path / "view" / "a.js").write_text("f();\n" * 100)
    files = Files(tmp_path)
    files.prepare()
    monkeypatch.setattr(gzip, "compress", None)
    with Flask(__name__).test_request_context(headers={"Accept-Encoding": "gzip"}):
        assert files.answer("view/a.js").headers["Content-Encoding"] == "gzip"


@pytest.mark.parametrize("name", ["absent.js", "view", "", "../app.py", "%2e%2e/app.py", "view/../../app.py"])
def test_there_is_nothing_but_files_of_the_page(client: FlaskClient, name: str) -> None:
    assert client.get(f"/static_files/{name}").status_code == 404


def test_a_file_is_kept_once_however_its_name_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.js").write_text("f();\n" * 100)
    files = Files(tmp_path)
    files.prepare()
    monkeypatch.setattr(gzip, "compress", None)
    with Flask(__name__).test_request_context(headers={"Accept-Encoding": "gzip"}):
        for name in ("./a.js", "x/../a.js", "y//../a.js"):
            assert files.answer(name).headers["Content-Encoding"] == "gzip"


def test_a_name_that_is_too_long_is_of_nothing(client: FlaskClient) -> None:
    assert client.get(f"/static_files/{'a' * 300}").status_code == 404
