"""What identifies a page, and what does not: variants of addresses in a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from armcrawl.errors import UsageError
from armcrawl.sites import PageKey, Section, Site, address_of, identify, stored_address
from armcrawl.sites.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

VESTNIK = """
name = "vestnik"
hosts = ["vestnik.example", "www.vestnik.example", "mirror.example", "вестник.рф"]

[[sections]]
name = "news"
addresses = ["/news/{rubric}/{slug}", "/news/{slug}"]

[[sections]]
name = "activity"
addresses = ["/activity/{id:int}-{slug}.html"]

[[sections]]
name = "blog"
addresses = ["/{year}/{month}/{slug}/"]

[[sections]]
name = "issues"
key = "{year}/{slug}"
addresses = ["/issues/{year}/{slug}"]

[[sections]]
name = "items"
addresses = ["/item/{slug}-{id:int}"]

[[sections]]
name = "topics"
addresses = ["/topics/{id:int}", "/ru/topics/{id:int}"]

[[sections]]
name = "calendar"
addresses = ["/kalendar/{year}/{month}/{day}/{slug}.html"]
"""
HOST = "https://vestnik.example"
DASH = "%E2%80%93"
# What is told of each: its address, and section and id of its page, or None.
TABLE: list[tuple[str, str | None]] = [
    (f"{HOST}/news/zavody/novyy-tsekh", "news/novyy-tsekh"),
    (f"{HOST}/news/neft/novyy-tsekh", "news/novyy-tsekh"),
    (f"{HOST}/news/novyy-tsekh", "news/novyy-tsekh"),
    (f"{HOST}/news/novyy-tsekh/", "news/novyy-tsekh"),
    (f"{HOST}//news///zavody//novyy-tsekh//", "news/novyy-tsekh"),
    (f"{HOST}/news/zavody/novyy-tsekh?page=126&per-page=1", "news/novyy-tsekh"),
    (f"{HOST}/news/zavody/novyy-tsekh#comments", "news/novyy-tsekh"),
    (f"{HOST}/news/zavody/novyy-tsekh/?utm_source=telegram#top", "news/novyy-tsekh"),
    ("http://vestnik.example/news/zavody/novyy-tsekh", "news/novyy-tsekh"),
    ("https://www.vestnik.example/news/zavody/novyy-tsekh", "news/novyy-tsekh"),
    ("https://WWW.Vestnik.Example:443/news/zavody/novyy-tsekh", "news/novyy-tsekh"),
    ("https://vestnik.example./news/zavody/novyy-tsekh", "news/novyy-tsekh"),
    ("http://mirror.example:80/news/zavody/novyy-tsekh", "news/novyy-tsekh"),
    ("https://вестник.рф/news/zavody/novyy-tsekh", "news/novyy-tsekh"),
    ("https://ВЕСТНИК.РФ/news/zavody/novyy-tsekh", "news/novyy-tsekh"),
    ("https://xn--b1agjinxh.xn--p1ai/news/zavody/novyy-tsekh", "news/novyy-tsekh"),
    (f"{HOST}/amp/news/zavody/novyy-tsekh", "news/novyy-tsekh"),
    (f"{HOST}/news/zavody/novyy-tsekh/amp", "news/novyy-tsekh"),
    (f"{HOST}/news/zavody/novyy-tsekh/amp/", "news/novyy-tsekh"),
    (f"{HOST}/news/zavody/novyy-tsekh?amp=1", "news/novyy-tsekh"),
    (f"{HOST}/news/задвижки-2016", "news/задвижки-2016"),
    (f"{HOST}/news/%D0%B7%D0%B0%D0%B4%D0%B2%D0%B8%D0%B6%D0%BA%D0%B8-2016", "news/задвижки-2016"),
    (f"{HOST}/news/%d0%b7%d0%b0%d0%b4%d0%b2%d0%b8%d0%b6%d0%ba%d0%b8-2016", "news/задвижки-2016"),
    (f"{HOST}/news/%E7%E0%E4%E2%E8%E6%EA%E8-2016", "news/задвижки-2016"),
    (f"{HOST}/news/заводскои\u0306", "news/заводской"),
    (f"{HOST}/news/neft/2016–2017", "news/2016–2017"),
    (f"{HOST}/news/neft/2016{DASH}2017", "news/2016–2017"),
    (f"{HOST}/news/neft/2016-2017", "news/2016-2017"),
    (f"{HOST}/news/20160531", "news/20160531"),
    (f"{HOST}/%6Eews/novyy-tsekh", "news/novyy-tsekh"),
    (f"{HOST}/activity/412-novyy-tsekh.html", "activity/412"),
    (f"{HOST}/activity/412-drugoy-zagolovok.html", "activity/412"),
    (f"{HOST}/activity/0412-novyy-tsekh.html", "activity/412"),
    (f"{HOST}/activity/412-novyy-tsekh.html?print=1", "activity/412"),
    (f"{HOST}/activity/412-zadvizhki-dn-50.html", "activity/412"),
    (f"{HOST}/activity/412-задвижки.html", "activity/412"),
    (f"{HOST}/amp/activity/412-novyy-tsekh.html", "activity/412"),
    (f"{HOST}/2016/05/novyy-tsekh/", "blog/novyy-tsekh"),
    (f"{HOST}/2016/05/novyy-tsekh", "blog/novyy-tsekh"),
    (f"{HOST}/2016/5/novyy-tsekh/", "blog/novyy-tsekh"),
    (f"{HOST}/2016/05/novyy-tsekh/amp/", "blog/novyy-tsekh"),
    (f"{HOST}/2016/05/%D1%86%D0%B5%D1%85/", "blog/цех"),
    (f"{HOST}/issues/2016/arktika", "issues/2016/arktika"),
    (f"{HOST}/issues/2017/arktika", "issues/2017/arktika"),
    (f"{HOST}/item/kran-sharovoy-203", "items/203"),
    (f"{HOST}/item/kran-203-dn-50-204", "items/204"),
    (f"{HOST}/", None),
    (f"{HOST}/news/", None),
    (f"{HOST}/news", None),
    (f"{HOST}/news/a/b/c", None),
    (f"{HOST}/news/a b", None),
    (f"{HOST}/news/a%20b", None),
    (f"{HOST}/news/a%0Ab", None),
    (f"{HOST}/news/a%00b", None),
    (f"{HOST}/news/{'a' * 201}", None),
    (f"{HOST}/activity/novyy-tsekh.html", None),
    (f"{HOST}/activity/412-novyy-tsekh", None),
    (f"{HOST}/activity/412.html", None),
    (f"{HOST}/activity/0-novyy-tsekh.html", None),
    (f"{HOST}/activity/{'9' * 19}-a.html", None),
    (f"{HOST}/2016/13/novyy-tsekh/", None),
    (f"{HOST}/1816/05/novyy-tsekh/", None),
    (f"{HOST}/2016/05/", None),
    (f"{HOST}/issues/arktika", None),
    (f"{HOST}/item/203", None),
    (f"{HOST}/tags/armatura", None),
    ("https://other.example/news/novyy-tsekh", None),
    ("https://vestnik.example.com/news/novyy-tsekh", None),
    ("https://vestnik.example@other.example/news/novyy-tsekh", None),
    ("ftp://vestnik.example/news/novyy-tsekh", None),
    ("//vestnik.example/news/novyy-tsekh", None),
    ("/news/novyy-tsekh", None),
    ("http://[", None),
    ("", None),
    ("http://vestnik.example/topics/9911", "topics/9911"),
    ("https://vestnik.example/topics/9911/", "topics/9911"),
    ("https://www.vestnik.example/topics/9911", "topics/9911"),
    ("https://mirror.example/topics/9911", "topics/9911"),
    ("HTTPS://VESTNIK.EXAMPLE/topics/9911", "topics/9911"),
    ("https://vestnik.example:443/topics/9911", "topics/9911"),
    ("http://vestnik.example:8080/topics/9911", "topics/9911"),
    ("https://vestnik.example./topics/9911", "topics/9911"),
    ("https://user@vestnik.example/topics/9911", "topics/9911"),
    (f"{HOST}//topics//9911//", "topics/9911"),
    (f"{HOST}/topics/0009911", "topics/9911"),
    (f"{HOST}/topics/%39911", "topics/9911"),
    (f"{HOST}/%74opics/9911", "topics/9911"),
    (f"{HOST}/topics/9911?page=126&per-page=1", "topics/9911"),
    (f"{HOST}/topics/9911&page=2", "topics/9911"),
    (f"{HOST}/topics/9911&PAGEN_1=2", "topics/9911"),
    (f"{HOST}/topics/9911;jsessionid=0A1B", "topics/9911"),
    (f"{HOST}/topics/9911/?utm_source=telegram&utm_medium=post", "topics/9911"),
    (f"{HOST}/topics/9911?yclid=1#comments", "topics/9911"),
    (f"{HOST}/topics/9911#top", "topics/9911"),
    (f"{HOST}/topics/9911?", "topics/9911"),
    (f"{HOST}/topics/9911#", "topics/9911"),
    (f"{HOST}/ru/topics/9911", "topics/9911"),
    (f"{HOST}/amp/topics/9911", "topics/9911"),
    (f"{HOST}/topics/9911/amp", "topics/9911"),
    (f"{HOST}/topics/9911?amp", "topics/9911"),
    (f"{HOST}/topics/9911.amp", "topics/9911"),
    (f"{HOST}/topics/9911/index.html", "topics/9911"),
    (f"{HOST}/news/novyy-tsekh.amp", "news/novyy-tsekh"),
    (f"{HOST}/news/zavody/novyy-tsekh/amp.html", "news/novyy-tsekh"),
    (f"{HOST}/news/zavody/index.php", "news/zavody"),
    ("https://вестник.рф/topics/9911", "topics/9911"),
    ("https://Вестник.РФ:443/topics/9911/", "topics/9911"),
    (f"{HOST}/topics/{'9' * 18}", f"topics/{'9' * 18}"),
    (f"{HOST}/topics/1", "topics/1"),
    (f"{HOST}/topics/0", None),
    (f"{HOST}/topics/-1", None),
    (f"{HOST}/topics/+1", None),
    (f"{HOST}/topics/1.5", None),
    (f"{HOST}/topics/1,5", None),
    (f"{HOST}/topics/0x10", None),
    (f"{HOST}/topics/٩٩", None),
    (f"{HOST}/topics/9911/print", None),
    (f"{HOST}/topics/9911/2", None),
    (f"{HOST}/topics/{'9' * 19}", None),
    (f"{HOST}/topics/?id=9911", None),
    (f"{HOST}/en/topics/9911", None),
    (f"{HOST}/kalendar/2016/05/31/vystavka.html", "calendar/vystavka"),
    (f"{HOST}/kalendar/2016/5/31/vystavka.html", "calendar/vystavka"),
    (f"{HOST}/kalendar/2016/05/31/vystavka.html/", "calendar/vystavka"),
    (f"{HOST}/kalendar/2016/05/31/vystavka.html?x", "calendar/vystavka"),
    (f"{HOST}/kalendar/2016/05/31/v.2016.html", "calendar/v.2016"),
    (f"{HOST}/kalendar/2016/05/31/%D0%B2%D1%8B%D1%81%D1%82%D0%B0%D0%B2%D0%BA%D0%B0.html", "calendar/выставка"),
    (f"{HOST}/kalendar/2016/05/32/vystavka.html", None),
    (f"{HOST}/kalendar/2016/00/31/vystavka.html", None),
    (f"{HOST}/kalendar/2016/05/31/vystavka.htm", None),
    (f"{HOST}/kalendar/2016/05/31/.html", None),
    (f"{HOST}/kalendar/16/05/31/vystavka.html", None),
    (f"{HOST}/news/novyy-tsekh&page=3", "news/novyy-tsekh"),
    (f"{HOST}/news/r&d-v-armature", "news/r&d-v-armature"),
    (f"{HOST}/news/r%26d-v-armature", "news/r&d-v-armature"),
    (f"{HOST}/news/100%25-gotovo", "news/100%-gotovo"),
    (f"{HOST}/news/novyy+tsekh", "news/novyy+tsekh"),
    (f"{HOST}/news/novyy_tsekh.", "news/novyy_tsekh."),
    (f"{HOST}/news/(gost)-9544", "news/(gost)-9544"),
    (f"{HOST}/news/novyy'tsekh", "news/novyy'tsekh"),
    (f"{HOST}/news/ЗАДВИЖКИ", "news/ЗАДВИЖКИ"),
    (f"{HOST}/news/вантуз—2016", "news/вантуз—2016"),
    (f"{HOST}/news/%D0%B2%D0%B0%D0%BD%D1%82%D1%83%D0%B7%E2%80%942016", "news/вантуз—2016"),
    (f"{HOST}/news/{'a' * 200}", f"news/{'a' * 200}"),
    (f"{HOST}/news/{'-' * 150}", f"news/{'-' * 150}"),
    (f"{HOST}/news/a%3Fb", None),
    (f"{HOST}/news/a%23b", None),
    (f"{HOST}/news/a%2Fb%2Fc", None),
    (f"{HOST}/issues/2016/arktika/", "issues/2016/arktika"),
    (f"{HOST}/issues/2016/arktika?x=1", "issues/2016/arktika"),
    (f"{HOST}/activity/412-a-413-b.html", "activity/412"),
    (f"{HOST}/activity/412-.html", None),
    (f"{HOST}/activity/-412-a.html", None),
    (f"{HOST}/item/kran-0204", "items/204"),
    (f"{HOST}/item/kran-204/", "items/204"),
    (f"{HOST}/item/кран-204", "items/204"),
    (f"{HOST}/item/-204", None),
    (f"{HOST}/item/kran-204a", None),
    ("https://mirror.example./amp/news/zavody/novyy-tsekh/?page=2#x", "news/novyy-tsekh"),
    ("https://vestnik.example:99999/topics/1", "topics/1"),
    ("https://sub.vestnik.example/topics/1", None),
    ("https://vestnik.example.ru/topics/1", None),
    ("javascript:void(0)", None),
    ("mailto:info@vestnik.example", None),
]


@pytest.fixture(autouse=True)
def _vestnik(declare: Callable[..., Path]) -> None:
    declare(VESTNIK, "vestnik")


@pytest.mark.parametrize(("address", "told"), TABLE)
def test_an_address_names_its_page(address: str, told: str | None) -> None:
    key = identify(address)
    assert (None if key is None else f"{key.section}/{key.external_id}") == told


@pytest.mark.parametrize("address", [address for address, told in TABLE if told])
def test_the_stored_address_names_the_same_page(address: str) -> None:
    key = identify(address)
    assert key is not None
    assert identify(stored_address(key, address)) == key
    assert stored_address(key, address).startswith(HOST)
    assert stored_address(key, address).isascii()


def test_the_table_is_long() -> None:
    assert len({address for address, _ in TABLE}) >= 150


def test_an_address_that_its_key_does_not_tell_must_be_said() -> None:
    with pytest.raises(UsageError, match="does not follow from"):
        address_of(PageKey("vestnik", "blog", "novyy-tsekh"))


def test_a_key_of_several_fields_tells_its_address() -> None:
    assert address_of(PageKey("vestnik", "issues", "2016/arktika")) == f"{HOST}/issues/2016/arktika"


@pytest.mark.parametrize(
    ("text", "path", "found"),
    [
        ("/news/{id:int}", "/news/12", "12"),
        ("/news/{id}", "/news/a12", "a12"),
        ("/{year}/{month}/{day}/{slug}", "/2016/05/31/a", "a"),
        ("/a.b/{slug}", "/axb/c", None),
        ("/news/{slug}.htm", "/news/a.b.htm", "a.b"),
    ],
)
def test_a_pattern_takes_its_fields_and_nothing_else(text: str, path: str, found: str | None) -> None:
    assert pattern(text).match(path) == found


def test_a_slug_that_may_stand_under_several_rubrics_does_not_tell_its_address() -> None:
    sections = (Section(name="news", addresses=("/zavody/{slug}/", "/rynok/{slug}/")),)
    site = Site(name="gazette", hosts=("gazette.example",), sections=sections)
    key = PageKey("gazette", "news", "pusk")
    assert site.identify("https://gazette.example/rynok/pusk/") == key
    assert site.address(key) is None


def test_a_page_of_a_listing_is_no_article_of_a_rubric() -> None:
    assert pattern("/news/{rubric}/{slug}").match("/news/page/3/") is None
    assert pattern("/news/{rubric}/{slug}").match("/news/page/pusk/") == "pusk"


def test_only_the_rubrics_that_are_named_hold_articles() -> None:
    section = Section(name="news", addresses=("/{rubric}/{slug}/",), rubrics=("zavody", "рынок"))
    site = Site(name="gazette", hosts=("gazette.example",), sections=(section,))
    key = PageKey("gazette", "news", "pusk")
    assert {site.identify(f"https://gazette.example{path}") for path in ("/zavody/pusk/", "/%D1%80ынок/pusk")} == {key}
    assert site.identify("https://gazette.example/tag/pusk/") is None
    assert site.address(key) is None
    assert section.prefixes == ("/zavody/", "/рынок/")


@pytest.mark.parametrize("declared", [{"addresses": ("/news/{slug}",)}, {"rubrics": ("a/b",)}, {"rubrics": ("a b",)}])
def test_rubrics_that_no_address_could_have_are_refused(declared: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(ValueError, match="rubric"):
        Section(
            name="news",
            addresses=declared.get("addresses", ("/{rubric}/{slug}",)),
            rubrics=declared.get("rubrics", ("zavody",)),
        )
