"""A real browser on a real server. Chromium is the system's; without it they skip, unless required."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from browser.journey import Journey, Visit
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Browser, sync_playwright
from serving import serving

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("store")) as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    found = shutil.which("chromium")
    if found is None:
        absent = "chromium is not installed"
        if "browser" in os.environ.get("REQUIRE", "").split(","):
            pytest.fail(absent)
        pytest.skip(absent)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, live_server: str) -> Iterator[Visit]:
    """A visit with a browser of that kind. At its end the console was silent and no request had left the origin."""
    visits: list[Journey] = []

    def begin(**kind: Any) -> Journey:
        page = chromium.new_context(**{"viewport": {"width": 1280, "height": 800}, **kind}).new_page()
        journey = Journey(page, live_server)
        page.on("console", lambda message: journey.logged.append(message.text))
        page.on("pageerror", lambda error: journey.logged.append(str(error)))
        page.on("request", lambda request: journey.requested.append(request.url))
        visits.append(journey)
        return journey

    yield begin
    for journey in visits:
        journey.page.context.close()
        # Browsers log every refused request; nothing else is ever expected.
        logged = [
            text for text in journey.logged if not (journey.refusals and text.startswith("Failed to load resource"))
        ]
        assert logged == []
        ours = (f"{live_server}/", f"blob:{live_server}/")
        assert [url for url in journey.requested if not url.startswith(ours)] == []


@pytest.fixture
def journey(visit: Visit) -> Journey:
    return visit()


@pytest.fixture(scope="session")
def photo(tmp_path_factory: pytest.TempPathFactory, photograph: NDArray[np.uint8]) -> Path:
    """A photograph as a file, 512 x 512."""
    path = tmp_path_factory.mktemp("pictures") / "astronaut.jpg"
    Image.fromarray(photograph).save(path)
    return path


@pytest.fixture(scope="session")
def classes_file(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """A picture whose pixels take that many values, in stripes, by number of classes."""
    folder = tmp_path_factory.mktemp("classes")

    def make(classes: int) -> Path:
        path = folder / f"classes-{classes}.png"
        rows, columns = np.mgrid[0:256, 0:256]
        Image.fromarray(((rows // 8 * 5 + columns) % classes).astype(np.uint8)).save(path)
        return path

    return make
