"""The documents are true: README's code runs, its sessions print what they say, and what it names exists."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from doctest import ELLIPSIS, OutputChecker
from pathlib import Path
from typing import Any

import metrics_doc
import pytest
from serving import ROOT, serving

import crosspatch
from crosspatch.report import PARTS
from crosspatch.web.schemas import ComparisonFields

README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDES = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")
DOCUMENTS = (*GUIDES, "docs/metrics.md")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def sessions() -> list[tuple[str, str]]:
    found = []
    for block in blocks("console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append((command, output))
    return found


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("store")) as found:
        yield found


def test_the_python_of_the_readme_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    namespace: dict[str, object] = {}
    for block in blocks("python"):
        exec(compile(block, "README.md", "exec"), namespace)
    assert namespace["report"]


@pytest.mark.parametrize(("command", "output"), sessions(), ids=lambda text: text.split()[0] if text else "")
def test_a_session_of_the_readme_prints_what_it_says(command: str, output: str, address: str) -> None:
    arguments = shlex.split(command.replace("localhost:8080", address))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        arguments, cwd=ROOT, env=os.environ | {"PATH": path}, capture_output=True, text=True, check=True
    )
    expected = output.removesuffix("...\n") + "...\n"
    assert OutputChecker().check_output(expected, done.stdout + "\n", ELLIPSIS), done.stdout[:2000]


def test_the_three_ways_of_the_readme_give_the_same_numbers(address: str) -> None:
    (curl,) = (command for command, _ in sessions() if command.startswith("curl"))
    (line,) = (command for command, _ in sessions() if command.startswith("crosspatch compare"))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    served, printed = (
        subprocess.run(
            shlex.split(command), cwd=ROOT, env=os.environ | {"PATH": path}, capture_output=True, text=True, check=True
        ).stdout.strip()
        for command in (curl.replace("localhost:8080", address), f"{line} --format json")
    )
    assert served == printed


def test_every_make_target_of_the_documents_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = {target for name in GUIDES for target in re.findall(r"\bmake ([a-z]+)\b", (ROOT / name).read_text("utf-8"))}
    assert named <= targets


def test_every_link_to_a_file_leads_somewhere() -> None:
    for name in DOCUMENTS:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", (ROOT / name).read_text(encoding="utf-8")):
            assert ((ROOT / name).parent / target).exists(), f"{name} links to {target}"


def test_the_document_of_metrics_and_its_drawing_are_those_of_the_catalogue() -> None:
    for name, text in metrics_doc.texts().items():
        assert (metrics_doc.DOCS / name).read_text(encoding="utf-8") == text, f"docs/{name}: run `make docs`"


def part_of(key: str) -> str:
    """What the document of metrics says of one."""
    (part,) = re.findall(rf"^### {key}\n(.*?)(?=^##|\Z)", metrics_doc.texts()["metrics.md"], re.MULTILINE | re.DOTALL)
    return part


def stated(example: str) -> dict[str, float]:
    """The values that it states for an example, by key."""
    line = re.compile(rf"^- {example}: (?:`.*?` [=≈] )?(-?\d[\d.e-]*)", re.MULTILINE)
    found = {key: line.search(part_of(key)) for key in crosspatch.METRICS}
    return {key: float(match[1]) for key, match in found.items() if match}


def test_the_document_of_metrics_says_of_each_what_the_catalogue_does() -> None:
    for key, metric in crosspatch.METRICS.items():
        for said in (metric.title, metric.meaning, metric.undefined, metric.source, "In the small regions: "):
            assert said in part_of(key)


def test_the_command_of_the_document_gives_the_values_that_it_states() -> None:
    (command,) = re.findall(
        r"^(crosspatch compare docs/photo.jpg .*)$", metrics_doc.texts()["metrics.md"], re.MULTILINE
    )
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path}
    arguments = [*shlex.split(command), "--format", "json"]
    done = subprocess.run(arguments, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    found = {row["key"]: row["value"] for row in json.loads(done.stdout)["metrics"]}
    values = stated("In the photograph")
    assert set(values) == {
        key for key, metric in crosspatch.METRICS.items() if metric.family in ("structure", "boundary")
    }
    assert values == pytest.approx({key: found[key] for key in values}, rel=1e-4)


def test_the_worked_example_of_the_document_gives_the_values_that_it_states() -> None:
    (code,) = re.findall(r"^```python\n(.*?)^```", metrics_doc.texts()["metrics.md"], re.MULTILINE | re.DOTALL)
    namespace: dict[str, Any] = {}
    exec(compile(code, "metrics.md", "exec"), namespace)
    values = stated("In the small regions")
    assert len(values) > 90
    assert values == pytest.approx({key: namespace["report"][key].value for key in values}, rel=1e-4)


def test_the_readme_names_every_family_of_metrics() -> None:
    families = {metric.family for metric in crosspatch.METRICS.values()}
    assert {family for family in families if family not in README} == set()


def test_the_changelog_has_the_version_or_what_is_unreleased() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{crosspatch.__version__}]" in changelog or "## [Unreleased]" in changelog


def test_the_image_is_labelled_with_the_version() -> None:
    assert f"ARG VERSION={crosspatch.__version__}\n" in (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_forms_know_every_part_of_a_report() -> None:
    assert ComparisonFields().include == list(PARTS)


def test_no_file_of_the_repository_names_a_package_index() -> None:
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    hosts = ("pypi" + ".org", "pythonhosted" + ".org", "registry.npmjs" + ".org", "deb.debian" + ".org")
    texts = {name: (ROOT / name).read_bytes() for name in names if name and (ROOT / name).is_file()}
    assert [name for name, text in texts.items() if any(host.encode() in text for host in hosts)] == []
