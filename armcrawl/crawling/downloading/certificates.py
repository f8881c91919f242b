"""Who answers by https must prove that he is the server, save a mirror of the operator's own."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from armcrawl.crawling.downloading.politeness import is_loopback
from armcrawl.errors import UsageError
from armcrawl.sites import host_of

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

    from armcrawl.sites import Origin

logger = logging.getLogger(__name__)


def verify_certificates(settings: BaseSettings, server: Origin, *, insecure: bool) -> None:
    """Have certificates verified, unless `insecure`; raises UsageError where that is said of the site itself."""
    host = host_of(server.base_url)
    if insecure and server.is_site and not is_loopback(server.base_url):
        raise UsageError(
            f"--insecure is for a mirror of your own, which --base-url names: certificates of {host} are always "
            "verified. SSL_CERT_FILE names the authority of a private one."
        )
    if insecure:
        logger.warning(
            "The certificate of %s is not verified (insecure): whoever stands between can write what is stored.", host
        )
    # Not even a setting of Scrapy's on the command line leaves it out silently.
    settings.set("DOWNLOAD_VERIFY_CERTIFICATES", not insecure, "cmdline")
