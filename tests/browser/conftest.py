from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.playground import open_browser, running_playground
from tests.browser.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_playground(tmp_path_factory.mktemp("playground")) as found:
        yield found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = open_browser(playwright)
        yield found
        found.close()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Screen]]:
    """Open the page as a new person, so that tests do not see one another. Anything the page complains about fails the test."""
    screens: list[Screen] = []

    def opened(name: str = "Reader", language: str = "en", **about: Any) -> Screen:
        screens.append(Screen.opened(browser, address, **about))
        screens[-1].becomes(name, language)
        return screens[-1]

    yield opened
    for screen in screens:
        screen.page.context.close()
    complaints = [complaint for screen in screens for complaint in screen.complaints]
    assert complaints == []
