"""The page's modules as one script: every one of them links, and what is not understood raises."""

from __future__ import annotations

from pathlib import Path

import pytest

from crosspatch.linker import LinkError, link

PAGE = Path(__file__).parents[1] / "src" / "crosspatch" / "web" / "static_files"
MODULES = sorted(path for path in PAGE.rglob("*.js") if path.name != "docs.js")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PAGE).as_posix())
def test_every_module_of_the_page_links(path):
    script = link(PAGE, path.relative_to(PAGE).as_posix())
    assert script.startswith('"use strict";\n')
    assert f"// {path.relative_to(PAGE).as_posix()}\n" in script


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('import dom from "./other.js";', 1, "not understood"),
        ('import "./other.js";', 1, "not understood"),
        ('import { a } from "other";', 1, "not understood"),
        ("import { a } from './other.js';", 1, "not understood"),
        ('  import { a } from "./other.js";', 1, "not understood"),
        ('\nconst other = await import("./other.js");', 2, "not understood"),
        ("const here = import.meta.url;", 1, "not understood"),
        ("\n\nexport default 1;", 3, "not understood"),
        ("const a = 1;\nexport { a };", 2, "not understood"),
        ('export { a } from "./other.js";', 1, "not understood"),
        ('export * from "./other.js";', 1, "not understood"),
        ("export let a = 1;", 1, "not understood"),
        ("export const { a } = {};", 1, "not understood"),
        ("export function* a() {}", 1, "not understood"),
        ('import { "a" as b } from "./other.js";', 1, "not understood as the name"),
        ('// one\nimport {\n  b,\n} from "./other.js";', 2, "other.js does not export b"),
        ('import { a } from "./absent.js";', 1, "there is no ./absent.js"),
        ('import { a } from "../outside.js";', 1, "there is no ../outside.js"),
        ("const a = `\nexport const b = 1;\n`;", 1, "over several lines"),
        ("const a = '\\\nexport const b = 1;';", 1, "over several lines"),
        ("/* one\n * two */\nconst a = await b;", 3, "awaited outside"),
        ('const a = "</script>";', 1, "would end the script"),
        ('const a = "<!--";', 1, "would end the script"),
    ],
)
def test_what_is_not_understood_raises_with_its_file_and_line(tmp_path, text, line, words):
    folder = tmp_path / "page"
    folder.mkdir()
    for path in (tmp_path / "outside.js", folder / "other.js"):
        path.write_text("export const a = 1;\n", encoding="utf-8")
    (folder / "entry.js").write_text(text + "\n", encoding="utf-8")
    with pytest.raises(LinkError, match=words) as fault:
        link(folder, "entry.js")
    assert str(fault.value).startswith(f"entry.js:{line}: ")


def test_a_circle_of_imports_raises_and_is_named(tmp_path):
    for name, needed in (("entry", "b"), ("b", "c"), ("c", "b")):
        module = f'import {{ {needed} }} from "./{needed}.js";\nexport const {name} = 1;\n'
        (tmp_path / f"{name}.js").write_text(module, encoding="utf-8")
    with pytest.raises(LinkError, match=r"in a circle: b\.js -> c\.js -> b\.js"):
        link(tmp_path, "entry.js")
