"""A headless Chromium for pages, spoken to as a user would.

selenium is imported only where a browser is started: who has neither skips those tests.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
NEEDS_BROWSER = [
    pytest.mark.slow,
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="needs chromium and chromedriver"),
]
_SWITCHES = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def start_browser(profile: Path) -> Any:
    """A driver of a browser that keeps its profile in the folder; its log has everything."""
    webdriver = pytest.importorskip("selenium.webdriver")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for switch in (*_SWITCHES, f"--user-data-dir={profile}"):
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))


def resize(driver: Any, width: int, height: int = 900) -> None:
    """Give the page this size."""
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


class Tab:
    """One page, spoken to as a user would."""

    def __init__(self, driver):
        self.driver = driver
        self.run = driver.execute_script

    def open(self, path, fragment=""):
        """Load a page, bring its table into sight and wait until that has rows."""
        self.driver.get("about:blank")
        self.driver.get(path.as_uri() + fragment)
        self.wait("return !document.querySelector('#tool').hidden")
        self.run("document.querySelector('#questions').scrollIntoView()")
        self.wait("return document.querySelector('tr[data-position]') !== null")

    def wait(self, script, seconds=10):
        """Wait until the script gives something true; give it back."""
        waiting = pytest.importorskip("selenium.webdriver.support.ui").WebDriverWait
        return waiting(self.driver, seconds, 0.02).until(lambda d: d.execute_script(script))

    def text(self, selector):
        """The text that is seen of one element."""
        return self.run("return document.querySelector(arguments[0])?.innerText", selector)

    def ids(self):
        """The ids of the rows that are drawn."""
        return self.run("return [...document.querySelectorAll('td.c-id')].map(e => e.textContent)")

    def click(self, selector):
        """Click what the selector finds first, brought into sight."""
        self.driver.find_element("css selector", selector).click()

    def keys(self, *keys):
        """Type into what has the focus."""
        self.driver.switch_to.active_element.send_keys(*keys)

    def opened(self, title):
        """Wait until this question is open; give back the whole panel's text."""
        self.wait(f"return document.querySelector('#detail h2')?.textContent === {title!r}")
        self.wait("return !document.querySelector('#detail').hidden")
        return self.text("#detail")
