"""The shape of the house: which way imports point, what an import costs, and how large a room may be."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src"
PACKAGE = SOURCE / "crosspatch"

# Each module may import from those above it. A folder is one floor; inside it modules are free, but for cycles.
FLOORS = [
    "errors",
    "jsontext",
    "rectangles",
    "places",
    "histogram",
    "confusion",
    "labelling",
    "picture",
    "signatures",
    "limits",
    "decode",
    "plane",
    "request",
    "evidence",
    "mathml",
    "metric",
    "metrics",
    "chance",
    "survey",
    "measure",
    "intervals",
    "curves",
    "report",
    "compare",
    "baseline",
    "table",
    "linker",
    "html",
    "crosspatch",
    "web",
    "command",
    "cli",
]
SERVICE_PACKAGES = {
    "cachelib", "cachetools", "flask", "flask_compress", "flask_openapi3", "gevent", "gunicorn", "limits",
    "pydantic", "pydantic_settings", "redis", "werkzeug",
}  # fmt: skip


def module_name(path):
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


TREES = {module_name(path): ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}
LIBRARY = [name for name in TREES if not name.startswith("crosspatch.web")]


def statements(name):
    """The import statements of a module, those inside functions included, those for type checkers alone left out."""
    pending = [TREES[name]]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        pending += ast.iter_child_nodes(node)


def imports(name):
    """What a module imports: our modules, and names in them that are modules, by full name; others as written."""
    for node in statements(name):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        else:
            assert node.level == 0, f"{name} imports relatively"
            yield node.module
            yield from (full for alias in node.names if (full := f"{node.module}.{alias.name}") in TREES)


def ours(name):
    return {found for found in imports(name) if found.split(".")[0] == "crosspatch"}


def floor(name):
    parts = name.split(".")
    return FLOORS.index(parts[1] if len(parts) > 1 else parts[0])


@pytest.mark.parametrize("name", TREES)
def test_a_module_imports_from_the_floors_above_it_alone(name):
    assert {used for used in ours(name) if floor(used) > floor(name)} == set()


def test_no_import_goes_round_in_a_circle():
    graph = {name: {used for used in ours(name) if used in TREES and used != name} for name in TREES}
    TopologicalSorter(graph).prepare()


@pytest.mark.parametrize("name", LIBRARY)
def test_the_library_never_imports_the_packages_of_the_service(name):
    assert {used.split(".")[0] for used in imports(name)} & SERVICE_PACKAGES == set()


@pytest.mark.parametrize("name", [name for name in TREES if name.startswith("crosspatch.metrics.")])
def test_a_family_of_metrics_knows_nothing_but_evidence_declarations_and_its_neighbours(name):
    allowed = ("crosspatch.evidence", "crosspatch.histogram", "crosspatch.metric", "crosspatch.metrics")
    assert {used for used in ours(name) if not used.startswith(allowed)} == set()


@pytest.mark.parametrize("name", [name for name in TREES if name.startswith("crosspatch.web")])
def test_the_service_holds_no_formula(name):
    assert {used for used in imports(name) if used.startswith(("crosspatch.metrics.", "crosspatch.evidence"))} == set()


@pytest.mark.parametrize("name", TREES)
def test_nothing_imports_scipy_stats(name):
    assert [used for used in imports(name) if used.startswith("scipy.stats")] == []


def test_importing_the_library_loads_neither_the_service_nor_what_only_tests_and_few_metrics_need():
    unwanted = SERVICE_PACKAGES | {"click", "jinja2", "orjson", "scipy", "skimage", "sklearn"}
    script = f"import sys, crosspatch; print(*sorted({unwanted} & {{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == []


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=module_name)
def test_a_module_says_at_its_door_what_it_is_for(path):
    assert ast.get_docstring(TREES[module_name(path)])


def test_files_stay_small_enough_to_see_at_once():
    # The families of metrics are lists: their files grow by one declaration at a time, each read by itself.
    files = [path for path in PACKAGE.rglob("*.py") if path.parent.name != "metrics"]
    lines = {module_name(path): path.read_text(encoding="utf-8").count("\n") for path in files}
    assert {name: count for name, count in lines.items() if count > 260} == {}
    assert sum(count <= 200 for count in lines.values()) > 0.75 * len(lines)


def test_functions_do_one_thing():
    functions = [
        (f"{name}.{node.name}", node.end_lineno - node.body[0].end_lineno)
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    ]
    assert [(name, lines) for name, lines in functions if lines > 40] == []
    assert sum(lines <= 25 for _, lines in functions) > 0.95 * len(functions)


@pytest.mark.parametrize("name", TREES)
def test_markup_lives_in_templates_and_static_files_alone(name):
    texts = [
        node.value for node in ast.walk(TREES[name]) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert [text for text in texts if re.search(r"</\w+>|<(?:div|p|span|table|tr|td|script|body)\b", text)] == []
