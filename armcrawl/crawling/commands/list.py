"""`scrapy list`: the sites that are declared, or in one sentence what is wrong with a declaration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.commands.list import Command as ScrapyList
from scrapy.exceptions import UsageError as ScrapyUsageError

from armcrawl.errors import ArmcrawlError

if TYPE_CHECKING:
    import argparse


class Command(ScrapyList):
    """Scrapy's `list`, which ends as ours do."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """List the sites."""
        try:
            super().run(args, opts)
        except ArmcrawlError as error:
            raise ScrapyUsageError(str(error), print_help=False) from error
