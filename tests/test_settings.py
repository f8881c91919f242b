"""What every crawl keeps to."""

from __future__ import annotations

from armcrawl import settings


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
