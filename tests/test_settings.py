"""What every crawl keeps to."""

from __future__ import annotations

from armcrawl import settings
from armcrawl.crawling import progress_extension, wayback_spider
from armcrawl.crawling.downloading.robots import MAX_ROBOTS_LENGTH
from armcrawl.discovery.sighted.sitemap import MAX_SIZE as MAX_SITEMAP_SIZE


def test_robots_txt_is_obeyed() -> None:
    assert settings.ROBOTSTXT_OBEY is True


def test_one_page_at_a_time_two_seconds_apart() -> None:
    assert settings.DOWNLOAD_DELAY >= 2
    assert settings.CONCURRENT_REQUESTS_PER_DOMAIN == 1
    assert settings.AUTOTHROTTLE_ENABLED is True


def test_no_console_listens() -> None:
    extensions = {*settings.EXTENSIONS_BASE, *settings.EXTENSIONS}
    assert "scrapy.extensions.throttle.AutoThrottle" in extensions
    assert not [name for name in extensions if "telnet" in name or "remote_control" in name]


def test_the_pipelines_stand_in_the_order_of_an_articles_way() -> None:
    order = sorted(settings.ITEM_PIPELINES, key=lambda name: settings.ITEM_PIPELINES[name])
    assert [name.split(".")[1] for name in order] == ["dates", "boilerplate", "tags", "validate", "dedupe", "store"]


def test_no_answer_is_larger_or_takes_longer_than_the_documents_say() -> None:
    assert settings.DOWNLOAD_MAXSIZE == 8 << 20
    assert settings.DOWNLOAD_TIMEOUT == 60
    assert settings.REDIRECT_MAX_TIMES == 5
    assert MAX_ROBOTS_LENGTH == 500 * 1024
    assert MAX_SITEMAP_SIZE == 50 << 20
    assert wayback_spider.MAX_INDEX == 256 << 20


def test_no_cookie_is_kept_or_sent() -> None:
    middlewares = {*settings.DOWNLOADER_MIDDLEWARES_BASE, *settings.DOWNLOADER_MIDDLEWARES}
    assert "scrapy.downloadermiddlewares.retry.RetryMiddleware" in middlewares
    assert not [name for name in middlewares if "cookies" in name]


def test_a_run_tells_how_far_it_is_after_one_minute_and_ever_more_rarely() -> None:
    assert (progress_extension.FIRST_LINE_SECONDS, progress_extension.LINE_SECONDS) == (60, 16 * 60)
