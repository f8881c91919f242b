"""The browser that pages are tested with, if the machine has one."""

from __future__ import annotations

import shutil

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
NOT_TESTED = (
    "NOT TESTED: the pages of `armcrawl serve` in a browser, as there is no Chromium on this machine. "
    "`make .venv/.browser` as root installs Debian's, or install one yourself."
)
