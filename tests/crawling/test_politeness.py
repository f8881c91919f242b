"""What a site may expect of us."""

from __future__ import annotations

import pytest
from scrapy.settings import Settings

from armcrawl import __version__
from armcrawl import settings as defaults
from armcrawl.crawling.downloading.politeness import apply_politeness, check_politeness, is_loopback, user_agent
from armcrawl.errors import UsageError
from armcrawl.sites import Origin, site_named
from armcrawl.sites.site import MIN_DELAY

ARMTORG = site_named("armtorg")

SITE = Origin.of(ARMTORG, None)
HERE = Origin.of(ARMTORG, "http://127.0.0.1:8000")


@pytest.fixture(autouse=True)
def contact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARMCRAWL_CONTACT", "press@example.org")


def settings_of(**changes: object) -> Settings:
    settings = Settings()
    settings.setmodule(defaults, priority="project")
    settings.setdict(changes, priority="cmdline")
    return settings


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:8000",
        "http://LOCALHOST",
        "http://localhost./",
        "http://portal.localhost/",
        "http://127.0.0.1",
        "http://127.1.2.3:80",
        "http://[::1]:8000/",
    ],
)
def test_this_machine_is_known(url: str) -> None:
    assert is_loopback(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://armtorg.ru",
        "http://10.0.0.1",
        "http://192.168.1.10:8000",
        "http://[2001:db8::1]",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://notlocalhost",
        "http://localhost@example.com",
        "http://[",
        "",
    ],
)
def test_every_other_machine_is_not_this_one(url: str) -> None:
    assert not is_loopback(url)


@pytest.mark.parametrize(("delay", "concurrency"), [(0, 1), (0, 16), (0.5, 2), (60, 1)])
def test_our_own_machine_may_be_asked_as_fast_as_one_likes(delay: float, concurrency: int) -> None:
    check_politeness(HERE, delay, concurrency)


@pytest.mark.parametrize("delay", [MIN_DELAY, 2.5, 60])
def test_one_page_at_a_time_every_two_seconds_is_polite(delay: float) -> None:
    check_politeness(SITE, delay, 1)


@pytest.mark.parametrize(("delay", "concurrency"), [(0, 1), (1.99, 1), (2, 2), (60, 16)])
@pytest.mark.parametrize("base_url", [None, "http://mirror.example.com", "http://10.0.0.1:8000"])
def test_haste_is_refused_elsewhere(base_url: str | None, delay: float, concurrency: int) -> None:
    with pytest.raises(UsageError, match=r"--delay is at least 2 seconds and --concurrency 1\..* --impolite"):
        check_politeness(Origin.of(ARMTORG, base_url), delay, concurrency)


@pytest.mark.parametrize(("delay", "concurrency"), [(-1, 1), (2, 0), (2, -1)])
@pytest.mark.parametrize("origin", [SITE, HERE])
def test_nonsense_is_refused_everywhere(origin: Origin, delay: float, concurrency: int) -> None:
    with pytest.raises(UsageError, match="cannot be below"):
        check_politeness(origin, delay, concurrency)


@pytest.mark.parametrize("origin", [SITE, HERE])
def test_a_delay_that_is_no_number_is_refused_everywhere(origin: Origin) -> None:
    with pytest.raises(UsageError):
        check_politeness(origin, float("nan"), 1)


def test_nobody_is_crawled_without_a_contact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ARMCRAWL_CONTACT")
    with pytest.raises(UsageError, match="Set ARMCRAWL_CONTACT"):
        check_politeness(SITE, 2, 1)


def test_our_own_machine_needs_no_contact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ARMCRAWL_CONTACT")
    check_politeness(HERE, 0, 1)


def test_the_user_agent_says_name_version_and_contact() -> None:
    assert user_agent() == f"armcrawl/{__version__} (+press@example.org)"


def test_a_user_agent_without_contact_says_name_and_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ARMCRAWL_CONTACT")
    assert user_agent() == f"armcrawl/{__version__}"


def test_the_default_settings_are_polite() -> None:
    settings = settings_of()
    apply_politeness(settings, SITE)
    assert settings["USER_AGENT"] == user_agent()
    assert settings.getbool("AUTOTHROTTLE_ENABLED")


@pytest.mark.parametrize(
    "change", [{"DOWNLOAD_DELAY": 0}, {"DOWNLOAD_DELAY": "1"}, {"CONCURRENT_REQUESTS_PER_DOMAIN": 2}]
)
def test_rude_settings_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        apply_politeness(settings_of(**change), SITE)


def test_robots_txt_must_be_obeyed() -> None:
    with pytest.raises(UsageError, match="ROBOTSTXT_OBEY"):
        apply_politeness(settings_of(ROBOTSTXT_OBEY=False), SITE)


def test_haste_is_allowed_elsewhere_to_who_says_that_it_is_impolite() -> None:
    check_politeness(SITE, 0.1, 8, impolite=True)
    settings = settings_of(ROBOTSTXT_OBEY=False, DOWNLOAD_DELAY=0.1)
    apply_politeness(settings, SITE, impolite=True)
    assert settings.getfloat("DOWNLOAD_DELAY") == 0.1


def test_the_impolite_must_be_reachable_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ARMCRAWL_CONTACT")
    with pytest.raises(UsageError, match="Set ARMCRAWL_CONTACT"):
        check_politeness(SITE, 0.1, 8, impolite=True)


def test_our_own_machine_may_be_asked_without_robots_txt() -> None:
    settings = settings_of(ROBOTSTXT_OBEY=False)
    apply_politeness(settings, HERE)
    assert not settings.getbool("ROBOTSTXT_OBEY")


def test_no_delay_turns_the_throttle_off() -> None:
    settings = settings_of(DOWNLOAD_DELAY=0)
    apply_politeness(settings, HERE)
    assert not settings.getbool("AUTOTHROTTLE_ENABLED")


def test_a_delay_on_our_own_machine_keeps_the_throttle() -> None:
    settings = settings_of(DOWNLOAD_DELAY=0.5)
    apply_politeness(settings, HERE)
    assert settings.getbool("AUTOTHROTTLE_ENABLED")
