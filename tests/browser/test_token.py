"""A service with a token, as a person meets it: the browser asks for it, and then all of the page works."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.journey import Journey
from playwright.sync_api import Browser, Page, expect
from serving import serving

TOKEN = "a-token-of-24-characters"


@pytest.fixture(scope="module")
def closed_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("store"), API_TOKEN=TOKEN) as address:
        yield address


@pytest.fixture
def page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = chromium.new_context(**getattr(request, "param", {}))
    yield context.new_page()
    context.close()


KNOWN = {"http_credentials": {"username": "anyone", "password": TOKEN}, "accept_downloads": True}


@pytest.mark.parametrize("page", [KNOWN], indirect=True)
def test_with_the_token_pictures_numbers_chance_and_files_come_as_ever(
    closed_server: str, page: Page, photo: Path
) -> None:
    refused: list[str] = []
    page.on("response", lambda response: refused.append(response.url) if response.status >= 400 else None)
    journey = Journey(page, closed_server)
    journey.bring(photo)
    journey.wait_for_intervals()
    page.reload()
    journey.wait_for_numbers()
    expect(page.locator(".stage-picture").first).to_have_js_property("naturalWidth", 512)
    answer = page.evaluate("fetch('/compare', {method: 'POST'}).then((answer) => answer.status)")
    assert (answer, [url for url in refused if not url.endswith("/compare")]) == (400, [])


@pytest.mark.parametrize("page", [{"java_script_enabled": False, **KNOWN}], indirect=True)
def test_with_the_token_the_form_works_without_scripts(closed_server: str, page: Page, photo: Path) -> None:
    page.goto(closed_server)
    page.set_input_files("input[name=image]", photo)
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page).to_have_url(f"{closed_server}/compare")
    expect(page.locator("table").first).to_be_attached()


@pytest.mark.parametrize("page", [{"http_credentials": {"username": "", "password": "wrong"}}], indirect=True)
def test_with_a_wrong_token_the_page_says_so(closed_server: str, page: Page, photo: Path) -> None:
    page.goto(closed_server)
    page.set_input_files("#file", photo)
    expect(page.get_by_text("that is not the token of this service").first).to_be_visible()
