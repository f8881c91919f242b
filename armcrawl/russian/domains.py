"""Addresses and hosts that are printed in a text, and the site that each names."""

from __future__ import annotations

import re

# Top-level domains that sources have; others are rather a sentence without a space after its stop.
TOP_LEVEL = r"(?:ru|su|com|org|net|info|news|biz|online|pro|by|kz|ua|рф|tech|media|today|eu|de|uk|cn|tv|io|uz|kg|am|press|expert|москва|рус)"
DOMAIN = re.compile(
    rf"(?<![\w.-])(?:https?://)?(?:www\.|m\.(?=[\w-]+\.))?(?P<host>[\w-]+(?:\.[\w-]+)*\.{TOP_LEVEL})\b(?:\([^\s()]*\)|[^\s()])*?(?=[,;.)]*(?:\s|$))",
    re.IGNORECASE,
)


def with_sites(text: str) -> str:
    """Return a text in which each address is the host that it names: «сайт vesti.ru» of «сайт https://www.vesti.ru/12»."""
    return DOMAIN.sub(lambda match: match["host"], text)


def site_of_printed(text: str) -> str | None:
    """Return the host that a printed address names, as printed but for `www.` and `m.`; None if it is no address."""
    match = DOMAIN.fullmatch(text)
    return match["host"] if match else None
