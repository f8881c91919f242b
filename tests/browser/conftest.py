"""A Chromium that asks nobody but this machine, and the pages that it opens."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

from tests.chromium import CHROMIUM, NOT_TESTED
from tests.conftest import TOP
from tests.press import fill, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Route

SCREENSHOTS = TOP / "build" / "screenshots"
# A page takes milliseconds; this long only passes when something hangs.
MILLISECONDS = 20_000
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    database = f"sqlite:///{tmp_path_factory.mktemp('press')}/press.db"
    fill(database)
    with serving(database) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip(NOT_TESTED)
    with sync_playwright() as playwright:
        # Chromium's own sandbox refuses to run as root.
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


def opened_page(browser: Browser, site: str, size: dict[str, int]) -> Iterator[Page]:
    """Yield a page that fails its test if anything was asked of another host, or went wrong in the browser."""
    outside: list[str] = []
    wrong: list[str] = []
    context = browser.new_context(viewport=size, base_url=site, locale="ru-RU")  # type: ignore[arg-type]  # its own dict

    def check(route: Route) -> None:
        if urlsplit(route.request.url).hostname == "127.0.0.1":
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    def dismiss(dialog: Dialog) -> None:
        wrong.append(dialog.message)
        dialog.dismiss()

    context.route("**/*", check)
    page = context.new_page()
    page.set_default_timeout(MILLISECONDS)
    page.on("console", lambda message: wrong.append(message.text) if is_wrong(message) else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", dismiss)
    yield page
    context.close()
    assert outside == []
    assert wrong == []


def is_wrong(message: ConsoleMessage) -> bool:
    """Tell whether a browser complains of a page; that a page was not found is no fault of the page that says so."""
    is_of_itself = message.page is not None and message.location.get("url") == message.page.url
    return message.type in {"error", "warning"} and not (is_of_itself and "404" in message.text)


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A page as wide as a desk's screen."""
    yield from opened_page(browser, site, DESK)


@pytest.fixture
def phone(browser: Browser, site: str) -> Iterator[Page]:
    """A page as wide as a small telephone."""
    yield from opened_page(browser, site, PHONE)


def keep(page: Page, name: str) -> None:
    """Keep a picture of the whole page, for a person to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
