"""Takes the README's picture of the page, docs/page.png: its photograph compared as the README's session does."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from serving import serving  # noqa: E402

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
ASKED = {"width": 480, "height": 320, "rectangle_width": 120, "rectangle_height": 120, "seed": 7}


def take(address: str) -> None:
    """Bring the photograph, follow a link to the comparison, and draw what is on the screen."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(address)
        page.set_input_files("input[type=file]", ROOT / "docs" / "photo.jpg")
        page.wait_for_selector("#answer-heading:visible")
        link = page.evaluate("location.hash")
        image = link.partition("image=")[2].partition("&")[0]
        query = "&".join(f"{name}={value}" for name, value in ASKED.items())
        page.goto("about:blank")
        page.goto(f"{address}/#image={image}&name=photo.jpg&{query}")
        page.get_by_text("120 × 120, Otsu, seed 7").wait_for()
        page.get_by_text("95 % intervals").wait_for()
        page.wait_for_load_state("networkidle")
        page.screenshot(path=ROOT / "docs" / "page.png")
        browser.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as store, serving(Path(store)) as address:
        take(address)
