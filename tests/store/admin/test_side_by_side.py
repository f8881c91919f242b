"""Twenty sites are written side by side, while all that follows is made anew: as if one came after another."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from armcrawl.items import Tag
from armcrawl.sample.articles import load_sample
from armcrawl.sites import PageKey
from armcrawl.sites.known import forget_sites
from armcrawl.store.admin.rebuilding import rebuild
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import open_database
from armcrawl.store.runs.publishing import join_waiting
from tests.conftest import attributed
from tests.rows import rows_of
from tests.store.conftest import stored

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from armcrawl.items import Page

# A file is one machine's, and has fewer who write at a time.
SITES = {"postgresql": 20, "sqlite": 6}
ARTICLES, BATCH = 6, 2
DECLARED = """
name = "site{number}"
hosts = ["site{number}.example"]
zone = "Europe/Moscow"
own_names = ["Сайт {number}"]

[[sections]]
name = "news"
listing = "/news/"
addresses = ["/news/{{id:int}}"]
"""
TEXTS = list(load_sample().articles.values())[:40]


@pytest.fixture(autouse=True)
def declared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Twenty sites, each with a server of its own."""
    folder = tmp_path / "sites"
    folder.mkdir()
    for number in range(max(SITES.values())):
        (folder / f"site{number}.toml").write_text(DECLARED.format(number=number), encoding="utf-8")
    monkeypatch.setenv("ARMCRAWL_SITES", str(folder))
    forget_sites()
    yield
    monkeypatch.undo()
    forget_sites()


def page(site: int, number: int) -> Page:
    """Return an article of a site: others print its text too, and its tags and sources in other forms."""
    text = TEXTS[(site * 3 + number * 7) % len(TEXTS)]
    tags = tuple(Tag(tag.printed if site % 2 else tag.name, None) for tag in text.tags)
    fields: dict[str, Any] = {
        "title": text.title,
        "paragraphs": text.paragraphs,
        "date_text": f"{number + site % 3 + 1} Мая 2016",
        "tags": tags,
        "attribution": attributed(f"Источник: завод «Вымпел-{number}»", f"завод «Вымпел-{number}»"),
    }
    key = PageKey(f"site{site}", "news", str(number))
    return replace(stored(number, **fields), key=key, address=f"https://site{site}.example/news/{number}")


def pages_of(site: int) -> list[Page]:
    return [page(site, number) for number in range(1, ARTICLES + 1)]


def write_site(url: str, site: int, start: threading.Barrier) -> None:
    """Write the articles of a site, in an order of its own, as its crawl does: in short transactions."""
    engine = open_database(url)
    pages = pages_of(site)
    Random(site).shuffle(pages)  # noqa: S311 - a test must repeat itself
    start.wait()
    for begin in range(0, len(pages), BATCH):
        write_batch(engine, pages[begin : begin + BATCH], None)
    join_waiting(engine)
    engine.dispose()


def rebuild_until(url: str, is_over: threading.Event, start: threading.Barrier) -> int:
    """Make all that follows anew, again and again; return how often."""
    engine, times = open_database(url), 0
    start.wait()
    while not times or not is_over.is_set():
        rebuild(engine)
        times += 1
    engine.dispose()
    return times


def test_sites_side_by_side_are_as_one_after_another_and_as_after_a_rebuild(each_database: str, tmp_path: Path) -> None:
    sites = range(SITES[each_database.partition(":")[0]])
    alone = f"sqlite:///{tmp_path}/alone.db"
    engine = open_database(alone)
    for site in sites:
        write_batch(engine, pages_of(site), None)
        join_waiting(engine)
    engine.dispose()
    is_over, start = threading.Event(), threading.Barrier(len(sites) + 1)
    with ThreadPoolExecutor(len(sites) + 1) as threads:
        rebuilding = threads.submit(rebuild_until, each_database, is_over, start)
        for written in [threads.submit(write_site, each_database, site, start) for site in sites]:
            written.result()
        is_over.set()
        assert rebuilding.result()
    wanted = rows_of(alone)
    assert wanted["clusters"]
    engine = open_database(each_database)
    join_waiting(engine)
    assert rows_of(each_database) == wanted
    rebuild(engine)
    engine.dispose()
    assert rows_of(each_database) == wanted
