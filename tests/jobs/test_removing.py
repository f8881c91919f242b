"""A takedown on real archives and databases: what goes, what stays and is named, and that nothing brings it back."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from armcrawl.archive.folder import Folder, files_of
from armcrawl.archive.records import packed
from armcrawl.errors import ArchiveError, DatabaseError
from armcrawl.jobs import removing
from armcrawl.sites import PageKey
from armcrawl.store.admin.compacting import compact
from armcrawl.store.articles import removal, returning
from armcrawl.store.articles.removal_lists import catch_up, lines_of, removals_of
from armcrawl.store.articles.removals import Removal, listed
from armcrawl.store.base.database import open_database, reading
from tests.archive.conftest import foreign
from tests.conftest import FETCHED_AT
from tests.jobs.world import KEY, OTHER, SENTENCES, TITLE, URL, World, html, plain_files
from tests.sqlite import make_sqlite

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any


pytestmark = pytest.mark.store


def many(world: World, title: str, sentences: tuple[str, ...], days: int) -> None:
    """Put six pages into the archive."""
    for number in range(500, 506):
        own = (f"{sentences[0][:-1]}, завод номер {number}.",) if title.endswith("цех") else sentences
        world.record(f"https://armtorg.ru/news/{number}", html(title, own), days=days)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"


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


def test_what_turns_out_to_stand_on_many_pages_keeps_those_from_being_taken_for_copies(world: World) -> None:
    world.record(URL, html())
    world.record("https://armtorg.ru/reviews/15", html())
    world.read()
    for number in range(500, 503):
        world.record(f"https://armtorg.ru/news/{number}", html())
    found = world.remove()
    assert found.copies == []
    assert world.ask("SELECT section, outcome FROM pages ORDER BY section") == [
        ("news", "removed"),
        ("reviews", "stored"),
    ]
    assert len(world.captured()) == 4
    assert world.ask("SELECT count(*) FROM captures WHERE archive_file IS NOT NULL") == [(1,)]


def test_what_many_pages_show_later_waits_for_a_person_and_takes_none_of_them_down(world: World) -> None:
    notice = (f"Редакция собирает мнения, {SENTENCES[0]} {OTHER[1]}",)
    world.record(URL, html())
    world.record(URL, html("Обзор стандартов", notice), days=1)
    many(world, "Завод открыл цех", OTHER, 0)
    world.read()
    assert world.remove().copies == []
    many(world, "Обзор стандартов", notice, 2)
    assert world.read().get("removed", 0) == 0
    assert world.ask("SELECT outcome, count(*) FROM pages GROUP BY outcome ORDER BY outcome") == [
        ("quarantined", 6),
        ("removed", 1),
    ]
    assert world.ask("SELECT DISTINCT stage FROM quarantine") == [("removal",)]
    assert world.ask("SELECT count(*) FROM article_versions") == [(6,)]
    assert len(world.captured()) == 12


def test_a_list_takes_nothing_down_that_many_pages_of_another_database_show(world: World, tmp_path: Path) -> None:
    world.record(URL, html())
    world.read()
    world.remove()
    other = World(open_database(make_sqlite(tmp_path / "other.db")), Folder(tmp_path / "other-archive"))
    other.folder.mkdir()
    many(other, TITLE, SENTENCES, 0)
    other.read()
    found = removing.replay(other.engine, other.storage, listed(world.engine))
    assert found.copies == []
    assert found.shared > 0
    assert other.ask("SELECT outcome, count(*) FROM pages GROUP BY outcome ORDER BY outcome") == [
        ("removed", 1),
        ("stored", 6),
    ]
    assert len(other.captured()) == 6
    other.engine.dispose()


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
    other = World(open_database(make_sqlite(tmp_path / "other.db")), Folder(tmp_path / "other-archive"))
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


def test_a_copy_that_comes_in_later_has_all_its_records_wiped(world: World) -> None:
    world.record(URL, html())
    own = "Ремонт ведут силами собственной бригады литейщиков завода."
    world.record("https://armtorg.ru/news/950", html(sentences=(*SENTENCES, own)))
    world.read()
    assert world.remove().copies == []
    world.record("https://armtorg.ru/news/950", html(), days=5)
    assert world.read()["removed"] == 1
    assert world.captured() == []


def test_what_was_wiped_already_waits_no_more_once_the_list_is_carried_out(world: World) -> None:
    world.record(URL, html())
    world.read()
    [place] = world.ask("SELECT archive_file, archive_offset FROM captures")
    world.remove()
    with world.engine.begin() as connection:
        removal.leave_unwiped(connection, [place, ("gone.warc.gz", 5)])
    found = removing.replay(world.engine, world.storage)
    assert [one.startswith("The record at 5 of gone") for one in found.waiting] == [True]
    assert returning.unwiped_places(world.engine) == [("gone.warc.gz", 5)]


def test_what_somebody_still_reads_on_postgresql_is_told(own_database: str) -> None:
    engine, other = open_database(own_database), open_database(own_database)
    compact(engine)
    with other.connect().execution_options(isolation_level="REPEATABLE READ") as reader:
        reader.execute(text("SELECT count(*) FROM pages")).all()
        removal.take_down(engine, Removal(KEY, "x", FETCHED_AT))
        with pytest.raises(DatabaseError, match="somebody else reads it"):
            compact(engine)
    compact(engine)
    engine.dispose()
    other.dispose()


def test_doctor_tells_what_waits_to_be_wiped_and_what_an_older_database_lacks(world: World, tmp_path: Path) -> None:
    older = World(open_database(make_sqlite(tmp_path / "older.db")), world.storage)
    world.record(URL, html())
    world.read()
    world.remove()
    assert removing.check_done(world.engine, world.storage).startswith("Pages that were taken down: 1;")
    with pytest.raises(ArchiveError, match="armtorg/news/433 as taken down, and here it is not"):
        removing.check_done(older.engine, older.storage)
    with world.engine.begin() as connection:
        removal.leave_unwiped(connection, [("a.warc.gz", 5)])
    with pytest.raises(ArchiveError, match="still to be wiped: 1"):
        removing.check_done(world.engine, world.storage)
    older.engine.dispose()


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85", "\x0b", "\r", "\n"])
def test_a_list_is_read_whatever_its_reasons_say(sign: str) -> None:
    told = Removal(KEY, f"по решению{sign}суда", FETCHED_AT)
    assert removals_of(lines_of([told])) == [told]


@pytest.mark.usefixtures("world")
def test_of_two_answers_of_one_second_the_same_is_kept_whatever_the_order_of_files(tmp_path: Path) -> None:
    paths = [tmp_path / "a.warc.gz", tmp_path / "b.warc.gz"]
    for number, path in enumerate(paths):
        path.write_bytes(packed(foreign(433, HEAD + html(f"{TITLE}, печь {number}"))))
    kept = []
    for number, files in enumerate((paths, paths[::-1])):
        other = World(open_database(make_sqlite(tmp_path / f"{number}.db")), Folder(tmp_path / f"{number}-archive"))
        assert other.bring(files)["import/same second"] == 1
        kept.append(other.ask("SELECT title FROM article_versions"))
        other.engine.dispose()
    assert kept[0] == kept[1]
    assert len(kept[0]) == 1
