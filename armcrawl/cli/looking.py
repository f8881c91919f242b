"""Fetching pages to look at, politely, with nothing stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from armcrawl import config
from armcrawl.crawling.configuration import origin_of
from armcrawl.crawling.downloading.politeness import check_politeness, is_loopback
from armcrawl.errors import UsageError
from armcrawl.sites import host_of, site_of
from armcrawl.stats import stat

if TYPE_CHECKING:
    from collections.abc import Sequence

    from armcrawl.crawling.look import Look
    from armcrawl.sites import Site


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
    origin = origin_of(site, base_url)
    known = [origin.to_site(address) for address in addresses]
    for address in known:
        if site.is_any and site.identify(address) is None:
            raise UsageError(f"{address} is no public address of a page: save the page and inspect the file.")
        if not site.is_any and host_of(address) not in site.all_hosts:
            raise UsageError(f"{address} is not on {site.host}: save the page and inspect the file.")
    if delay is None:
        delay = 0.0 if is_loopback(origin.base_url) else config.value("delay", site.name) or site.delay
    check_politeness(origin, delay, 1, impolite=config.value("impolite", site.name))
    from armcrawl.cli.running import run_spider
    from armcrawl.crawling.look import LookSpider

    settings: dict[str, Any] = {
        "ARMCRAWL_BASE_URL": base_url,
        "ARMCRAWL_MAX_REQUESTS": 0,
        "ITEM_PIPELINES": {},
        "EXTENSIONS": {"armcrawl.crawling.signal_extension.SignalExtension": 0},
        "DOWNLOAD_DELAY": delay,
        "DOWNLOAD_TIMEOUT": config.value("timeout", site.name),
    }
    looks: list[Look] = []
    crawler = run_spider(LookSpider.of(site), settings, addresses=known, pages=pages, looks=looks)
    if number := crawler.stats.get_value(stat("signal")):
        raise SystemExit(128 + number)
    return looks


def _server_of(url: str) -> str | None:
    """Return the server of an address if it is this machine, None for a known site's."""
    if site_of(url) is not None:
        return None
    if is_loopback(url):
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc}"
    raise UsageError(f"{url} belongs to no known site: save the page and inspect the file.")
