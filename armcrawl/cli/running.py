"""Running a spider from a command, to its exit code."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from armcrawl.cli import verbosity
from armcrawl.reporting import logs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrapy import Spider
    from scrapy.crawler import Crawler

# Scrapy reports each request that it gives up as an error; the ledger and our own sentence say the same.
NOISY_LOGGER = "scrapy.downloadermiddlewares.retry"


def settings_of(settings: Mapping[str, Any]) -> Settings:
    """Return all settings of a run; what is None is left as it is."""
    verbosity.hand_over()
    all_settings = Settings()
    all_settings.setmodule("armcrawl.settings", priority="project")
    given = {key: value for key, value in settings.items() if value is not None}
    all_settings.setdict({"LOG_LEVEL": verbosity.level(), **given}, priority="cmdline")
    if verbosity.is_quiet():
        all_settings.set("ARMCRAWL_PROGRESS", value=False, priority="cmdline")
    return all_settings


def set_up_log(settings: Mapping[str, Any]) -> None:
    """Write the log as the settings say, before anything is written."""
    logs.set_up(settings_of(settings))


def run_spider(spider: str | type[Spider], settings: Mapping[str, Any], **arguments: Any) -> Crawler:
    """Run a spider to its end and return its crawler."""
    all_settings = settings_of(settings)
    logs.set_up(all_settings)
    process = AsyncCrawlerProcess(all_settings)
    logging.getLogger(NOISY_LOGGER).setLevel(logging.CRITICAL)
    crawler = process.create_crawler(spider)
    task = process.crawl(crawler, **arguments)
    process.start(install_signal_handlers=False)
    if (error := task.exception()) is not None:
        raise error
    return crawler
