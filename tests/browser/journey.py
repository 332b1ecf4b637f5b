"""What a person does with the page, in the words of a person; and what the server says about the same comparison."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from playwright.sync_api import Error, FilePayload, Locator, Page, expect

NETWORK_CHANGED = "net::ERR_NETWORK_CHANGED"
COMPARISONS = "**/api/v1/comparisons"


@dataclass
class Journey:
    """One visit. `refusals` says that the server is meant to refuse something, which browsers log."""

    page: Page
    address: str
    refusals: bool = False
    logged: list[str] = field(default_factory=list)
    requested: list[str] = field(default_factory=list)

    def open(self, fragment: str = "") -> None:
        """Load the page, again if a network interface came or went meanwhile: Chromium then drops its connections."""
        before = len(self.logged)
        for _ in range(5):
            del self.logged[before:]
            try:
                self.page.goto(f"{self.address}/{fragment}")
            except Error as error:
                self.logged.append(error.message)
            if not any(NETWORK_CHANGED in text for text in self.logged[before:]):
                return
            self.page.goto("about:blank")  # the same address again would only move to its fragment
        raise RuntimeError("the network of this machine does not settle")

    def choose(self, picture: Path | FilePayload) -> None:
        self.page.set_input_files("#file", picture)

    def bring(self, picture: Path | FilePayload) -> None:
        """Choose a picture and wait for its first numbers."""
        self.open()
        self.choose(picture)
        self.wait_for_numbers()

    def restore(self, picture: Path, **state: object) -> None:
        """Open the link of a comparison in a picture that the server has, and wait for its numbers."""
        self.open("#" + urlencode({"image": self.upload(picture), "name": picture.name, **state}))
        self.wait_for_numbers()

    def restore_pair(self, truth: Path, test: Path, **state: object) -> None:
        """The same for two pictures that the server has."""
        self.restore(truth, test_image=self.upload(test), test_name=test.name, **state)

    def upload(self, picture: Path) -> str:
        """Send a picture past the page, and give its id."""
        file = {"name": picture.name, "mimeType": "application/octet-stream", "buffer": picture.read_bytes()}
        return str(self.page.request.post(f"{self.address}/api/v1/images", multipart={"image": file}).json()["id"])

    def bring_test(self, picture: Path | FilePayload) -> None:
        """Choose a test picture for the one that is shown."""
        self.page.set_input_files("#test-file", picture)

    def wait_for_intervals(self) -> None:
        """They come after the numbers."""
        expect(self.page.locator("#headlines-method")).not_to_be_empty(timeout=20_000)

    def wait_for_numbers(self) -> None:
        expect(self.page.locator("#answer")).to_be_visible()

    @property
    def heading(self) -> Locator:
        return self.page.locator("#answer-heading")

    @property
    def stage(self) -> Locator:
        return self.page.locator("#stage")

    @property
    def notice(self) -> Locator:
        return self.page.locator("#notice")

    @property
    def status(self) -> Locator:
        return self.page.locator("#status")

    def unfold(self, name: str) -> Locator:
        part = self.page.locator(f"#{name}-part")
        part.locator("> summary").click()
        return part

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def place(self, role: str) -> tuple[int, int]:
        """Where a rectangle is, as the fields say."""
        self.page.locator(f'[name="chosen"][value="{role}"]').check(force=True)
        return int(self.page.input_value("#place-x")), int(self.page.input_value("#place-y"))

    def wait_for(self, **state: object) -> None:
        """Wait until the link, which follows the numbers, holds that state."""
        for name, value in state.items():
            expect(self.page).to_have_url(re.compile(f"[#&]{name}={re.escape(str(value))}(&|$)"))

    @property
    def state(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.page.url).fragment))

    def report(self) -> dict[str, Any]:
        """The server's own report of the comparison that the link names."""
        names = {"name", "test_name"}  # those of files, which are nothing to the server
        query = [pair for pair in parse_qsl(urlsplit(self.page.url).fragment) if pair[0] not in names]
        answer = self.page.request.get(f"{self.address}/api/v1/comparisons?{urlencode(query)}")
        assert answer.ok, answer.text()
        return dict(answer.json())

    def catalogue(self) -> list[dict[str, Any]]:
        return list(self.page.request.get(f"{self.address}/api/v1/metrics").json())


Visit = Callable[..., Journey]
