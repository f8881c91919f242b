"""Scrapy's list of spiders: one for each site that is declared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from armcrawl.crawling.crawl_spider import CrawlSpider
from armcrawl.sites import known_sites, site_named, site_of

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.settings import BaseSettings


class SiteLoader:
    """Makes a spider of each declaration, so that `scrapy list` and `scrapy crawl` know the sites."""

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """Return the loader; the sites are the same whatever the settings."""
        del settings
        return cls()

    def load(self, spider_name: str) -> type[Spider]:
        """Return the spider of a site; raises UsageError for an unknown one."""
        return CrawlSpider.of(site_named(spider_name))

    def find_by_request(self, request: Request) -> list[str]:
        """Return the name of the site that serves a request's address, if one does."""
        site = site_of(request.url)
        return [site.name] if site is not None else []

    def list(self) -> list[str]:
        """Return the names of the sites."""
        return sorted(known_sites())
