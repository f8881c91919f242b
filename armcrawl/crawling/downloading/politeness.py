"""What a site may expect of us: who we are, how to reach us, and how often we ask."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from armcrawl import __version__, config
from armcrawl.errors import UsageError
from armcrawl.sites import host_of
from armcrawl.sites.site import MIN_DELAY

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

    from armcrawl.sites import Origin


def is_loopback(url: str) -> bool:
    """Tell whether an address is this very machine."""
    host = host_of(url)
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def check_politeness(origin: Origin, delay: float, concurrency: int, *, impolite: bool = False) -> None:
    """Refuse what would be rude to a server that is not our own machine, unless `impolite`.

    Raises UsageError with what to set instead.
    """
    if not 0 <= delay < float("inf") or concurrency < 1:
        raise UsageError(
            "--delay must be a number of seconds that cannot be below 0, and --concurrency cannot be below 1."
        )
    if is_loopback(origin.base_url):
        return
    if (delay < MIN_DELAY or concurrency > 1) and not impolite:
        raise UsageError(
            f"{host_of(origin.base_url)} is not this machine: there --delay is at least {MIN_DELAY:g} seconds and "
            "--concurrency 1. If the server is your own, say --impolite."
        )
    if not config.contact():
        raise UsageError(
            "Set ARMCRAWL_CONTACT, or contact in armcrawl.toml, to your e-mail address or web page: the site must be "
            "able to reach whoever crawls it."
        )


def user_agent() -> str:
    """Return the user agent: name, version and the operator's contact."""
    contact = config.contact()
    return f"armcrawl/{__version__} (+{contact})" if contact else f"armcrawl/{__version__}"


def apply_politeness(settings: BaseSettings, origin: Origin, *, impolite: bool = False) -> None:
    """Check a run's settings and complete them; raises UsageError if they are rude."""
    delay = settings.getfloat("DOWNLOAD_DELAY")
    check_politeness(origin, delay, settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN"), impolite=impolite)
    if not (settings.getbool("ROBOTSTXT_OBEY") or impolite or is_loopback(origin.base_url)):
        raise UsageError("ROBOTSTXT_OBEY must stay on for a server that is not this machine, unless you say impolite.")
    # Nobody may hide who asks, not even by a setting on the command line.
    settings.set("USER_AGENT", user_agent(), "cmdline")
    if delay == 0:
        settings.set("AUTOTHROTTLE_ENABLED", value=False, priority="cmdline")
