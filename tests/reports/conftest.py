"""A browser for all tests of the page; it starts with the first that asks."""

import pytest

from tests.support.browser import Tab, resize, start_browser


@pytest.fixture(scope="session")
def driver(tmp_path_factory):
    """A running browser."""
    started = start_browser(tmp_path_factory.mktemp("profile"))
    yield started
    started.quit()


@pytest.fixture
def tab(driver):
    """A tab of 1280 by 900; what the browser complained of fails the test."""
    resize(driver, 1280)
    driver.get_log("browser")
    yield Tab(driver)
    assert driver.get_log("browser") == []
