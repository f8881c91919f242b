"""A Chromium that asks nobody but this machine, and the pages that it opens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from tests.chromium import CHROMIUM, NOT_TESTED
from tests.conftest import TOP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Dialog, Locator, Page, Route

SCREENSHOTS = TOP / "build" / "screenshots"
# A page takes milliseconds; this long only passes when something hangs.
MILLISECONDS = 120_000
DESK, PHONE = (1280, 900), (390, 844)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip(NOT_TESTED)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # Chromium's own sandbox refuses to run as root.
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


class Watched:
    """A page that notes what is asked of other hosts, and what goes wrong in the browser."""

    def __init__(self, browser: Browser, site: str) -> None:
        self.outside: list[str] = []
        self.wrong: list[str] = []
        context = browser.new_context(base_url=site, locale="ru-RU")
        context.route("**/*", self._check)
        self.page = context.new_page()
        self.page.set_default_timeout(MILLISECONDS)
        self.page.on("console", lambda message: self.wrong.append(message.text) if is_wrong(message) else None)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("dialog", self._dismiss)

    def _check(self, route: Route) -> None:
        if urlsplit(route.request.url).hostname == "127.0.0.1":
            route.continue_()
        else:
            self.outside.append(route.request.url)
            route.abort()

    def _dismiss(self, dialog: Dialog) -> None:
        self.wrong.append(dialog.message)
        dialog.dismiss()

    def shown(self, width: int, height: int) -> Iterator[Page]:
        """Yield the page in a size; its test fails if anything was asked of another host, or went wrong."""
        self.page.set_viewport_size({"width": width, "height": height})
        yield self.page
        assert self.outside == []
        assert self.wrong == []


def is_wrong(message: ConsoleMessage) -> bool:
    """Tell whether a browser complains of a page; what an answer says by its status is no fault of its page."""
    is_of_itself = message.page is not None and message.location.get("url") == message.page.url
    return message.type in {"error", "warning"} and not (is_of_itself and "status of 40" in message.text)


@pytest.fixture(scope="session")
def watched(browser: Browser, press_site: str) -> Watched:
    return Watched(browser, press_site)


@pytest.fixture
def page(watched: Watched) -> Iterator[Page]:
    """A page as wide as a desk's screen."""
    yield from watched.shown(*DESK)


@pytest.fixture
def phone(watched: Watched) -> Iterator[Page]:
    """A page as wide as a telephone."""
    yield from watched.shown(*PHONE)


def expect(found: Locator) -> Any:
    """Return what Playwright waits for; it takes half a second to import, so only tests in a browser do."""
    from playwright import sync_api

    return sync_api.expect(found)


def keep(page: Page, name: str) -> None:
    """Keep a picture of the whole page, for a person to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
