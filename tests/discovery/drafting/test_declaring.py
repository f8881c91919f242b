"""What was seen of a site becomes a declaration that can be used."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from hypothesis import given
from hypothesis import strategies as st
from msgspec import convert

from armcrawl.discovery.drafting.declaring import draft_of
from armcrawl.discovery.drafting.looks import FeedSeen, LinkSeen, PageSeen, SitemapSeen
from armcrawl.discovery.drafting.survey import Survey
from armcrawl.discovery.drafting.writing import declaration_of
from armcrawl.discovery.sighted.pagination import Further
from armcrawl.sites import Site

if TYPE_CHECKING:
    from collections.abc import Sequence

HOME = "https://gazette.example/"
MENU = (LinkSeen(HOME + "o-nas/", "О нас"), LinkSeen(HOME + "kontakty/", "Контакты"))


def links(paths: Sequence[str]) -> tuple[LinkSeen, ...]:
    return tuple(LinkSeen(HOME + path, "Завод отгрузил двадцать задвижек", date(2026, 5, 12)) for path in paths)


def listing(path: str, shown: Sequence[str], further: str | None = None, menu: Sequence[LinkSeen] = MENU) -> PageSeen:
    goes_on = Further(HOME + further, "number") if further else Further()
    return PageSeen(HOME + path, (*menu, *links(shown)), goes_on, "listing")


def survey(
    *pages: PageSeen, read: Sequence[str], fed: Sequence[str] = (), sitemaps: Sequence[SitemapSeen] = ()
) -> Survey:
    """Return what a look showed: the home page first, then listings; `read` are articles that were looked at."""
    found = Survey(pages[0], list(pages[1:]))
    for page in pages:
        found.families.take_page(page)
    if fed:
        found.feeds.append(FeedSeen(HOME + "feed/", tuple(HOME + path for path in fed), "Газета", "+0500"))
        found.families.take_feed(found.feeds[0])
    for sitemap in sitemaps:
        found.sitemaps.append(sitemap)
        found.families.take_sitemap(sitemap)
    for path in read:
        page = PageSeen(HOME + path, MENU, Further(), "article", is_dated=True)
        found.looked.append(page)
        found.families.take_look(page, HOME + path)
        found.families.take_page(page)
    return found


def declared(found: Survey) -> dict[str, Any]:
    """Return what the declaration says, which must be one that can be used."""
    told = tomllib.loads(declaration_of(draft_of(found, "gazette", "https://gazette.example")))
    convert(told, Site)
    return told


def paths(form: str, number: int = 12) -> list[str]:
    return [form.format(place) for place in range(1, number + 1)]


def test_articles_at_the_root_are_listed_by_the_home_page_and_menus_are_left_out() -> None:
    told = declared(
        survey(listing("", paths("zavod-{}-pushchen/"), "page/2/"), read=["zavod-1-pushchen/", "zavod-2-pushchen/"])
    )
    assert told["sections"][0]["addresses"] == ["/{slug}/"]
    assert told["sections"][0]["listing"] == "/"
    assert told["exclude"] == ["/kontakty", "/o-nas"]
    assert [one["kind"] for one in told["discovery"]] == ["listing"]


def test_rubrics_of_one_stream_are_one_section() -> None:
    shown = [f"{rubric}/zavod-{number}" for rubric in ("rynok", "zavody") for number in range(5)]
    told = declared(survey(listing("", shown), fed=shown, read=["rynok/zavod-1"]))
    assert len(told["sections"]) == 1
    assert sorted(told["sections"][0]["addresses"]) == ["/rynok/{slug}", "/zavody/{slug}"]
    assert told["zone"] == "Asia/Yekaterinburg"


def test_each_numbered_folder_is_a_section_with_its_own_listing() -> None:
    news, reviews = paths("news/{}"), paths("reviews/{}")
    found = survey(
        listing("", [*news[:3], *reviews[:3]]),
        listing("news/", news, "news/?page=2"),
        listing("reviews/", reviews, "reviews/?page=2"),
        read=[news[0], reviews[0]],
    )
    told = {one["name"]: one["listing"] for one in declared(found)["sections"]}
    assert told == {"news": "/news/", "reviews": "/reviews/"}


def test_ids_that_nothing_lists_to_the_end_are_counted() -> None:
    told = declared(survey(listing("", paths("news/{}")), read=["news/3"]))
    assert [one["kind"] for one in told["discovery"]] == ["counted"]


def test_of_an_index_only_files_of_articles_are_read_where_addresses_are_flat() -> None:
    posts = paths("zavod-{}-pushchen/")
    sitemaps = (
        SitemapSeen(HOME + "sitemap.xml", files=((HOME + "post-sitemap1.xml", ""), (HOME + "page-sitemap.xml", ""))),
        SitemapSeen(HOME + "post-sitemap1.xml", tuple(HOME + path for path in posts)),
    )
    told = declared(survey(listing("", posts[:5]), read=posts[:1], sitemaps=sitemaps))
    assert told["discovery"][0] == {"kind": "sitemap", "start": ["/sitemap.xml"], "files": "/post-sitemap*.xml"}


def test_tags_below_the_folder_of_news_are_left_out() -> None:
    shown = [f"news/{rubric}/zavod-{number}" for rubric in ("rynok", "zavody") for number in range(5)]
    tag = LinkSeen(HOME + "news/tag/stal", "Сталь")
    told = declared(survey(listing("", shown, menu=(*MENU, tag)), read=shown[:1]))
    assert told["sections"][0]["addresses"] == ["/news/{rubric}/{slug}"]
    assert told["exclude"] == ["/news/tag/*"]


def test_a_sitemap_that_lacks_what_is_new_is_not_trusted() -> None:
    stale = SitemapSeen(HOME + "sitemap.xml", tuple(HOME + path for path in paths("news/old-{}")))
    told = declared(survey(listing("", paths("news/zavod-{}"), "page/2"), read=["news/zavod-1"], sitemaps=[stale]))
    assert "sitemap" not in [one["kind"] for one in told["discovery"]]


def test_what_was_not_taken_is_told_with_the_reason() -> None:
    found = survey(listing("", [*paths("news/{}"), *paths("goods/{}")]), read=["news/1"])
    found.families.take_look(PageSeen(HOME + "goods/1", (), Further(), "article"), HOME + "goods/1")
    text = declaration_of(draft_of(found, "gazette", "https://gazette.example"))
    assert "/goods/{id:int}: 12 pages (no date)" in text


WORDS = st.sampled_from(
    ["news", "2016", "05", "tag", "archive.html", "5", "17", "zavod", "kran-3", "o-nas", "стали", "a b"]
)
PATHS = st.lists(WORDS, min_size=1, max_size=4).map("/".join)


@given(st.lists(PATHS, min_size=4, max_size=20, unique=True), st.integers(0, 19))
def test_the_draft_of_any_addresses_can_be_used_and_takes_all_that_was_seen(shown: list[str], place: int) -> None:
    found = survey(listing("", shown, "page/2/"), read=[shown[place % len(shown)], shown[-1]])
    draft = draft_of(found, "gazette", "https://gazette.example")
    if not draft.sections:
        return
    site = convert(tomllib.loads(declaration_of(draft)), Site)
    known = {path for section in draft.sections for path in section.known}
    names: dict[object, str] = {}
    for path in known:
        key = site.identify(f"https://gazette.example{quote(path)}")
        assert key is not None
        # Under another rubric it is the same article, and `/05` is `/5`.
        name = path.rpartition("/")[2].lstrip("0")
        assert names.setdefault(key, name) == name
