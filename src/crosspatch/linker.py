"""The page's modules as one script, for a report that stands alone. In goes the first module, out comes the script.

A browser loads no module from a file, so each becomes a function that returns what it exports. Only the forms that the
page's modules use are understood: named imports and imports of all, each from another of our files, and exported
functions, constants and classes, all at the start of a line. Anything else raises LinkError.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

_NAME = r"[A-Za-z_$][\w$]*"
# Nothing is taken for a comment that could stand in a string: a string over several lines is refused.
_COMMENT = re.compile(r"^[ \t]*(?:/\*.*?\*/[ \t]*\n?|//[^\n]*\n?)", re.MULTILINE | re.DOTALL)
_IMPORT = re.compile(
    rf'^import (?:\{{(?P<names>[^{{}}]*)\}}|\* as (?P<all>{_NAME})) from "(?P<path>\.{{1,2}}/[^"]+)";$', re.MULTILINE
)
_EXPORT = re.compile(rf"^export (?=(?:(?:async )?function|const|class) ({_NAME})\b)", re.MULTILINE)
_IMPORTED = re.compile(rf"({_NAME})(?: as ({_NAME}))?")
_UNKNOWN_FORM = re.compile(r"\b(?:import|export)\b")
_AWAIT_OUTSIDE = re.compile(r"^(?![ \t])(?!.*\basync\b).*\bawait\b", re.MULTILINE)
_END_OF_SCRIPT = re.compile(r"</script|<!--|-->", re.IGNORECASE)


class LinkError(ValueError):
    """A module that cannot be linked: its file, the line, and why."""


class _Import(NamedTuple):
    path: Path
    names: dict[str, str]  # as exported, as called here
    whole: str | None  # what all of it is called here
    line: int


class _Module(NamedTuple):
    imports: list[_Import]
    exports: list[str]
    body: str


def link(folder: Path, entry: str) -> str:
    """One strict script that runs the module `entry` of that folder and all that it imports, each once.

    They run in the order in which a browser runs them. Raises LinkError, which names the file and the line.
    """
    folder = folder.resolve()
    modules: dict[Path, _Module] = {}
    _collect(folder / entry, folder, modules, ())
    names = {path: f"module{index}" for index, path in enumerate(modules)}
    return '"use strict";\n' + "".join(_wrapped(module, path, names, folder) for path, module in modules.items())


def _collect(path: Path, folder: Path, modules: dict[Path, _Module], above: tuple[Path, ...]) -> None:
    """Add the module at `path` to `modules`, after those that it imports; `above` are those that led to it."""
    if path in above:
        circle = " -> ".join(each.relative_to(folder).as_posix() for each in (*above[above.index(path) :], path))
        raise LinkError(f"modules import each other in a circle: {circle}")
    if path in modules:
        return
    module = _read(path, folder)
    for each in module.imports:
        _collect(each.path, folder, modules, (*above, path))
        for name in each.names:
            if name not in modules[each.path].exports:
                raise _fault(path, each.line, f"{each.path.name} does not export {name}")
    modules[path] = module


def _read(path: Path, folder: Path) -> _Module:
    text = path.read_text(encoding="utf-8")
    _check_strings(path, text)
    # What is left out leaves its line breaks, so that a fault can name its line.
    code = _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)
    imports = [_import(path, folder, found, _line(code, found.start())) for found in _IMPORT.finditer(code)]
    rest = _IMPORT.sub(lambda found: "\n" * found[0].count("\n"), code)
    body = _EXPORT.sub("", rest)
    _refuse(path, body, _UNKNOWN_FORM, "this form of import or export is not understood")
    _refuse(path, body, _AWAIT_OUTSIDE, "nothing may be awaited outside of a function")
    _refuse(path, body, _END_OF_SCRIPT, "this would end the script that it is put in")
    return _Module(imports, _EXPORT.findall(rest), "".join(line + "\n" for line in body.split("\n") if line.strip()))


def _check_strings(path: Path, text: str) -> None:
    """Strings end in their line: only so is what begins a line known to be code."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.endswith("\\") or len(re.findall(r"(?<!\\)`", line)) % 2:
            raise _fault(path, number, "a string over several lines is not understood")


def _refuse(path: Path, body: str, pattern: re.Pattern[str], why: str) -> None:
    found = pattern.search(body)
    if found is not None:
        raise _fault(path, _line(body, found.start()), why)


def _import(path: Path, folder: Path, found: re.Match[str], line: int) -> _Import:
    target = (path.parent / found["path"]).resolve()
    if not target.is_relative_to(folder) or not target.is_file():
        raise _fault(path, line, f"there is no {found['path']} among the modules")
    names: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in (found["names"] or "").split(","))):
        named = _IMPORTED.fullmatch(part)
        if named is None:
            raise _fault(path, line, f"{part!r} is not understood as the name of an import")
        names[named[1]] = named[2] or named[1]
    return _Import(target, names, found["all"], line)


def _wrapped(module: _Module, path: Path, names: dict[Path, str], folder: Path) -> str:
    """The module as a function that is called at once, so that its names stay its own."""
    taken = "".join(f"const {_taken(each)} = {names[each.path]};\n" for each in module.imports)
    given = f"return {{ {', '.join(module.exports)} }};\n"
    head = f"// {path.relative_to(folder).as_posix()}\nconst {names[path]} = (() => {{\n"
    return f"{head}{taken}{module.body}{given}}})();\n"


def _taken(each: _Import) -> str:
    if each.whole is not None:
        return each.whole
    names = (name if name == called else f"{name}: {called}" for name, called in each.names.items())
    return f"{{ {', '.join(names)} }}"


def _line(code: str, at: int) -> int:
    return code.count("\n", 0, at) + 1


def _fault(path: Path, line: int, why: str) -> LinkError:
    return LinkError(f"{path.name}:{line}: {why}")
