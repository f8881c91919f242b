"""A takedown on real archives and databases: what goes, what stays and is named, and that nothing brings it back."""

from __future__ import annotations

import gzip
import json
import zlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from armcrawl.archive.folder import Folder, files_of
from armcrawl.archive.imported_files import captures_in
from armcrawl.archive.reading import Captured
from armcrawl.archive.records import packed
from armcrawl.archive.writing import ArchiveTarget, ArchiveWriter
from armcrawl.errors import ArchiveError
from armcrawl.jobs import importing, removing
from armcrawl.jobs.importing import Import
from armcrawl.sites import PageKey, site_named
from armcrawl.store.articles import removal
from armcrawl.store.articles.folding import FETCH, IMPORT
from armcrawl.store.articles.removal_lists import catch_up, lines_of, removals_of
from armcrawl.store.articles.removals import listed
from armcrawl.store.articles.returning import wipe_returned
from armcrawl.store.base.database import open_database, reading
from armcrawl.store.runs import run_record
from tests.archive.conftest import exchange, foreign
from tests.conftest import FETCHED_AT
from tests.sqlite import make_sqlite

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import Any

    from sqlalchemy import Engine

    Query = Callable[[str], list[tuple[object, ...]]]

pytestmark = pytest.mark.store

KEY = PageKey("armtorg", "news", "433")
TITLE = "Курганский завод остановил печь номер два"
SENTENCES = (
    "Вторая плавильная печь Курганского завода остановлена на внеплановый ремонт до середины сентября.",
    "О причинах остановки предприятие не сообщает, но поставщики огнеупоров получили новые заявки.",
)
OTHER = (
    "На Пензенском заводе начали сборку шаровых кранов большого диаметра для северных месторождений.",
    "Первую партию из сорока изделий отгрузят заказчику в ноябре, сообщили в отделе сбыта.",
)


def html(title: str = TITLE, sentences: tuple[str, ...] = SENTENCES, more: str = "", charset: str = "utf-8") -> bytes:
    """Return a page as a site of the trade shows it."""
    paragraphs = "".join(f"<p>{one}</p>" for one in sentences)
    page = f"""<!DOCTYPE html><html><head><meta charset="{charset}"><title>{title}</title></head><body>
        <article><h1>{title}</h1><time datetime="2016-05-31">31 мая 2016</time>{paragraphs}</article>{more}
        </body></html>"""
    return page.encode(charset)


@dataclass
class World:
    """A database, its archive, and what fills both."""

    engine: Engine
    folder: Path

    @property
    def storage(self) -> Folder:
        return Folder(self.folder)

    def record(self, url: str, body: bytes, *, days: int = 0, **fields: Any) -> None:
        """Put an answer into a file of its own of the archive, which no database names yet."""
        writer = ArchiveWriter(ArchiveTarget(self.storage, f"file{len(files_of(self.folder))}"))
        moment = FETCHED_AT + timedelta(days=days)
        writer.write(exchange(url=url, body=body, fetched_at=moment, **{"address": url} | fields))
        writer.close()

    def read(self) -> dict[str, int]:
        """Bring what the archive holds into the database, as it was fetched."""
        return self.bring(files_of(self.folder), FETCH)

    def bring(self, files: list[Path], cause: str = IMPORT) -> dict[str, int]:
        """Import files, as `backfill --warc` does."""
        site = site_named("armtorg")
        writer = ArchiveWriter(ArchiveTarget(self.storage, "import"))
        work = Import(self.engine, self.storage, site, writer, cause)
        found = work.scan(files, None, [one.name for one in site.sections])
        pages: dict[str, int] = {}
        for batch in work.run(found, run_record.begin_run(self.engine, "armtorg", "import", {})):
            for outcome, number in batch.pages.items():
                pages[outcome] = pages.get(outcome, 0) + number
        wipe_returned(self.engine, self.storage)
        return pages | {f"import/{name}": number for name, number in work.totals.items() if number}

    def remove(self, key: PageKey = KEY) -> removing.Plan:
        found = removing.plan(self.engine, self.storage, key, "по просьбе автора")
        removing.carry_out(self.engine, self.storage, found)
        return found

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        with reading(self.engine) as connection:
            return [tuple(row) for row in connection.execute(text(sql))]

    def captured(self) -> list[Captured]:
        found = [one for path in files_of(self.folder) for one in captures_in(path)]
        return [one for one in found if isinstance(one, Captured)]


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    # In this process: others would take longer to start than to read a page.
    monkeypatch.setattr(importing, "spread", lambda read, calls, **_: (read(*one) for one in calls))
    engine = open_database(make_sqlite(tmp_path / "test.db"))
    folder = tmp_path / "test-archive"
    folder.mkdir()
    yield World(engine, folder)
    engine.dispose()


URL = "https://armtorg.ru/news/433"


@pytest.mark.parametrize(
    ("url", "body", "fields"),
    [
        pytest.param(URL, html(), {}, id="the page"),
        pytest.param("http://www.armtorg.ru/news/433/?utm_source=x", html(), {"address": None}, id="another scheme"),
        pytest.param(URL, html(sentences=(*SENTENCES, "Ремонт продлили ещё раз.")), {"days": 9}, id="a later capture"),
        pytest.param(URL, html(), {"address": "https://armtorg.ru/news/77"}, id="an id that redirects to it"),
        pytest.param("https://armtorg.ru/news/900", html(), {}, id="another id"),
        pytest.param("https://armtorg.ru/print/433", html(more="<p>Версия для печати"), {}, id="an unknown address"),
        pytest.param("https://armtorg.ru/reviews/15", html(charset="windows-1251"), {}, id="another charset"),
        pytest.param(
            "https://armtorg.ru/news/901",
            gzip.compress(html()),
            {"headers": (("Content-Type", "text/html"), ("Content-Encoding", "gzip"))},
            id="packed otherwise",
        ),
    ],
)
def test_a_record_of_the_page_goes_wherever_the_archive_has_it(
    world: World, url: str, body: bytes, fields: dict[str, Any]
) -> None:
    world.record(URL, html())
    world.read()
    world.record(url, body, **fields)
    world.record("https://armtorg.ru/news/5", html("Шаровые краны собирают в Пензе", OTHER))
    world.remove()
    assert [one.url for one in world.captured()] == ["https://armtorg.ru/news/5"]


def test_a_reprint_on_another_site_stays_and_is_named(world: World) -> None:
    world.record(URL, html())
    world.read()
    world.record("https://ventil.example/news/1", html())
    found = world.remove()
    assert [one.address for one in found.mentions] == ["https://ventil.example/news/1"]
    assert [one.url for one in world.captured()] == ["https://ventil.example/news/1"]


def test_a_page_that_only_tells_of_it_stays_and_is_named(world: World) -> None:
    world.record(URL, html())
    world.record("https://armtorg.ru/news/5", html("Шаровые краны собирают в Пензе", (*OTHER, SENTENCES[0])))
    world.read()
    world.record("https://armtorg.ru/", f"<a href=/news/433>{TITLE}</a>".encode("windows-1251"))
    found = removing.plan(world.engine, world.storage, KEY, "x")
    assert [one.address for one in found.mentions] == ["https://armtorg.ru/news/5", "https://armtorg.ru/"]
    assert found.elsewhere == ["armtorg/news/5"]
    assert len(found.places) == 1


def test_another_page_of_the_site_with_the_same_text_is_taken_down_with_it(world: World) -> None:
    world.record(URL, html())
    world.record("https://armtorg.ru/reviews/15", html(more="<p>Подпишитесь на нас</p>"))
    world.read()
    found = world.remove()
    assert found.copies == [PageKey("armtorg", "reviews", "15")]
    assert world.ask("SELECT section, outcome, reason FROM pages ORDER BY section") == [
        ("news", "removed", "по просьбе автора"),
        ("reviews", "removed", "the same page as armtorg/news/433: по просьбе автора"),
    ]


@pytest.mark.parametrize(
    "sentences",
    [SENTENCES, ("Оформите подписку на журнал, чтобы читать материалы этого раздела.",)],
    ids=["long", "short"],
)
def test_what_many_pages_show_takes_none_of_them_down(world: World, sentences: tuple[str, ...]) -> None:
    urls = [f"https://armtorg.ru/news/{number}" for number in (433, *range(500, 505))]
    for url in urls:
        world.record(url, html("Подписка на журнал", sentences))
    world.read()
    found = world.remove()
    assert found.copies == []
    assert [one.url for one in world.captured()] == urls[1:]
    assert world.ask("SELECT count(*) FROM pages WHERE outcome = 'removed'") == [(1,)]
    world.record("https://armtorg.ru/news/600", html("Подписка на журнал", sentences))
    assert world.read()["stored"] == 1


def test_what_many_records_show_that_no_database_names_takes_none_of_them_down(world: World) -> None:
    world.record(URL, html())
    world.read()
    for number in range(500, 505):
        world.record(f"https://armtorg.ru/news/{number}", html())
    found = world.remove()
    assert found.shared > 0
    assert len(world.captured()) == 5
    assert listed(world.engine)[0].digests == frozenset()


def plain_files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the bytes of all files, and what each gzip member in them unpacks to, with what lies behind it."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        data = path.read_bytes()
        yield path.name, data
        while data.startswith(b"\x1f\x8b"):
            unpacking = zlib.decompressobj(16 + zlib.MAX_WBITS)
            yield path.name, unpacking.decompress(data)
            data = unpacking.unused_data


def test_no_sentence_of_the_page_is_in_any_byte_of_any_file(world: World, tmp_path: Path) -> None:
    with world.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO sightings (site, section, external_id, source, place, address, title, text, "
                "first_seen_at, last_seen_at) VALUES ('armtorg', 'news', '433', 'feed /rss', '/rss', :url, :title, "
                ":text, '2016-05-31', '2016-05-31')"
            ),
            {"url": URL, "title": TITLE, "text": "\n".join(SENTENCES)},
        )
    world.record(URL, html(sentences=(*SENTENCES, "Ремонт ведут силами собственной бригады литейщиков.")))
    world.record(URL, html(charset="windows-1251"), days=1)
    world.record("https://armtorg.ru/reviews/15", html(), days=2)
    world.record("https://armtorg.ru/news/5", html("Шаровые краны собирают в Пензе", OTHER))
    world.read()
    world.remove()
    wanted = [TITLE, *SENTENCES, "Ремонт ведут силами собственной бригады литейщиков.", "курганский", "огнеупор"]
    for name, data in plain_files(tmp_path):
        for one in wanted:
            for written in (one, one.casefold(), json.dumps(one)[1:-1]):
                for charset in ("utf-8", "windows-1251", "utf-16-le"):
                    assert written.encode(charset) not in data, (name, one, charset)
    assert any(OTHER[0].encode() in data for name, data in plain_files(tmp_path) if name == "test.db")


@pytest.mark.parametrize("url", [URL, "https://armtorg.ru/news/950", "https://armtorg.ru/reviews/16"])
def test_no_import_brings_the_text_back(world: World, tmp_path: Path, url: str) -> None:
    world.record(URL, html())
    world.read()
    world.remove()
    elsewhere = tmp_path / "others.warc.gz"
    elsewhere.write_bytes(packed(foreign(1, b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + html(more="<p>"))))
    elsewhere.write_bytes(
        gzip.compress(gzip.decompress(elsewhere.read_bytes()).replace(b"https://armtorg.ru/news/1", url.encode()))
    )
    counts = world.bring([elsewhere])
    assert counts.get("removed", 0) + counts.get("import/removed", 0) == 1
    assert world.ask("SELECT count(*) FROM article_versions") == [(0,)]
    assert world.ask("SELECT DISTINCT outcome FROM pages") == [("removed",)]
    assert world.ask("SELECT count(*) FROM unwiped") == [(0,)]
    assert world.captured() == []


def test_an_archive_that_lacks_a_file_leaves_the_page_as_it_is(world: World) -> None:
    world.record(URL, html())
    world.record("https://armtorg.ru/news/5", html("Шаровые краны собирают в Пензе", OTHER))
    world.read()
    files_of(world.folder)[1].unlink()
    with pytest.raises(ArchiveError, match=r"lacks file1.*so the page is not removed yet"):
        world.remove()
    assert world.ask("SELECT count(*) FROM article_versions") == [(2,)]
    assert len(world.captured()) == 1


def test_a_file_that_cannot_be_read_leaves_the_page_as_it_is(world: World) -> None:
    world.record(URL, html())
    world.read()
    (world.folder / "folder.warc.gz").mkdir()
    with pytest.raises(ArchiveError, match=r"folder\.warc\.gz cannot be read"):
        world.remove()
    assert world.ask("SELECT count(*) FROM article_versions") == [(1,)]


def test_a_record_that_was_torn_at_the_end_of_a_file_is_wiped(world: World) -> None:
    world.record(URL, html())
    world.read()
    whole = packed(foreign(433, b"HTTP/1.1 200 OK\r\n\r\n" + html()))
    (world.folder / "torn.warc.gz.open").write_bytes(packed(foreign(5)) + whole[: len(whole) * 3 // 4])
    world.remove()
    for _, data in plain_files(world.folder):
        assert TITLE.encode() not in data
    assert [one.url for one in world.captured()] == ["https://armtorg.ru/news/5"]


@pytest.mark.parametrize("step", ["wipe_records", "take_down", "forget_wiped", "keep_beside", "compact"])
def test_who_is_killed_at_any_step_completes_it_by_the_same_command(
    world: World, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    world.record(URL, html())
    world.record("https://armtorg.ru/reviews/15", html(more="<p>Подпишитесь на нас</p>"), days=1)
    world.read()

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(removal if step == "take_down" else removing, step, die)
        with pytest.raises(KeyboardInterrupt):
            world.remove()
    world.remove()
    assert world.captured() == []
    assert world.ask("SELECT DISTINCT outcome FROM pages") == [("removed",)]
    assert len(listed(world.engine)) == 2


def test_an_older_database_from_a_backup_gives_up_what_was_taken_down_since(world: World, tmp_path: Path) -> None:
    world.record(URL, html())
    world.record("https://armtorg.ru/reviews/15", html(more="<p>Подпишитесь на нас</p>"))
    world.read()
    world.engine.dispose()
    (tmp_path / "older.db").write_bytes((tmp_path / "test.db").read_bytes())
    world.remove()
    older = open_database(f"sqlite:///{tmp_path / 'older.db'}")
    assert len(catch_up(older, world.storage)) == 2
    assert catch_up(older, world.storage) == []
    with reading(older) as connection:
        assert connection.execute(text("SELECT count(*) FROM article_versions")).scalar() == 0
    older.dispose()


def test_a_list_of_removals_is_carried_out_on_another_database_and_archive(world: World, tmp_path: Path) -> None:
    world.record(URL, html())
    world.read()
    world.remove()
    written = lines_of(listed(world.engine))
    other = World(open_database(make_sqlite(tmp_path / "other.db")), tmp_path / "other-archive")
    other.folder.mkdir()
    other.record("https://armtorg.ru/news/950", html())
    other.read()
    removing.replay(other.engine, other.storage, removals_of(written))
    assert other.captured() == []
    assert other.ask("SELECT external_id, outcome FROM pages ORDER BY external_id") == [
        ("433", "removed"),
        ("950", "removed"),
    ]
    other.engine.dispose()
