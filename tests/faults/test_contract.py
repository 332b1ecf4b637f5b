"""A live server keeps to its OpenAPI document: right and wrong requests are made from it, and every answer is held
against it.

Schemathesis makes and checks them, in a process of its own; what was really reached is read from the server's log.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from load import ROOT, Service, service
from samples import picture

DOCUMENT = "/api/v1/openapi.json"
# The only operation that cannot be asked anything wrong.
CATALOGUE = ("GET", "/api/v1/metrics")
TOKEN = "a-token-of-this-test"
# Pictures that are asked about, and those that may be removed.
KEPT, SPARE = 3, 40
# Some requests are right, some break a rule; they are the same in every run. What JSON Schema cannot say is refused all
# the same: 400 for raw pixels of no channel, 404 for a picture that was removed, 415 for a file that is no picture, 422
# for a rectangle that does not fit.
CONFIG = f"""
continue-on-failure = true
auth.openapi.token.bearer = "{TOKEN}"
cache.enabled = false
hooks = "{Path(__file__).with_name("contract_hooks.py")}"

[generation]
deterministic = true
database = "none"

[checks]
positive_data_acceptance.expected-statuses = ["2xx", 404, 422]
negative_data_rejection.expected-statuses = [400, 404, 411, 413, 414, 415, 422]

[[operations]]
include-name-regex = "^GET .*rendition"
checks.positive_data_acceptance.expected-statuses = ["2xx", 400, 404, 422]

[[operations]]
include-name-regex = "^POST .*(comparisons|images)"
checks.positive_data_acceptance.expected-statuses = ["2xx", 404, 415, 422]
"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service(tmp_path_factory.mktemp("server"), log_format="json") as found:
        yield found


def test_every_answer_is_as_the_document_says(running: Service, tmp_path: Path) -> None:
    check(running, tmp_path, examples=20)
    found = answered(running)
    for operation in operations(running):
        assert any(200 <= status < 300 for status in found[operation]), operation
        assert operation == CATALOGUE or any(400 <= status < 500 for status in found[operation]), operation


def test_a_service_with_a_token_answers_nothing_without_it(tmp_path: Path) -> None:
    with service(tmp_path / "server", log_format="json", api_token=TOKEN) as running:
        check(running, tmp_path, "--checks", "ignored_auth", "--phases", "fuzzing", "--mode", "positive")
        for operation in operations(running):
            assert 401 in answered(running)[operation], operation


def test_an_answer_that_is_not_in_the_document_is_found(running: Service, tmp_path: Path) -> None:
    method, path = CATALOGUE
    document = running.ask(DOCUMENT).json
    del document["paths"][path][method.lower()]["responses"]["200"]
    (tmp_path / "document.json").write_text(json.dumps(document))
    asked = ("--url", running.address, "--include-name", " ".join(CATALOGUE))
    with pytest.raises(AssertionError, match="Undocumented status code"):
        check(running, tmp_path, *asked, document=str(tmp_path / "document.json"))


def check(running: Service, room: Path, *options: str, examples: int = 2, document: str = "") -> None:
    """Ask the service everything. Raises AssertionError with all that is not as documented."""
    uploads = [running.upload(picture(seed, 24, 18), Authorization=f"Bearer {TOKEN}") for seed in range(KEPT + SPARE)]
    ids = [answer.json["id"] for answer in uploads]
    (room / "schemathesis.toml").write_text(CONFIG)
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run", document or running.address + DOCUMENT),
            *("--max-examples", str(examples), *options),
        ],
        cwd=room,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT / "tests"), os.environ.get("PYTHONPATH")))),
            "CONTRACT_KEPT": " ".join(ids[:KEPT]),
            "CONTRACT_SPARE": " ".join(ids[KEPT:]),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def operations(running: Service) -> list[tuple[str, str]]:
    """Method and path of all that the document describes."""
    paths: dict[str, Any] = running.ask(DOCUMENT).json["paths"]
    return [(method.upper(), path) for path, item in paths.items() for method in item]


def answered(running: Service) -> dict[tuple[str, str], set[int]]:
    """The statuses that each operation was answered with."""
    found: dict[tuple[str, str], set[int]] = {}
    for line in running.log.splitlines():
        fact = json.loads(line)
        if "route" in fact:
            path = fact["route"].replace("<", "{").replace(">", "}")
            found.setdefault((fact["method"], path), set()).add(fact["status"])
    return found
