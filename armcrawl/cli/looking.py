"""Fetching pages to look at, politely, with nothing stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from armcrawl import config
from armcrawl.crawling.configuration import origin_of
from armcrawl.crawling.downloading.politeness import check_politeness, is_loopback
from armcrawl.errors import ArmcrawlError, UsageError
from armcrawl.sites import host_of, site_of
from armcrawl.stats import stat

if TYPE_CHECKING:
    from collections.abc import Sequence

    from armcrawl.crawling.look import Look
    from armcrawl.crawling.site_spider import SiteSpider
    from armcrawl.discovery.drafting.survey import Named, Survey
    from armcrawl.sites import Origin, Site


def look_at(
    site: Site,
    addresses: Sequence[str],
    base_url: str | None,
    *,
    pages: int = 0,
    delay: float | None = None,
) -> list[Look]:
    """Fetch and read addresses, or `pages` spread over the site; raises UsageError for foreign ones."""
    if site.is_any and not addresses:
        raise UsageError(f"Nothing is looked for on {site.name}: look at a page with `armcrawl inspect URL`.")
    if base_url is None and addresses and not site.is_any:
        base_url = _server_of(addresses[0])
    base_url = base_url or site.base_url
    origin = origin_of(site, base_url)
    known = [origin.to_site(address) for address in addresses]
    for address in known:
        if site.is_any and site.identify(address) is None:
            raise UsageError(f"{address} is no public address of a page: save the page and inspect the file.")
        if not site.is_any and host_of(address) not in site.all_hosts:
            raise UsageError(f"{address} is not on {site.host}: save the page and inspect the file.")
    from armcrawl.crawling.look import LookSpider

    looks: list[Look] = []
    _run(LookSpider.of(site), origin, delay, base_url=base_url, addresses=known, pages=pages, looks=looks)
    return looks


def look_around(site: Site, base_url: str | None, delay: float | None, named: Named) -> Survey:
    """Look around on a site, at what `named` has first; raises ArmcrawlError if its home page cannot be read."""
    from armcrawl.crawling.survey_spider import SurveySpider
    from armcrawl.discovery.drafting.survey import MAX_REQUESTS

    base_url = base_url or site.base_url
    origin = origin_of(site, base_url)
    surveys: list[Survey] = []
    faults: list[str] = []
    _run(
        SurveySpider.of(site),
        origin,
        delay,
        base_url=base_url,
        max_requests=MAX_REQUESTS,
        surveys=surveys,
        faults=faults,
        named=named,
    )
    if not surveys:
        raise ArmcrawlError(f"{origin.base_url} cannot be read: {faults[0] if faults else 'the look was broken off'}.")
    return surveys[0]


def _run(
    spider: type[SiteSpider],
    origin: Origin,
    delay: float | None,
    *,
    base_url: str | None,
    max_requests: int = 0,
    **arguments: Any,
) -> None:
    """Run a spider that stores nothing, politely, with at most so many requests; a signal ends the program."""
    from armcrawl.cli.running import run_spider

    name = spider.site.name
    if delay is None:
        delay = 0.0 if is_loopback(origin.base_url) else config.value("delay", name) or spider.site.delay
    check_politeness(origin, delay, 1, impolite=config.value("impolite", name))
    settings: dict[str, Any] = {
        "ARMCRAWL_BASE_URL": base_url,
        "ARMCRAWL_MAX_REQUESTS": max_requests,
        "ARMCRAWL_INSECURE": config.value("insecure", name),
        "ITEM_PIPELINES": {},
        "EXTENSIONS": {"armcrawl.crawling.signal_extension.SignalExtension": 0},
        "DOWNLOAD_DELAY": delay,
        "DOWNLOAD_TIMEOUT": config.value("timeout", name),
    }
    crawler = run_spider(spider, settings, **arguments)
    if number := crawler.stats.get_value(stat("signal")):
        raise SystemExit(128 + number)


def _server_of(url: str) -> str | None:
    """Return the server of an address if it is this machine, None for a known site's."""
    if site_of(url) is not None:
        return None
    if is_loopback(url):
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc}"
    raise UsageError(f"{url} belongs to no known site: save the page and inspect the file.")
