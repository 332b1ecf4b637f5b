"""What deploys the container, read as files: no Docker engine is asked."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from container.containers import ROOT

MAIN = (ROOT / "terraform" / "main.tf").read_text(encoding="utf-8")
SERVICES = ("crosspatch", "replica-1", "replica-2", "store", "proxy")


def absent(what: str) -> None:
    """Skip, naming what is absent; fail when it is required."""
    if "terraform" in os.environ.get("REQUIRE", "").split(","):
        pytest.fail(what, pytrace=False)
    pytest.skip(what)


def terraform(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    if shutil.which("terraform") is None:
        absent("terraform is not installed")
    command = ["terraform", f"-chdir={ROOT / 'terraform'}", *arguments]
    return subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)


def test_terraform_is_formatted() -> None:
    done = terraform("fmt", "-check", "-recursive", "-diff")
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("suite", ["plan", "apply"])
def test_the_tests_of_terraform_pass(suite: str, tmp_path: Path) -> None:
    data = {"TF_DATA_DIR": str(tmp_path)}
    begun = terraform("init", "-input=false", "-no-color", **data)
    if "Failed to query available provider packages" in begun.stderr:
        absent("the provider kreuzwerker/docker cannot be installed here, so `terraform test` did not run")
    assert begun.returncode == 0, begun.stderr
    done = terraform("test", "-no-color", f"-filter=tests/{suite}.tftest.hcl", **data)
    assert done.returncode == 0, done.stdout + done.stderr


def test_terraform_rebuilds_on_what_the_build_context_lets_in() -> None:
    rules = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = {rule.removeprefix("!") for rule in rules if rule.startswith("!")}
    patterns = re.findall(r'fileset\(local\.root, "(.+?)"\)', MAIN)
    hashed = {name for pattern in patterns for name in pattern.strip("{}").removesuffix("/**").split(",")}
    assert hashed == let_in | {"Dockerfile", ".dockerignore"}


def test_every_variable_is_typed_described_and_validated() -> None:
    text = (ROOT / "terraform" / "variables.tf").read_text(encoding="utf-8")
    blocks = re.findall(r'^variable "(\w+)" \{\n(.*?)^\}', text, re.MULTILINE | re.DOTALL)
    assert len(blocks) >= 10
    for name, block in blocks:
        for part in ("type ", "description ", "default ", "validation {"):
            assert part in block, f"{name} lacks its {part.strip()}"


def test_terraform_asks_for_the_health_check_of_the_image() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    options = dict(re.findall(r"--(interval|timeout|start-period|retries)=(\w+)", dockerfile))
    line = re.search(r"^  healthcheck = \{(.*)\}$", MAIN, re.MULTILINE)
    assert line is not None
    block = dict(re.findall(r'(\w+) = "?(\w+)"?', line[1]))
    assert {name.replace("-", "_"): text for name, text in options.items()} == block
    command = re.search(r'CMD (\["/opt/crosspatch/bin/python".*\])', dockerfile)
    assert command is not None
    assert command[1].replace("[", '["CMD", ') in MAIN


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    yaml = pytest.importorskip("yaml")
    found: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
    return found


def test_compose_has_the_services_that_are_checked_here(services: dict[str, Any]) -> None:
    assert set(services) == set(SERVICES)


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_of_compose_is_hardened(services: dict[str, Any], name: str) -> None:
    service = services[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"] == service["memswap_limit"] == "512m"
    assert service["pids_limit"] <= 512
    assert all("noexec,nosuid,nodev,size=" in place for place in service["tmpfs"])
    assert int(service["user"].split(":")[0]) > 0
    assert service["logging"]["options"].keys() >= {"max-size", "max-file"}
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


def test_only_the_replicas_reach_the_store(services: dict[str, Any]) -> None:
    assert {name for name, service in services.items() if "back" in service.get("networks", [])} == {
        "replica-1",
        "replica-2",
        "store",
    }
    assert "ports" not in services["store"]
