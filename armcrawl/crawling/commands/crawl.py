"""`scrapy crawl`: errors in one sentence, and the exit code of the run, as `armcrawl crawl` has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.exceptions import UsageError as ScrapyUsageError
from scrapy.settings import Settings

from armcrawl import config
from armcrawl.crawling.configuration import settings_for
from armcrawl.crawling.run_extension import RunExtension, check_run, lock_run
from armcrawl.crawling.site_spider import SiteSpider
from armcrawl.errors import ArmcrawlError, UsageError
from armcrawl.options import OF_RUN
from armcrawl.redaction import without_secrets
from armcrawl.reporting import logs
from armcrawl.reporting.alarms import ALARMS
from armcrawl.reporting.delivery import telling_failure

if TYPE_CHECKING:
    import argparse

    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings


class Command(ScrapyCrawl):
    """Scrapy's `crawl`, which ends as the run's record says."""

    crawler: Crawler | None = None

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Take over what the operator has set, and have the log written so, before Scrapy writes its first line."""
        super().process_options(args, opts)
        if self.settings is not None:
            try:
                self.obey_operator(args[0] if args else None, self.settings)
                logs.set_up(self.settings)
            except ArmcrawlError as error:
                raise ScrapyUsageError(str(error), print_help=False) from error

    @staticmethod
    def obey_operator(site: str | None, settings: BaseSettings) -> None:
        """Take over what environment and armcrawl.toml say: above the project's settings, below the command line."""
        config.check_environment()
        said = {option.name: said.value for option in OF_RUN if (said := config.said(option.name, site)) is not None}
        settings.setdict(settings_for(said), "spider")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check what the run is told to do, run it, and take over its exit code."""
        try:
            with telling_failure(args[0] if args else "", self.reports(opts)):
                self.check(args, opts)
        except ArmcrawlError as error:
            if not isinstance(error, UsageError):
                logs.tell(f"armcrawl: {without_secrets(str(error))}", is_error=True)
                self.exitcode = error.exit_code
                return
            raise ScrapyUsageError(without_secrets(str(error)), print_help=False) from error
        super().run(args, opts)
        run = self.crawler.get_extension(RunExtension) if self.crawler else None
        if run is not None and run.outcome is not None:
            if run.outcome.exit_code:
                logs.tell(run.outcome.sentence, is_error=True)
            else:
                click.echo(run.outcome.sentence)
            self.exitcode = run.exit_code

    def reports(self, opts: argparse.Namespace) -> dict[str, Any]:
        """Return the settings that say where the run is reported; arguments of the spider count more."""
        names = ("report", "metrics", "kind", *ALARMS)
        settings = self.settings or Settings()
        return {
            f"ARMCRAWL_{name.upper()}": opts.spargs.get(name) or settings.get(f"ARMCRAWL_{name.upper()}")
            for name in names
        }

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        """Raise ArmcrawlError for arguments that do not fit."""
        if len(args) != 1 or self.settings is None or self.crawler_process is None:
            return
        spider = self.crawler_process.spider_loader.load(args[0])
        if issubclass(spider, SiteSpider):
            settings = self.settings.copy()
            configuration = spider.configure_run(settings, dict(opts.spargs))
            check_run(configuration)
            # Scrapy would report with a traceback that the run could not take it.
            lock_run(configuration, lambda _: None).release()

    def _create_crawler(self, spidercls: object) -> Crawler:
        self.crawler = super()._create_crawler(spidercls)  # type: ignore[arg-type]
        return self.crawler
