"""Where a listing goes on: what its page says."""

from __future__ import annotations

import pytest

from armcrawl.discovery.sighted.pagination import further_of
from armcrawl.sites import Origin, Section, Site

SITE = Site(
    name="gazette",
    hosts=("gazette.example",),
    sections=(Section(name="news", addresses=("/news/{rubric}/{slug}",)),),
)
ORIGIN = Origin.of(SITE, None)
HERE = "https://gazette.example/news/?page=2"


def found(body: str, number: int = 2) -> tuple[str | None, str | None]:
    further = further_of(f"<html><body>{body}</body></html>", HERE, number, ORIGIN)
    return further.address and further.address.removeprefix("https://gazette.example"), further.method


@pytest.mark.parametrize(
    ("body", "address", "method"),
    [
        ('<link rel="next" href="/news/?page=3">', "/news/?page=3", "rel=next"),
        ('<a rel="nofollow next" href="?page=3">…</a>', "/news/?page=3", "rel=next"),
        ('<a href="?page=1">1</a><b>2</b><a href="?page=3">3</a><a href="?page=9">9</a>', "/news/?page=3", "number"),
        ('<ul><li><a href="/news/page/3/"> 3 </a></li></ul>', "/news/page/3/", "number"),
        ('<a href="/news/page/3/">Следующая страница →</a>', "/news/page/3/", "words"),
        ('<a href="/news/page/3/">← Предыдущие записи</a>', "/news/page/3/", "words"),
        ('<a href="/news/page/3/">Показать ещё</a>', "/news/page/3/", "words"),
        ('<a href="/news/page/3/">Показать еще новости</a>', "/news/page/3/", "words"),
        ('<a href="/news/page/3/">Более старые</a><a href="/news/page/3/">Старше</a>', "/news/page/3/", "words"),
        ('<a href="/index3.html">Older articles »</a>', "/index3.html", "words"),
        ('<a href="/news/page/3/" aria-label="Следующая"><svg></svg></a>', "/news/page/3/", "words"),
        ('<a href="/news/page/3/">»</a>', "/news/page/3/", "arrow"),
        ('<a class="pager__next" href="/p/3/"><i></i></a>', "/p/3/", "arrow"),
        ('<a class="next page-numbers" href="/p/3/"><i></i></a>', "/p/3/", "arrow"),
        ('<button class="btn load-more" data-url="/ajax/news/?p=3">Ещё</button>', "/ajax/news/?p=3", "button"),
        ('<div data-url="/news/?PAGEN_1=3">Показать ещё</div>', "/news/?PAGEN_1=3", "button"),
        ('<button hx-get="/more?p=3">Загрузить ещё</button>', "/more?p=3", "button"),
        # What leads to an article, elsewhere, or nowhere is no next page.
        ('<a href="/news/zavody/pusk">Далее</a>', None, None),
        ('<a rel="next" href="https://other.example/?page=3">3</a>', None, None),
        ('<a rel="next" href="?page=2">2</a>', None, None),
        ('<a href="#">Показать ещё</a>', None, None),
        ('<a href="/photo/">Фотографии завода</a><a href="/about/">О нас</a>', None, None),
    ],
)
def test_the_next_page_is_told_by_its_page(body: str, address: str | None, method: str | None) -> None:
    assert found(body) == (address, method)


def test_a_button_without_an_address_is_told() -> None:
    body = '<button class="js-load-more">Показать ещё</button>'
    assert further_of(body, HERE, 1, ORIGIN).is_hidden
    assert not further_of("<button>Искать</button>", HERE, 1, ORIGIN).is_hidden


@pytest.mark.parametrize("last", [2, 5, 6, 57])
@pytest.mark.parametrize("is_downwards", [True, False])
@pytest.mark.parametrize("is_linked", [True, False])
def test_pages_whose_numbers_fall_are_followed_to_the_first(last: int, *, is_downwards: bool, is_linked: bool) -> None:
    """However the numbers stand, and whether or not a page's own is a link."""
    address, falls, seen = "https://gazette.example/news/", None, [last]
    for ordinal in range(1, last + 1):
        own = seen[-1]
        window = sorted({1, *range(max(1, own - 2), min(last, own + 2) + 1), last}, reverse=is_downwards)
        is_known = is_linked and is_downwards
        pager = " ".join(
            f"<b>{one}</b>" if one == own and not is_known else f'<a href="?P={one}">{one}</a>' for one in window
        )
        further = further_of(f"<p>Всего статей</p><div>{pager}</div>", address, ordinal, ORIGIN, falls=falls)
        if further.address is None:
            break
        address, falls = further.address, further.falls
        seen.append(int(address.rpartition("=")[2]))
    assert seen == list(range(last, 0, -1))


@pytest.mark.parametrize(
    ("pager", "following"),
    [
        ('Страница 1 из 57: <a href="?page=2">2</a> <a href="?page=3">3</a> <a href="?page=57">57</a>', "?page=2"),
        ('Всего 9: <a href="?page=1">1</a> <a href="?page=2">2</a> <a href="?page=9">9</a>', "?page=2"),
        ('<b>2026</b> <a href="?year=2025">2025</a> <a href="?year=2024">2024</a>', None),
        ('<a href="?year=2026">2026</a> <a href="?year=2025">2025</a> <a href="?year=2024">2024</a>', None),
    ],
)
def test_other_numbers_are_no_pages(pager: str, following: str | None) -> None:
    address = "https://gazette.example/news/"
    further = further_of(f"<ul><li>{pager}</li></ul>", address, 1, ORIGIN)
    assert further.address == (address + following if following else None)
