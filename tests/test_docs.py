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
from math import dist
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import metrics_doc
import numpy as np
import pytest
from metrics import formulas
from metrics_doc import outlines
from serving import ROOT, serving

import crosspatch
from crosspatch.evidence import BinaryCounts
from crosspatch.report import PARTS
from crosspatch.web.schemas import ComparisonFields

README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDES = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")
METRICS_DOC = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
DOCUMENTS = (*GUIDES, "docs/metrics.md")


def part_of(key: str) -> str:
    """What the document of metrics says of one."""
    (part,) = re.findall(rf"^### {key}\n(.*?)(?=^##|\Z)", METRICS_DOC, re.MULTILINE | re.DOTALL)
    return part


def stated(example: str) -> dict[str, float]:
    """The values that the document of metrics states for an example, by key."""
    pattern = re.compile(rf"^- {example}: (?:`.*` [=≈] )?(-?\d\S*)", re.MULTILINE)
    matches = {key: pattern.search(part_of(key)) for key in crosspatch.METRICS}
    return {key: float(match[1]) for key, match in matches.items() if match is not None}


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
        assert (ROOT / "docs" / name).read_text(encoding="utf-8") == text, f"docs/{name}: run `make docs`"


def test_the_document_of_metrics_says_of_each_what_the_catalogue_does() -> None:
    for key, metric in crosspatch.METRICS.items():
        part = " ".join(part_of(key).split())
        said = (metric.title, *metric.aliases, metric.formula, metric.meaning, metric.undefined_when, metric.undefined)
        assert [text for text in (*said, metric.source) if text not in part] == []


def test_every_link_inside_the_document_of_metrics_leads_to_a_heading() -> None:
    anchors = {metrics_doc.slug(heading) for heading in re.findall(r"^#+ (.*)$", METRICS_DOC, re.MULTILINE)}
    targets = set(re.findall(r"\]\(#(.*?)\)", METRICS_DOC))
    assert targets >= set(crosspatch.METRICS)
    assert targets - anchors == set()


def test_the_document_of_metrics_explains_every_function_of_its_formulas() -> None:
    formulas_ = [text for metric in crosspatch.METRICS.values() for text in (metric.formula, metric.undefined_when)]
    called = {name for text in formulas_ for name in re.findall(r"\b([a-z]\w*)\(", text)} - {"or", "not"}
    opening = re.sub(r"^### [a-z]\w*\n.*?(?=^##)", "", METRICS_DOC, flags=re.MULTILINE | re.DOTALL)
    explained = {name for span in re.findall(r"`([^`\n]+)`", opening) for name in re.findall(r"\w+", span)}
    assert called - explained == set()


def test_the_python_of_the_document_of_metrics_gives_the_values_that_it_states() -> None:
    (code,) = re.findall(r"^```python\n(.*?)^```", METRICS_DOC, re.MULTILINE | re.DOTALL)
    namespace: dict[str, Any] = {}
    exec(compile(code, "metrics.md", "exec"), namespace)
    found = {key: metric.value for key, metric in namespace["report"].metrics.items() if metric.value is not None}
    assert stated("In the small regions") == pytest.approx(found, rel=1e-5)


def test_the_command_of_the_document_of_metrics_gives_the_values_that_it_states() -> None:
    (command,) = re.findall(r"^crosspatch compare docs/photo.jpg .*$", METRICS_DOC, re.MULTILINE)
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    arguments = [*shlex.split(command), "--format", "json"]
    done = subprocess.run(arguments, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    found = {row["key"]: row["value"] for row in json.loads(done.stdout)["metrics"]}
    expected = {key for key, metric in crosspatch.METRICS.items() if metric.family in ("structure", "boundary")}
    assert stated("In the photograph") == pytest.approx({key: found[key] for key in expected}, rel=1e-5)


def test_numbers_put_into_formulas_give_the_values_that_the_document_states() -> None:
    worked = re.findall(r"^- In the small regions: `(.*)` [=≈] (\S+)", METRICS_DOC, re.MULTILINE)
    assert len(worked) == sum(metric.evidence is BinaryCounts for metric in crosspatch.METRICS.values())
    for calculation, value in worked:
        assert formulas.evaluate(calculation, {}) == pytest.approx(float(value), rel=1e-5), calculation


def test_the_values_of_the_drawing_follow_from_the_formulas() -> None:
    pair = outlines.masks()
    names = formulas.of_masks(pair.truth.astype(bool), pair.test.astype(bool))
    declared = {key: metric for key, metric in crosspatch.METRICS.items() if metric.family == "boundary"}
    expected = {key: formulas.evaluate(metric.formula, names) for key, metric in declared.items()}
    assert stated("In the drawing") == pytest.approx(expected, rel=1e-5)
    for of, other, distances in ((pair.truth, pair.test, names["a"]), (pair.test, pair.truth, names["b"])):
        assert [
            dist(place, outlines.nearest(place, outlines.boundary(other))) for place in outlines.boundary(of)
        ] == distances
    assert [set(map(tuple, np.argwhere(outlines.band(of)).tolist())) for of in (pair.truth, pair.test)] == [
        names["A"],
        names["B"],
    ]


def test_the_drawing_has_a_name_and_a_description_and_asks_nothing_of_anywhere_else() -> None:
    text = (ROOT / "docs" / "boundary.svg").read_text(encoding="utf-8")
    drawing = ElementTree.fromstring(text)
    kinds = [element.tag.removeprefix("{http://www.w3.org/2000/svg}") for element in drawing.iter()]
    assert kinds[:4] == ["svg", "title", "desc", "rect"]
    assert set(kinds) == {"svg", "title", "desc", "g", "rect", "circle", "line", "text"}
    assert "Hausdorff distance, 4.12311 px" in text
    assert "href" not in text


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
