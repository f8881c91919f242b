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
