"""A takedown on real archives and databases: what goes, what stays and is named, and that nothing brings it back."""

from __future__ import annotations

import gzip
import json
import zlib
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from armcrawl.archive import wiping
from armcrawl.archive.folder import Folder, files_of
from armcrawl.archive.moving import move
from armcrawl.archive.reading import read_at
from armcrawl.archive.records import packed
from armcrawl.archive.s3.bucket import Bucket
from armcrawl.archive.s3.client import store
from armcrawl.archive.s3.ranges import forget
from armcrawl.errors import ArchiveError, DatabaseError
from armcrawl.jobs import importing, removing
from armcrawl.sites import PageKey
from armcrawl.store.admin.compacting import compact
from armcrawl.store.articles import removal, returning
from armcrawl.store.articles.captures import captures_of
from armcrawl.store.articles.removal_lists import beside, carry_list, catch_up, lines_of, removals_of
from armcrawl.store.articles.removals import Removal, listed
from armcrawl.store.base.database import open_database, reading
from tests.archive.conftest import foreign
from tests.conftest import FETCHED_AT
from tests.jobs.world import KEY, OTHER, SENTENCES, TITLE, URL, World, html
from tests.s3_server import BUCKET, S3, s3_server
from tests.sqlite import make_sqlite

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import Any

pytestmark = pytest.mark.store


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    # In this process: others would take longer to start than to read a page.
    monkeypatch.setattr(importing, "spread", lambda task, calls: (task.function(*one) for one in calls))
    engine = open_database(make_sqlite(tmp_path / "test.db"))
    folder = tmp_path / "test-archive"
    folder.mkdir()
    yield World(engine, Folder(folder))
    engine.dispose()


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


def many(world: World, title: str, sentences: tuple[str, ...], days: int) -> None:
    """Put six pages into the archive."""
    for number in range(500, 506):
        own = (f"{sentences[0][:-1]}, завод номер {number}.",) if title.endswith("цех") else sentences
        world.record(f"https://armtorg.ru/news/{number}", html(title, own), days=days)


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


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3]:
    """A server of S3 with versions, named by the environment."""
    with s3_server() as made:
        for name, value in made.environment.items():
            monkeypatch.setenv(name, value)
        store.cache_clear()
        forget()
        yield made


@pytest.fixture
def far(world: World, s3: S3, tmp_path: Path) -> World:
    """A database whose archive lies in S3: the page and another one in the same file, and a copy in a later one."""
    assert s3.objects() == {}
    world.record(URL, html())
    world.record("https://armtorg.ru/news/5", html("Шаровые краны собирают в Пензе", OTHER), days=1)
    one = b"".join(path.read_bytes() for path in files_of(world.folder))
    (world.folder / "both.warc.gz").write_bytes(one)
    storage = Bucket.at(f"s3://{BUCKET}/press", tmp_path / "far-archive")
    storage.put(world.folder / "both.warc.gz")
    far = World(world.engine, storage)
    far.read()
    far.record("https://armtorg.ru/news/950", html(), days=2)
    return far


def versions(s3: S3) -> list[bytes]:
    """Return all versions of all files, unpacked."""
    told = s3.client.list_object_versions(Bucket=BUCKET).get("Versions", [])
    bodies = [
        s3.client.get_object(Bucket=BUCKET, Key=one["Key"], VersionId=one["VersionId"])["Body"].read()
        for one in told
        if one["Key"].endswith(".warc.gz")
    ]
    return [gzip.decompress(body) for body in bodies]


def test_no_version_of_a_file_in_s3_has_the_page_and_all_others_stand_where_they_stood(far: World, s3: S3) -> None:
    places = "SELECT external_id, archive_offset FROM captures JOIN pages ON pages.id = page_id WHERE external_id = '5'"
    before = far.ask(places)
    far.remove()
    assert [one.url for one in far.captured()] == ["https://armtorg.ru/news/5"]
    assert not any(TITLE.encode() in body or SENTENCES[0].encode() in body for body in versions(s3))
    assert far.ask("SELECT DISTINCT archive_file FROM captures") == [("both-w1.warc.gz",)]
    assert far.ask(places) == before


@pytest.mark.parametrize(("step", "calls"), [("put", 0), ("put", 1), ("delete", 1), ("delete", 2), ("delete", 3)])
def test_who_is_killed_while_files_in_s3_are_replaced_completes_it(
    far: World, s3: S3, monkeypatch: pytest.MonkeyPatch, step: str, calls: int
) -> None:
    done, left = getattr(Bucket, step), [calls]

    def die(*arguments: Any) -> None:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        done(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(Bucket, step, die)
        with pytest.raises(KeyboardInterrupt):
            far.remove()
    far.remove()
    assert [one.url for one in far.captured()] == ["https://armtorg.ru/news/5"]
    assert not any(TITLE.encode() in body for body in versions(s3))
    assert len(far.ask("SELECT outcome FROM pages WHERE outcome = 'removed'")) == 1
    assert far.ask("SELECT DISTINCT archive_file FROM captures") == [("both-w1.warc.gz",)]


def test_who_is_killed_before_the_database_names_the_new_file_completes_it(
    far: World, s3: S3, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(returning, "writing", die)
        with pytest.raises(KeyboardInterrupt):
            far.remove()
    far.remove()
    assert [one.url for one in far.captured()] == ["https://armtorg.ru/news/5"]
    assert not any(TITLE.encode() in body for body in versions(s3))


def leave(world: World, url: str = URL) -> None:
    """Have the record of a page wait to be wiped."""
    (file,) = {one.closed_name for one in world.storage.files() if one.name.startswith("both")}
    offset = next(one.offset for one in world.captured() if one.url == url)
    with world.engine.begin() as connection:
        removal.leave_unwiped(connection, [(file, offset)])


def test_a_file_in_s3_goes_also_if_who_replaced_it_was_killed_before(
    far: World, s3: S3, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(far)
    delete = Bucket.delete

    def die(bucket: Bucket, name: str) -> None:
        if name == "both.warc.gz":
            raise KeyboardInterrupt
        delete(bucket, name)

    with monkeypatch.context() as patched:
        patched.setattr(Bucket, "delete", die)
        with pytest.raises(KeyboardInterrupt):
            returning.wipe_returned(far.engine, far.storage)
    returning.wipe_returned(far.engine, far.storage)
    assert returning.unwiped_places(far.engine) == []
    assert "press/both.warc.gz" not in s3.objects()
    assert far.ask("SELECT DISTINCT archive_file FROM captures WHERE archive_file IS NOT NULL") == [
        ("both-w1.warc.gz",)
    ]


def test_of_two_runs_that_end_together_one_replaces_files(far: World, s3: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    leave(far)
    told = list[tuple[int, list[str]]]()
    put = Bucket.put

    def meanwhile(*arguments: Any) -> None:
        put(*arguments)
        told.append(returning.wipe_returned(far.engine, far.storage))

    with monkeypatch.context() as patched:
        patched.setattr(Bucket, "put", meanwhile)
        assert returning.wipe_returned(far.engine, far.storage) == (1, [])
    assert told == [(0, ["Another run wipes what it found: the next one wipes the rest"])]
    assert sum("both" in name for name in s3.objects()) == 1
    assert "https://armtorg.ru/news/5" in [one.url for one in far.captured()]


def test_a_file_that_was_put_and_still_waits_here_is_wiped_at_both_places(far: World, s3: S3) -> None:
    far.storage.local.mkdir(parents=True, exist_ok=True)
    (far.storage.local / "both.warc.gz").write_bytes(s3.objects()["press/both.warc.gz"])
    far.remove()
    assert not any(TITLE.encode() in body for body in versions(s3))
    assert files_of(far.storage.local) == []


def test_an_older_database_finds_the_others_in_the_file_that_took_the_place_of_theirs(
    far: World, tmp_path: Path
) -> None:
    far.engine.dispose()
    (tmp_path / "older.db").write_bytes((tmp_path / "test.db").read_bytes())
    far.remove()
    older = World(open_database(f"sqlite:///{tmp_path / 'older.db'}"), far.storage)
    (other,) = captures_of(older.engine, PageKey("armtorg", "news", "5"))
    assert read_at(far.storage, other.file, other.offset).url == "https://armtorg.ru/news/5"
    catch_up(older.engine, older.storage)
    assert older.ask("SELECT DISTINCT archive_file FROM captures") == [("both-w1.warc.gz",)]
    older.remove()
    assert older.ask("SELECT outcome FROM pages ORDER BY external_id") == [("removed",), ("stored",)]
    older.engine.dispose()


def test_an_archive_that_is_away_leaves_what_waits(far: World, s3: S3) -> None:
    leave(far)
    s3.is_away = True
    wiped, (problem,) = returning.wipe_returned(far.engine, far.storage)
    s3.is_away = False
    assert (wiped, problem.startswith(str(far.storage))) == (0, True)
    assert returning.wipe_returned(far.engine, far.storage) == (1, [])


@pytest.mark.parametrize("is_torn", [False, True])
def test_a_damaged_record_that_the_database_names_for_the_page_is_wiped(world: World, *, is_torn: bool) -> None:
    world.record(URL, html())
    world.record("https://armtorg.ru/news/5", html("Шаровые краны собирают в Пензе", OTHER))
    world.read()
    [(file, offset)] = world.ask("SELECT archive_file, archive_offset FROM captures WHERE archive_file LIKE 'file0%'")
    path = world.folder / file
    before = path.read_bytes()
    if is_torn:
        wiping.wipe(world.folder, file, offset, FETCHED_AT)
        path.write_bytes(path.read_bytes()[: offset + 300] + before[offset + 300 :])
    else:
        path.write_bytes(before[:offset] + b"\x1e" + before[offset + 1 :])
    assert world.remove().unread == []
    assert wiping.is_wiped(world.storage, file, offset)
    assert [one.url for one in world.captured()] == ["https://armtorg.ru/news/5"]


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


def test_a_page_that_is_packed_together_with_others_goes_alone(world: World) -> None:
    world.record(URL, html())
    world.read()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    other = foreign(5, head + html("Шаровые краны собирают в Пензе", OTHER))
    together = gzip.compress(other + foreign(433, head + html()) + foreign(6, head))
    (world.folder / "together.warc.gz").write_bytes(together)
    world.remove()
    assert [one.url[-1] for one in world.captured()] == ["5", "6"]
    assert (world.folder / "together.warc.gz").stat().st_size == len(together)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
INNOCENT = foreign(5, HEAD + html("Шаровые краны собирают в Пензе", OTHER))


def flipped(member: bytes) -> bytes:
    """Return a gzip member with one wrong bit in its checksum."""
    return member[:-6] + bytes([member[-6] ^ 1]) + member[-5:]


@pytest.mark.parametrize(
    "spoil", [lambda member: member[:-3], flipped, lambda member: member], ids=["cut", "bit", "large"]
)
@pytest.mark.parametrize("is_first", [True, False])
def test_damage_never_takes_others_with_it_that_are_packed_together_with_the_page(
    world: World, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[bytes], bytes], *, is_first: bool
) -> None:
    world.record(URL, html())
    world.read()
    page = foreign(433, HEAD + html())
    data = spoil(gzip.compress(page + INNOCENT if is_first else INNOCENT + page))
    (world.folder / "together.warc.gz").write_bytes(data)
    monkeypatch.setattr(wiping, "MAX_MEMBER", 1000)
    with pytest.raises(ArchiveError, match=r"together\.warc\.gz cannot be wiped: .* the page is not removed yet"):
        world.remove()
    assert (world.folder / "together.warc.gz").read_bytes() == data


def test_the_page_goes_alone_where_a_record_beside_it_has_a_wrong_length(world: World) -> None:
    world.record(URL, html())
    world.read()
    wrong = foreign(7, HEAD + b"<p>7", length=3)
    (world.folder / "together.warc.gz").write_bytes(gzip.compress(foreign(433, HEAD + html()) + wrong + INNOCENT))
    found = world.remove()
    assert [one.url[-1] for one in world.captured()] == ["5"]
    assert [one.file for one in found.unread] == ["together.warc.gz"]


@pytest.mark.parametrize("title", [TITLE, "Новости"])
def test_a_damaged_record_that_names_another_page_stays_and_is_told(world: World, title: str) -> None:
    world.record(URL, html(title))
    world.read()
    many = tuple(f"Номер {n * n * 7919} в списке поставщиков области занимает завод {n**3}." for n in range(60))
    quoting = foreign(5, HEAD + html(f"{title} портала", (SENTENCES[0], *OTHER, *many)))
    data = flipped(packed(quoting)) + packed(foreign(6))
    (world.folder / "quoting.warc.gz").write_bytes(data)
    found = world.remove()
    assert [one.address for one in found.mentions] == ["https://armtorg.ru/news/5"]
    assert (world.folder / "quoting.warc.gz").read_bytes() == data


def test_damage_that_nobody_can_look_into_is_named(world: World) -> None:
    world.record(URL, html())
    world.read()
    packed_page = packed(foreign(5, b"HTTP/1.1 200 OK\r\n\r\n" + html("Шаровые краны собирают в Пензе", OTHER)))
    broken = packed_page[:40] + bytes(200) + packed_page[240:]
    (world.folder / "broken.warc.gz").write_bytes(broken)
    found = world.remove()
    assert [(one.file, one.offset) for one in found.unread] == [("broken.warc.gz", 0)]
    assert (world.folder / "broken.warc.gz").read_bytes() == broken


@pytest.mark.parametrize(
    "name", ["test-archive/a.warc.gz.copying-4711", "test-archive/.wiping-x", "test-archive-moving-x/a"]
)
def test_copies_that_a_killed_process_left_go_with_the_page(world: World, tmp_path: Path, name: str) -> None:
    world.record(URL, html())
    world.read()
    left = tmp_path / name
    left.parent.mkdir(exist_ok=True)
    left.write_bytes(gzip.compress(html()))
    world.remove()
    assert not left.exists()


def test_the_list_goes_where_the_archive_goes_and_lies_in_its_bucket(far: World, s3: S3, tmp_path: Path) -> None:
    far.remove()
    assert "press/removals.jsonl" in s3.objects()
    there = Folder(tmp_path / "there")
    for _ in move(far.storage, there):
        pass
    carry_list(far.storage, there, ())
    assert beside(there) == listed(far.engine)


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
