"""The press portal has what sites without numbers have."""

from __future__ import annotations

import gzip
import re
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest

from armcrawl.errors import UsageError
from armcrawl.items import Outcome
from armcrawl.sample.press.articles import SITE
from armcrawl.sample.press.listings import ITEMS_PER_PAGE, STYLES
from armcrawl.sample.press.portal import MIRROR, PressPortal
from tests.sample.press.moments import NOW, Clock, moscow

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

HOME = SITE.home.rstrip("/")
LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"


def page(press: PressPortal, target: str, moment: datetime = NOW) -> str:
    answer = press.respond(target, moment)
    assert answer.status == 200, (target, answer.status)
    return answer.body.decode()


def listed(html: str) -> list[str]:
    """Return the slugs of the articles that a listing shows, without those around it."""
    main = re.split(r'<aside|class="col-side"', html)[0]
    found = re.findall(r'href="/(?:zavody|tehnologii|vystavki|intervyu|rynok|standarty)/([^/"]+)/"', main)
    return list(dict.fromkeys(map(unquote, found)))


def walk(press: PressPortal, listing: str, now: Callable[[], datetime] = lambda: NOW) -> list[str]:
    """Return what a listing shows from its first page to its last, by the links between the pages."""
    found, target = list[str](), listing
    while True:
        html = page(press, target, now())
        found += listed(html)
        links = re.findall(
            r'<a class="(?:next page-numbers|load-more button|older)"(?: rel="next")? href="([^"]+)"', html
        )
        if not links:
            return found
        target = links[0].replace("&amp;", "&")


def shown(press: PressPortal, moment: datetime = NOW) -> set[str]:
    return {key.external_id for key, known in press.truth(moment).items() if known.outcome is Outcome.STORED}


def parsed(body: bytes) -> ET.Element:
    return ET.fromstring(body)  # noqa: S314 - it is our own


def locations(press: PressPortal, path: str) -> dict[str, str]:
    """Return the addresses of a sitemap, each with its lastmod."""
    body = press.respond(path, NOW).body
    root = parsed(gzip.decompress(body) if path.endswith(".gz") else body)
    return {one.findtext(f"{LOC}loc", ""): one.findtext(f"{LOC}lastmod", "") for one in root}


def test_a_listing_is_walked_to_its_end_by_its_links(press: PressPortal) -> None:
    assert set(walk(press, "/novosti/")) == shown(press)
    rubrics = [slug for listing in STYLES if listing != "/novosti/" for slug in walk(press, listing)]
    assert sorted(rubrics) == sorted(shown(press))


def test_a_listing_shifts_while_it_is_read(press: PressPortal) -> None:
    first = press.chronicle.at(NOW).articles[0]
    before, after = first.at - timedelta(minutes=1), first.at + timedelta(minutes=1)
    old = listed(page(press, "/novosti/", before))
    new = listed(page(press, "/novosti/?PAGEN_1=2", after))
    assert len(old) == ITEMS_PER_PAGE
    assert new[0] == old[-1]


def test_a_walk_while_articles_appear_repeats_some_and_misses_none(press: PressPortal) -> None:
    start = moscow("2026-11-17 08:00")
    found = walk(press, "/novosti/", Clock(start, timedelta(minutes=15)))
    assert shown(press, start) <= set(found)
    assert len(found) > len(set(found))


def test_listings_end_in_four_ways(press: PressPortal) -> None:
    last = page(press, "/zavody/?PAGEN_1=9999")
    assert listed(last) == walk(press, "/zavody/")[-len(listed(last)) :]
    assert press.respond("/tehnologii/page/9999/", NOW).status == 404
    assert listed(page(press, "/vystavki/?start=99990")) == []
    assert listed(page(press, "/intervyu/?page=9999")) == listed(page(press, "/intervyu/"))


@pytest.mark.parametrize("query", ["PAGEN_1=0", "PAGEN_1=-2", "PAGEN_1=x", "PAGEN_1="])
def test_a_strange_page_is_the_first(press: PressPortal, query: str) -> None:
    assert listed(page(press, f"/zavody/?{query}")) == listed(page(press, "/zavody/"))


def test_listings_print_days_without_a_year(press: PressPortal) -> None:
    newest = press.chronicle.at(NOW).articles[0]
    html = page(press, "/novosti/", newest.at + timedelta(minutes=5))
    assert f"сегодня, {newest.at:%H:%M}" in html
    assert f"вчера, {newest.at:%H:%M}" in page(press, "/novosti/", newest.at + timedelta(hours=20))
    older = page(press, "/novosti/", moscow("2026-11-20 23:00"))
    assert re.search(r">\d+ ноября<", older)
    assert "декабря 2024" in page(press, "/arhiv/2024/12/") or "12.2024" in page(press, "/arhiv/2024/12/")


def test_the_year_is_printed_of_earlier_years(press: PressPortal) -> None:
    slug = "aksai-armatura"
    assert re.search(r">\d+ \w+ 2024<", page(press, f"/tag/{slug}/") + page(press, "/novosti/?PAGEN_1=9999"))


def test_rss_has_the_newest_twenty_in_full(press: PressPortal) -> None:
    root = parsed(press.respond("/rss.xml", NOW).body)
    items = root.findall("channel/item")
    newest = press.chronicle.at(NOW).articles[:20]
    assert [item.findtext("title") for item in items] == [article.title for article in newest]
    for item, article in zip(items, newest, strict=True):
        assert all(paragraph in item.findtext(CONTENT, "") for paragraph in article.paragraphs)
        assert SITE.identify(item.findtext("link", "")) == article.key


def test_atom_has_one_rubric_with_its_edits(press: PressPortal) -> None:
    atom = "{http://www.w3.org/2005/Atom}"
    root = parsed(press.respond("/standarty/atom.xml", NOW).body)
    entries, edition = root.findall(f"{atom}entry"), press.chronicle.at(NOW)
    assert [entry.findtext(f"{atom}title") for entry in entries] == [a.title for a in edition.rubrics["standarty"][:20]]
    for entry, article in zip(entries, edition.rubrics["standarty"], strict=False):
        assert entry.findtext(f"{atom}updated") == edition.changed(article).isoformat()
        assert entry.findtext(f"{atom}content", "").startswith(f"<p>{article.paragraphs[0][:20]}")


def test_the_sitemaps_have_every_article_with_its_last_change(press: PressPortal) -> None:
    index = locations(press, "/sitemap.xml")
    assert [path.removeprefix(HOME) for path in index] == [
        "/sitemap-1.xml",
        "/sitemap-2.xml.gz",
        "/sitemap-3.xml",
        "/sitemap-news.xml",
        "/sitemap-pages.xml",
    ]
    found = {
        address: mod for path in list(index)[:3] for address, mod in locations(press, path.removeprefix(HOME)).items()
    }
    known = press.truth(NOW)
    keys = {SITE.identify(address): mod for address, mod in found.items()}
    assert {key: mod for key, mod in keys.items() if key} == {
        key: one.changed_at.isoformat() for key, one in known.items() if one.outcome is Outcome.STORED
    }
    assert len(keys) == len(found)


def test_the_news_sitemap_has_two_days(press: PressPortal) -> None:
    moment = moscow("2026-11-20 19:00")
    body = press.respond("/sitemap-news.xml", moment).body.decode()
    fresh = [a for a in press.chronicle.at(moment).articles if moment - a.at <= timedelta(days=2)]
    assert body.count("<url>") == len(fresh) > 0


def test_robots_txt_names_the_sitemap_and_what_is_closed(press: PressPortal) -> None:
    text = press.respond("/robots.txt", NOW).body.decode()
    assert f"Sitemap: {HOME}/sitemap.xml" in text
    assert "Disallow: /admin/" in text
    assert "Disallow: /search/" in text


def test_slugs_have_en_dashes_raw_and_encoded(press: PressPortal) -> None:
    forms = ["grafit–protiv–paronita", "grafit%E2%80%93protiv%E2%80%93paronita"]
    html, sitemap = page(press, "/tag/grafit/"), page(press, "/sitemap-1.xml")
    assert [form in html for form in forms] == [form not in sitemap for form in forms]
    assert [press.respond(f"/tehnologii/{form}/", NOW).status for form in forms] == [200, 200]


def test_some_slugs_are_cyrillic(press: PressPortal) -> None:
    slugs = [slug for slug in shown(press) if re.match("[а-яё]", slug)]
    assert len(slugs) > 3
    assert "словарь-арматурщика-обновили" in listed(page(press, "/tag/terminologiia/"))


def test_an_article_has_an_accelerated_twin(press: PressPortal) -> None:
    article = press.chronicle.at(NOW).articles[0]
    html = page(press, article.encoded_path)
    amp = page(press, f"{article.encoded_path}amp/")
    assert f'rel="amphtml" href="{HOME}{article.encoded_path}amp/"' in html
    assert f'rel="canonical" href="{HOME}{article.encoded_path}"' in amp
    assert SITE.identify(f"{HOME}{article.encoded_path}amp/") == article.key


def test_the_mirror_shows_the_same_articles_and_names_the_site(press: PressPortal) -> None:
    article = press.chronicle.at(NOW).articles[0]
    answer = press.respond(article.encoded_path, NOW, f"{MIRROR}:8080")
    assert article.paragraphs[0] in answer.body.decode()
    assert f'rel="canonical" href="{HOME}{article.encoded_path}"' in answer.body.decode()
    assert answer.body != press.respond(article.encoded_path, NOW).body


def test_the_bare_host_leads_to_the_site(press: PressPortal) -> None:
    answer = press.respond("/zavody/", NOW, "potok-zatvor.example")
    assert (answer.status, answer.location) == (301, f"{HOME}/zavody/")


def test_an_address_without_its_slash_leads_to_the_one_with_it(press: PressPortal) -> None:
    answer = press.respond("/arhiv/2024/05?x=1", NOW)
    assert (answer.status, answer.location) == (301, "/arhiv/2024/05/?x=1")


def test_the_calendar_has_no_end(press: PressPortal) -> None:
    assert "/arhiv/2032/01/" in page(press, "/arhiv/2031/12/")
    assert "/arhiv/2023/12/" in page(press, "/arhiv/2024/01/")


@pytest.mark.parametrize("target", ["/admin/", "/admin"])
def test_the_back_office_asks_who_comes(press: PressPortal, target: str) -> None:
    assert press.respond(target, NOW).location in {"/vhod/", "/admin/"}


@pytest.mark.parametrize(
    "target", ["/zavody/nothing-here/", "/tag/nothing/", "/nope/", "/sitemap-9.xml", "/sitemap-2.xml"]
)
def test_what_is_not_there_is_404(press: PressPortal, target: str) -> None:
    assert press.respond(target, NOW).status == 404


def test_links_may_lead_to_where_it_is_served() -> None:
    press = PressPortal("static", base="http://127.0.0.1:4000/")
    assert "http://127.0.0.1:4000/sitemap.xml" in press.respond("/robots.txt", NOW).body.decode()
    assert HOME not in press.respond("/sitemap-1.xml", NOW).body.decode()


def test_an_unknown_markup_is_refused() -> None:
    with pytest.raises(UsageError, match="wordpress, static"):
        PressPortal("drupal")
