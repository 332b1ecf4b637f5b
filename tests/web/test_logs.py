"""What is logged, in which form, and what never is."""

from __future__ import annotations

import json
import logging
import os
import pty
import re
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from flask import Flask
from flask.testing import FlaskClient
from serving import ROOT, serving
from structlog.contextvars import clear_contextvars

from crosspatch.web.app import create_app
from crosspatch.web.logs import formatter
from crosspatch.web.settings import load_settings

Log = Callable[[], list[dict[str, Any]]]
SAY = "import logging; from crosspatch.web.logs import configure_logging; configure_logging('info', {form!r}); "
PICTURE = (ROOT / "docs" / "photo.jpg").read_bytes()


def line(text: str, *args: object, logger: str = "crosspatch", as_text: bool = False, **options: Any) -> str:
    record = logging.LogRecord(logger, logging.INFO, "file.py", 1, text, args, None)
    record.__dict__.update(options)
    return formatter(as_text=as_text).format(record)


def said(code: str, form: str) -> str:
    done = subprocess.run([sys.executable, "-c", SAY.format(form=form) + code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stderr


@pytest.fixture(autouse=True)
def no_request() -> None:
    """A test client that does not close an answer leaves its request open, and its id on every line."""
    clear_contextvars()


@pytest.fixture
def log() -> Iterator[Log]:
    handler, logger = logging.StreamHandler(StringIO()), logging.getLogger("crosspatch")
    handler.setFormatter(formatter(as_text=False))
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield lambda: [json.loads(each) for each in handler.stream.getvalue().splitlines()]
    logger.removeHandler(handler)
    logger.setLevel(level)


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    app = create_app(load_settings(store=str(tmp_path / "store")))
    app.add_url_rule("/fails", view_func=lambda: 1 / 0)
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def test_a_message_is_one_json_object_with_time_level_logger_and_process() -> None:
    found = json.loads(line("stored %d", 3))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", found.pop("timestamp"))
    assert found == {"event": "stored 3", "level": "info", "logger": "crosspatch", "pid": os.getpid()}


def test_what_is_given_with_a_message_stands_beside_it() -> None:
    assert json.loads(line("request", status=200))["status"] == 200


def test_a_traceback_stays_on_the_line_and_shows_no_values() -> None:
    try:
        secret = 1
        secret /= 0
    except ZeroDivisionError:
        written = line("failed", exc_info=sys.exc_info())
        expected = traceback.format_exc().strip()
    assert ("\n" in written, json.loads(written)["exception"]) == (False, expected)


def test_text_is_for_reading() -> None:
    assert re.search(
        r" \[info     \] request .*\[crosspatch\] status=200 pid=", line("request", as_text=True, status=200)
    )


INVALID = "Invalid request from ip=192.0.2.7: Invalid HTTP "
KILLED = "Worker (pid:7) was sent SIGKILL! Perhaps out of memory?"


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("Error handling request GET /here?name=me.png", "Error handling request GET /here"),
        (f"{INVALID}request line: 'GET /a?b c'", f"{INVALID}request line"),
        (f"{INVALID}method: 'me.png'", f"{INVALID}method"),
        ("Invalid request from ip=::1: 'me.png: no'", "Invalid request from ip=::1: "),
        (KILLED, KILLED),
    ],
)
def test_gunicorn_is_quoted_without_what_a_client_sent(event: str, expected: str) -> None:
    assert json.loads(line(event, logger="gunicorn.error"))["event"] == expected


@pytest.mark.parametrize(("form", "is_json"), [("auto", True), ("json", True), ("text", False)])
def test_where_there_is_no_terminal_the_setting_decides_and_auto_is_json(form: str, is_json: bool) -> None:
    assert said("logging.getLogger('crosspatch').info('hello')", form).startswith("{") is is_json


@pytest.mark.parametrize(("form", "is_json"), [("auto", False), ("json", True)])
def test_on_a_terminal_auto_is_text(form: str, is_json: bool) -> None:
    code = SAY.format(form=form) + "logging.getLogger('crosspatch').info('hello')"
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "rb", buffering=0) as terminal:
        subprocess.run([sys.executable, "-c", code], stderr=theirs, check=True)
        os.close(theirs)
        assert terminal.read(1000).startswith(b"{") is is_json


def test_warnings_of_python_are_logged_too() -> None:
    found = json.loads(said("import warnings; warnings.warn('old')", "json"))
    assert (found["level"], found["logger"], "UserWarning: old" in found["event"]) == ("warning", "py.warnings", True)


def test_other_libraries_are_not_heard_below_warnings() -> None:
    code = "logging.getLogger('PIL').info('what is in a picture'); logging.getLogger('PIL').warning('odd')"
    assert json.loads(said(code, "json"))["event"] == "odd"


def test_a_request_is_one_line_with_its_pattern_and_sizes(client: FlaskClient, log: Log) -> None:
    answer = client.get(f"/api/v1/images/{'0' * 64}?secret=1", buffered=True)
    (found,) = log()
    assert found.pop("duration_ms") >= 0
    del found["timestamp"]
    assert found == {
        "event": "request",
        "level": "info",
        "logger": "crosspatch.requests",
        "method": "GET",
        "route": "/api/v1/images/<image_id>",
        "status": 404,
        "bytes_in": 0,
        "bytes_out": len(answer.data),
        "request_id": answer.headers["X-Request-ID"],
        "problem": "unknown-image",
        "pid": os.getpid(),
    }


def test_the_bytes_of_an_upload_are_said(client: FlaskClient, log: Log) -> None:
    client.post("/api/v1/images", data={"image": (BytesIO(PICTURE), "p.jpg")}, buffered=True)
    assert len(PICTURE) < log()[-1]["bytes_in"] < len(PICTURE) + 500


def test_a_failure_is_logged_once_with_its_traceback_under_the_id_of_the_answer(client: FlaskClient, log: Log) -> None:
    problem = client.get("/fails", buffered=True).get_json()
    failure, request = log()
    assert (failure["level"], "ZeroDivisionError" in failure["exception"]) == ("error", True)
    assert "exception" not in request
    assert {failure["request_id"], request["request_id"]} == {problem["request_id"]}
    assert problem["request_id"] in problem["detail"]


def test_an_id_ends_with_its_request(client: FlaskClient) -> None:
    client.get("/healthz", buffered=True)
    assert "request_id" not in json.loads(line("afterwards"))


def test_an_id_is_made_anew_for_each_request(client: FlaskClient) -> None:
    ids = {client.get("/healthz").headers["X-Request-ID"] for _ in range(3)}
    assert [len(each) for each in ids] == [32, 32, 32]


@pytest.mark.parametrize("given", ["a", "3f2c-9.b_C", "x" * 64])
def test_a_short_and_safe_id_is_kept(client: FlaskClient, given: str) -> None:
    answer = client.get("/nowhere", headers={"X-Request-ID": given})
    assert (answer.headers["X-Request-ID"], answer.get_json()["request_id"]) == (given, given)


@pytest.mark.parametrize("given", ["", "x" * 65, "a b", "a\tb", '"', "<b>", "é", "a;b", "{}"])
def test_any_other_id_is_replaced(client: FlaskClient, given: str) -> None:
    answer = client.get("/nowhere", headers={"X-Request-ID": given})
    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Request-ID"])


def test_for_real_all_lines_are_json_and_tell_no_names_or_queries(tmp_path: Path) -> None:
    log = tmp_path / "log"
    field = b'Content-Disposition: form-data; name="image"; filename="secret-name.gif"'
    form = b"--b\r\n" + field + b"\r\n\r\nsecret-pixels\r\n--b--\r\n"
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    with serving(tmp_path / "store", log, WORKERS="2", LOG_FORMAT="auto") as address:
        with pytest.raises(HTTPError) as refusal:
            urlopen(Request(f"{address}/api/v1/images?secret-query=1", form, kind))
        with refusal.value as answer:
            problem = json.load(answer)
    lines = [json.loads(each) for each in log.read_text().splitlines()]
    (request,) = (each for each in lines if each.get("request_id") == problem["request_id"])
    assert (problem["status"], refusal.value.headers["X-Request-ID"]) == (415, problem["request_id"])
    assert (request["route"], request["problem"]) == ("/api/v1/images", "not-a-picture")
    assert {"gunicorn.error", "crosspatch", "crosspatch.requests"} == {each["logger"] for each in lines}
    assert "secret" not in log.read_text()


def test_for_real_text_can_be_asked_for(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with serving(tmp_path / "store", log, WORKERS="1", LOG_FORMAT="text"):
        pass
    assert re.search(
        r"\[info     \] Starting gunicorn .*\n(.*\n)*.*\[info     \] request .*route=/readyz", log.read_text()
    )
