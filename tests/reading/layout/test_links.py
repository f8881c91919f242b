"""Links are joined to the address of their page as the standard library joins them, only quicker."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit, urlunsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from armcrawl.reading.layout.links import MAX_ADDRESS_LENGTH, Resolver

PAGE = "https://vestnik.example/news/412/"
PIECES = (
    "/",
    "/tag/",
    "..",
    ".",
    "?q=1",
    "?",
    "#top",
    "#",
    ";p=1",
    "%D0%BA",
    "кран",
    "[",
    "@",
    ":80",
    " a",
    "\t",
    "&x=2",
    "//",
)
SITES = ("", "https://vestnik.example", "http://other.example", "HTTP://Other.example", "//cdn.example", "mailto:")
hrefs = st.tuples(st.sampled_from(SITES), st.lists(st.sampled_from(PIECES), max_size=6)).map(
    lambda parts: parts[0] + "".join(parts[1])
)


def joined(href: str) -> str | None:
    """Join with the standard library alone."""
    try:
        parts = urlsplit(urljoin(PAGE, href.strip()))
    except ValueError:
        return None
    return urlunsplit(parts._replace(fragment="")) if parts.scheme in {"http", "https"} and parts.netloc else None


# What begins with two slashes is read as it is meant; tabs in an address are none, so `/\t/` does.
@given(hrefs.filter(lambda href: href.strip() and not href.strip().replace("\t", "").startswith(("#", "//"))))
@example("/tag/klapan?page=2#top")
@example("/a/../b")
@example("https://other.example")
@example("https://other.example?q=1")
@example("/a?")
@example("/a;")
def test_links_lead_where_the_standard_library_says(href: str) -> None:
    assert Resolver(PAGE, None)(href) == joined(href)


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("//forum/topic", "https://vestnik.example/forum/topic"),
        ("#top", None),
        ("", None),
        ("javascript:void(0)", None),
        ("/" + "a" * MAX_ADDRESS_LENGTH, None),
        (
            "/" + "a" * (MAX_ADDRESS_LENGTH - len("https://vestnik.example/")),
            PAGE[:24] + "a" * (MAX_ADDRESS_LENGTH - 24),
        ),
    ],
)
def test_some_links_are_read_as_they_are_meant(href: str, address: str | None) -> None:
    assert Resolver(PAGE, None)(href) == address
