"""Linked modules in a real browser: the script does what the modules would do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from crosspatch.linker import link


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page()
    page.evaluate("() => { globalThis.said = []; globalThis.say = (word) => { said.push(word); }; }")
    yield page
    page.close()


def write(folder: Path, **files: str) -> None:
    """Modules by name, `view_dom` for view/dom.js."""
    for name, text in files.items():
        path = folder / f"{name.replace('_', '/')}.js"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


def ran(page: Page, folder: Path) -> Any:
    """What the linked script says by `say`."""
    page.add_script_tag(content=link(folder, "entry.js"))
    return page.evaluate("said")


def test_every_form_that_is_understood_does_what_modules_do(page: Page, tmp_path: Path) -> None:
    write(
        tmp_path,
        entry="""
// The way in. import nothing from here
import { one, two as second, Third } from "./view/parts.js";
import * as parts from "./view/parts.js";
import {
  deep,
} from "./view/deep.js";

/** @import {Third} from "./view/parts.js"
 * export const never = 1;
 */
say([one, second(), new Third().value, parts.two(), Object.keys(parts), deep]);
later().then(say);
async function later() {
  return await 5;
}
const hidden = `in the ${`entry`}`;
say(hidden);
""",
        view_parts="""
import { deep } from "./deep.js";
export const one = deep + 1;
const hidden = 2;
export function two() {
  return hidden;
}
export class Third {
  /** @type {number} */ value = 3;
}
export async function four() {}
say("parts\u2028\x0c");
""",
        view_deep='export const deep = 0;\nsay("deep");\n',
    )
    assert ran(page, tmp_path) == [
        "deep", "parts\u2028\x0c", [1, 2, 3, 2, ["one", "two", "Third", "four"], 0], "in the entry", 5,
    ]  # fmt: skip


def test_a_linked_script_is_strict(page: Page, tmp_path: Path) -> None:
    write(tmp_path, entry="say((function () { return this === undefined; })());\n")
    assert ran(page, tmp_path) == [True]


def test_each_module_runs_once_and_in_the_order_of_a_browser(page: Page, tmp_path: Path) -> None:
    write(
        tmp_path,
        entry='import * as b from "./b.js";\nimport * as a from "./a.js";\nsay("entry");\n',
        a='import * as c from "./c.js";\nsay("a");\n',
        b='import * as c from "./c.js";\nsay("b");\n',
        c='say("c");\n',
    )
    assert ran(page, tmp_path) == ["c", "b", "a", "entry"]
