"""Pages of any host: which addresses mean one page, and which are no pages at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from armcrawl.errors import UsageError
from armcrawl.sites import Origin, any_site, identify, identify_for, known_sites, site_named, site_of
from armcrawl.sites.single_pages import MAX_LENGTH, id_of, plain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Declare = Callable[..., Path]

ANY = any_site()
PIECES = (
    "/",
    ";jsessionid=1",
    "/index.html",
    ".amp",
    "%2f",
    "%",
    "%25",
    "?",
    "&",
    "=",
    "а",
    "é",
    " ",
    "#",
    "www.",
    "%E0",
)


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://www.Zavod.example/News/5/?utm_source=x&b=2&a=1&yclid=7#top", "zavod.example/News/5?a=1&b=2"),
        ("http://zavod.example:8080/view.php?id=5", "zavod.example:8080/view.php?id=5"),
        ("http://zavod.example:80/index.php?id=5", "zavod.example?id=5"),
        ("https://zavod.example/news/5.amp", "zavod.example/news/5"),
        ("https://zavod.example/a;jsessionid=8F?id=1", "zavod.example/a?id=1"),
        ("https://задвижка.рф/%F6%E5%F5", "xn--80aafhlckr.xn--p1ai/цех"),
        ("https://zavod.example/a%3Fb c", "zavod.example/a%3Fb%20c"),
        ("https://zavod.example", "zavod.example"),
        ("http://8.8.8.8/5", "8.8.8.8/5"),
    ],
)
def test_an_address_is_one_page_s_without_what_makes_no_difference(address: str, found: str) -> None:
    assert id_of(address) == found


@pytest.mark.parametrize(
    "address",
    [
        "zavod.example/5",
        "ftp://zavod.example/5",
        "http://zavod.example:x/5",
        "http://zavod/5",
        "http://a:b@zavod.example/5",
    ]
    + [f"http://{host}/5" for host in ("127.0.0.1", "10.0.0.8", "[::1]", "localhost", "zavod.local", "a_b", "*", "")]
    + [f"https://zavod.example/{'a' * MAX_LENGTH}"],
)
def test_what_is_no_public_page_is_none(address: str) -> None:
    assert id_of(address) is None


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=6).map("".join))
def test_an_id_is_the_address_s_of_the_same_page(rest: str) -> None:
    address = f"https://zavod.example/{rest}"
    found = id_of(address)
    if found is not None:
        assert id_of(f"https://{found}") == found
        assert id_of(plain(address)) == found
        assert not any(character.isspace() for character in found)


def test_only_who_means_a_page_takes_it_of_any_host() -> None:
    assert ANY is not None
    foreign = "https://zavod.example/novosti/5"
    assert identify(foreign) is None
    assert site_of(foreign) is None
    assert site_of("http://*/") is None
    key = identify_for(ANY, foreign)
    assert str(key) == f"{ANY.name}/{ANY.sections[0].name}/zavod.example/novosti/5"
    known = site_named("armtorg")
    assert identify_for(ANY, f"{known.home}news/5") == known.identify(f"{known.home}news/5")
    assert identify_for(known, foreign) is None


def test_pages_of_any_host_have_no_server_and_no_stand_in_of_one() -> None:
    assert ANY is not None
    with pytest.raises(UsageError, match="has no server of its own"):
        _ = ANY.home
    with pytest.raises(ValueError, match="no server can stand in"):
        Origin.of(ANY, "http://127.0.0.1:8000")
    origin = Origin.of(ANY, None)
    assert origin.is_site
    assert origin.serves("http://zavod.example/5")
    assert (
        origin.to_wire("http://zavod.example/5") == origin.to_site("http://zavod.example/5") == "http://zavod.example/5"
    )


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ('hosts = ["*"]\n[[sections]]\nname = "news"', "looks for nothing: its discovery is of kind 'added'"),
        (
            'hosts = ["*"]\n[[discovery]]\nkind = "added"\n[[sections]]\nname = "a"\naddresses = ["/{slug}"]',
            "one section",
        ),
        ('hosts = ["*"]\n[[discovery]]\nkind = "added"\n[[sections]]\nname = "a"', "both have the host"),
        ('hosts = ["*", "zavod.example"]\n[[sections]]\nname = "a"\naddresses = ["/{slug}"]', "is no host"),
        ('hosts = ["zavod.example"]\n[[sections]]\nname = "news"', "section 'news' has no addresses"),
    ],
)
def test_what_cannot_be_a_site_of_any_host_is_told(declare: Declare, declared: str, said: str) -> None:
    declare(f'name = "zavod"\n{declared}\n', "zavod")
    with pytest.raises(UsageError, match=said):
        known_sites()
