"""The archive in use: what a crawl keeps, what can be made of it again, and what is taken out."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from functools import partial
from typing import TYPE_CHECKING

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator

from armcrawl.sample.server import serving
from tests.conftest import COMMAND_SECONDS, TODAY
from tests.rows import PLACES, rows_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Undisturbed
    from tests.forking import Finished, Forking

    Command = Callable[..., Finished]
    Query = Callable[[str], list[tuple[object, ...]]]

FAST = ("--delay", "0", "--concurrency", "8")
# Eighty articles; the rest of the portal is news.
SMALL = ("--section", "reviews", "--section", "articles")
# Today's parser with one rule switched off: bylines are not looked for.
WITHOUT_AUTHORS = """
from dataclasses import replace
from armcrawl.cli import main
from armcrawl.refining import chain
from armcrawl.refining.boilerplate import strip_boilerplate
def without_author(article, fetched_at):
    return replace(strip_boilerplate(article, fetched_at), author=None)
chain.STAGES["boilerplate"] = without_author
if __name__ == "__main__":
    main()
"""


@pytest.fixture
def database(each_database: str) -> str:
    return each_database


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "pages"


def crawl(armcrawl: Command, portal: str, database: str, archive: Path) -> None:
    """Crawl a part of the sample portal."""
    done = armcrawl("crawl", "--base-url", portal, "--database", database, "--archive", str(archive), *SMALL, *FAST)
    assert done.code == 0, done.err


@pytest.fixture(scope="module")
def made(forks: Forking, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the database and the archive of such a crawl."""
    folder = tmp_path_factory.mktemp("made")
    run = partial(forks.run, folder=folder, environment=os.environ, timeout=COMMAND_SECONDS)
    with serving("bootstrap", today=lambda: TODAY) as url:
        crawl(lambda *arguments: run(arguments), url, f"sqlite:///{folder}/test.db", folder / "pages")
    return folder


@pytest.fixture
def crawled(request: pytest.FixtureRequest, armcrawl: Command, database: str, archive: Path, tmp_path: Path) -> str:
    """The database of such a crawl, of the kind that the test wants; its archive is there, too."""
    if database.startswith("sqlite"):
        shutil.copytree(request.getfixturevalue("made"), tmp_path, dirs_exist_ok=True)
    else:
        crawl(armcrawl, request.getfixturevalue("portal"), database, archive)
    return database


@pytest.fixture
def changed_parser(armcrawl: Command) -> Command:
    """Run `armcrawl` with the changed parser."""
    return partial(armcrawl, script=WITHOUT_AUTHORS)


MENTIONS = "SELECT key, used_as, position, entity_key, name, form FROM v_entity_mentions ORDER BY 1, 2, 3"


def answered(path: Path) -> list[str]:
    """Return the addresses of a file's answers."""
    records = [record for record in FastIterator(str(path)) if "response" in str(record.record_type)]
    return [record.headers["WARC-Target-URI"] for record in records]


def test_a_crawl_archives_every_answer_and_the_database_knows_where(
    portal: str, database: str, archive: Path, armcrawl: Command, query: Query, requests: list[str]
) -> None:
    crawl(armcrawl, portal, database, archive)
    (path,) = archive.iterdir()
    urls = answered(path)
    assert sorted("/" + url.split("/", 3)[3] for url in urls) == sorted(requests)
    assert query("SELECT count(*) FROM captures WHERE archive_file IS NULL OR archive_offset IS NULL") == [(0,)]
    done = armcrawl("archive", "verify", "--archive", str(archive), "--database", database)
    assert done.code == 0, done.err
    assert "0 problems" in done.out


def test_the_whole_database_is_made_again_from_the_archive_alone(
    undisturbed: Undisturbed, database: str, archive: Path, armcrawl: Command, tmp_path: Path
) -> None:
    # Half of the portal, with news that its other sections copy.
    if database.startswith("sqlite"):
        shutil.copytree(undisturbed.archive, archive)
        database = f"sqlite:///{undisturbed.database}"
    else:
        armcrawl("crawl", "--base-url", undisturbed.url, "--database", database, "--archive", str(archive), *FAST)
    again = f"sqlite:///{tmp_path}/again.db"
    options = ("--archive", str(archive), "--database", again)
    done = armcrawl("backfill", "--warc", str(archive), *options)
    assert done.code == 0, done.err
    assert rows_of(again, columns=()) == rows_of(database, columns=())
    twice = armcrawl("backfill", "--warc", str(archive), *options, "--report", "import.json")
    assert "new 0, changed 0" in twice.out
    report = json.loads((tmp_path / "import.json").read_text(encoding="utf-8"))
    assert (report["kind"], report["outcome"], report["articles"]["new"]) == ("import", "done", 0)
    assert report["stats"]["armcrawl/import/known"] > len(undisturbed.rows["articles"])
    assert rows_of(again, columns=()) == rows_of(database, columns=())


def be_another(file: Path) -> None:
    """Let a file have the tables of another armcrawl."""
    with sqlite3.connect(file) as connection:
        connection.executescript("DROP TABLE shape")
    connection.close()


@pytest.mark.parametrize("each_database", ["sqlite"], indirect=True)
def test_a_database_of_another_armcrawl_is_made_anew_from_its_archive(
    crawled: str, archive: Path, armcrawl: Command, tmp_path: Path
) -> None:
    before = rows_of(crawled, columns=())
    file = tmp_path / "test.db"
    be_another(file)
    options = ("--database", crawled, "--archive", str(archive))
    refused = armcrawl("status", "--database", crawled)
    assert refused.code == 1
    assert "`armcrawl db new-from-archive`" in refused.err
    done = armcrawl("db", "new-from-archive", *options)
    assert done.code == 0, done.err
    assert f"is {file}.old now" in done.out
    assert rows_of(crawled, columns=()) == before
    again = armcrawl("db", "new-from-archive", *options)
    assert "new 0, changed 0" in again.out
    assert rows_of(crawled, columns=()) == before


@pytest.mark.parametrize("each_database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("is_named", [False, True])
def test_what_people_decided_is_taken_over_from_the_old_database(
    crawled: str, archive: Path, armcrawl: Command, query: Query, tmp_path: Path, is_named: bool
) -> None:
    options = ("--database", crawled, "--archive", str(archive))
    (kept,), (merged,) = query("SELECT name FROM v_entities WHERE articles_as_tag > 0 ORDER BY name LIMIT 2")
    assert armcrawl("entities", "merge", kept, merged, "--apply", "--database", crawled).code == 0
    assert armcrawl("remove", "armtorg/reviews/5", "--reason", "asked to", "--apply", *options).code == 0
    decided, origins = query(MENTIONS), query("SELECT origin FROM origins")
    named = ("--old", f"sqlite:///{tmp_path}/aside.db") if is_named else ()
    if is_named:
        (tmp_path / "test.db").rename(tmp_path / "aside.db")
    be_another(tmp_path / ("aside.db" if is_named else "test.db"))
    done = armcrawl("db", "new-from-archive", *options, *named)
    assert done.code == 0, done.err
    assert "pages that were taken down 1, decisions on entities 1" in done.out
    assert query(MENTIONS) == decided
    assert query("SELECT reason FROM pages WHERE outcome = 'removed'") == [("asked to",)]
    assert query("SELECT origin FROM origins") == origins
    assert "new 0, changed 0" in armcrawl("db", "new-from-archive", *options, *named).out


def test_an_archive_of_others_is_copied_and_is_an_import(
    crawled: str, archive: Path, armcrawl: Command, tmp_path: Path
) -> None:
    again = f"sqlite:///{tmp_path}/again.db"
    done = armcrawl("backfill", "--warc", str(archive), "--database", again)
    assert done.code == 0, done.err
    shutil.rmtree(archive)
    different = ("cause", *PLACES)
    assert rows_of(again, columns=different) == rows_of(crawled, columns=different)
    with sqlite3.connect(tmp_path / "again.db") as connection:
        assert connection.execute("SELECT DISTINCT cause FROM article_versions").fetchall() == [("import",)]
    connection.close()
    assert armcrawl("archive", "verify", "--database", again).code == 0
    assert "Read otherwise: 0." in armcrawl("reparse", "--database", again).out


def test_an_unchanged_parser_changes_nothing(crawled: str, archive: Path, armcrawl: Command, tmp_path: Path) -> None:
    before = rows_of(crawled)
    done = armcrawl("reparse", "--apply", "--archive", str(archive), "--database", crawled)
    assert done.code == 0, done.err
    assert "Read otherwise: 0." in done.out
    assert rows_of(crawled) == before
    assert not list(tmp_path.glob("*reparse*"))


def test_a_changed_parser_is_shown_then_applied_and_taken_back(
    crawled: str, archive: Path, armcrawl: Command, changed_parser: Command, query: Query, tmp_path: Path
) -> None:
    options = ("--archive", str(archive), "--database", crawled)
    authors = query("SELECT count(*) FROM v_articles WHERE author IS NOT NULL")[0][0]
    before = rows_of(crawled)
    shown = changed_parser("reparse", *options)
    assert f"Read otherwise: {authors}." in shown.out, shown.err
    assert "author" in shown.out
    assert "title" not in shown.out.partition("The largest changes")[0]
    assert "Nothing is written yet" in shown.out
    assert rows_of(crawled) == before
    (report,) = tmp_path.glob("*reparse*")
    lines = (report / "changes.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == authors
    assert all('"field": "author"' in line and '"kind": "lost"' in line for line in lines)
    assert (report / "report.html").read_text(encoding="utf-8").count("<article>") == authors
    assert changed_parser("reparse", "--apply", *options).code == 0
    assert query("SELECT count(*) FROM v_articles WHERE author IS NOT NULL") == [(0,)]
    assert query("SELECT count(*) FROM article_versions WHERE cause = 're-extraction'") == [(authors,)]
    assert "Read otherwise: 0." in changed_parser("reparse", "--apply", *options).out
    assert armcrawl("reparse", "--apply", *options).code == 0
    after = rows_of(crawled)
    for table in before.keys() - {"article_versions", "articles", "readings"}:
        assert after[table] == before[table], table
    assert query("SELECT count(*) FROM v_articles WHERE author IS NOT NULL") == [(authors,)]
    assert query("SELECT max(current_version) FROM articles") == [(3,)]


@pytest.mark.parametrize("each_database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("command", [("reparse", "--apply"), ("quarantine", "replay", "--apply")])
def test_a_document_that_cannot_be_read_is_named_and_made_anew(
    crawled: str, archive: Path, armcrawl: Command, tmp_path: Path, command: tuple[str, ...]
) -> None:
    before = rows_of(crawled)
    with sqlite3.connect(tmp_path / "test.db") as connection:
        connection.execute("UPDATE article_versions SET document = '{\"tags' WHERE id = 7")
    connection.close()
    problem = "the document is damaged"
    options = ("--archive", str(archive), "--database", crawled)
    assert problem in armcrawl("reparse", *options).err
    assert problem in armcrawl("db", "rebuild", "--database", crawled).err
    assert problem in armcrawl("quarantine", "list", "--database", crawled).out
    done = armcrawl(*command, *options)
    assert done.code == 0, done.err
    assert armcrawl("quarantine", "list", "--database", crawled).out == "Quarantine is empty.\n"
    assert armcrawl("db", "rebuild", "--database", crawled).err == ""
    after = rows_of(crawled)
    changed = {name for name in before if after[name] != before[name]}
    assert changed == {"readings", "quarantine"}


def test_what_people_decided_of_entities_survives(
    crawled: str, archive: Path, armcrawl: Command, changed_parser: Command, query: Query
) -> None:
    database = ("--database", crawled)
    options = ("--archive", str(archive), *database)
    tags = (
        "SELECT name FROM v_entities WHERE articles_as_tag > 0 AND articles_as_source = 0 ORDER BY entity_key LIMIT 4"
    )
    (kept,), (merged,), (renamed,), (other,) = query(tags)
    (form,) = query("SELECT min(form) FROM entity_forms WHERE used_as = 'tag' AND form = name AND form > 'П'")[0]
    for decision in (
        ("merge", kept, merged),
        ("split", form, "--name", "Особый тег", "--as", "tag"),
        ("rename", renamed, "Новое имя"),
        ("kind", other, "event"),
        ("rename", other, "Взято назад"),
        ("undo", "5"),
    ):
        done = armcrawl("entities", *decision, "--apply", *database)
        assert done.code == 0, done.err
    decided, kinds = query(MENTIONS), query("SELECT entity_key, name, kind FROM v_entities ORDER BY 1")
    assert (other, "event") in {row[1:] for row in kinds}
    assert "Read otherwise: 0." in armcrawl("reparse", *options).out
    changed_parser("reparse", "--apply", *options)
    assert query(MENTIONS) == decided
    assert armcrawl("db", "rebuild", *database).code == 0
    assert query(MENTIONS) == decided
    assert query("SELECT entity_key, name, kind FROM v_entities ORDER BY 1") == kinds
    assert query(f"SELECT DISTINCT tag FROM v_article_tags WHERE form = '{form}'") == [("Особый тег",)]


def test_an_archive_that_is_gone_is_told_and_changes_nothing(crawled: str, archive: Path, armcrawl: Command) -> None:
    before = rows_of(crawled)
    options = ("--archive", str(archive), "--database", crawled)
    for path in archive.iterdir():
        path.unlink()
    done = armcrawl("reparse", "--apply", *options)
    assert "unreadable" in done.out
    assert "is missing" in done.err
    assert rows_of(crawled) == before
    verified = armcrawl("archive", "verify", *options)
    assert verified.code == 1
    assert "Traceback" not in verified.err
    archive.rmdir()
    for command in (("reparse",), ("archive", "list"), ("archive", "verify")):
        done = armcrawl(*command, *options)
        assert (done.code, done.err) == (2, f"armcrawl: There is no archive at {archive}: name it with --archive.\n")


def test_a_removed_page_leaves_the_archive_too(crawled: str, archive: Path, armcrawl: Command) -> None:
    options = ("--archive", str(archive), "--database", crawled)
    raw = armcrawl("archive", "cat", "armtorg/reviews/5", *options)
    assert "<h1" in raw.out
    assert armcrawl("remove", "armtorg/reviews/5", "--reason", "asked to", "--apply", *options).code == 0
    assert armcrawl("archive", "cat", "armtorg/reviews/5", *options).code == 2
    assert armcrawl("archive", "verify", *options).code == 0
    (path,) = archive.glob("*.warc.gz")
    assert not any(url.endswith("/reviews/5") for url in answered(path))


def test_the_archive_of_a_page_can_be_listed(crawled: str, archive: Path, armcrawl: Command) -> None:
    options = ("--archive", str(archive), "--database", crawled)
    assert ".warc.gz" in armcrawl("archive", "list", *options).out
    assert armcrawl("archive", "list", "https://armtorg.ru/reviews/5", *options).out.count(".warc.gz") == 1
    told = json.loads(armcrawl("archive", "list", "reviews/5", "--json", *options).out)
    assert [one["key"] for one in told] == ["armtorg/reviews/5"]


def test_an_unknown_section_is_named(crawled: str, archive: Path, armcrawl: Command) -> None:
    done = armcrawl("reparse", "--section", "foo", "--archive", str(archive), "--database", crawled)
    assert (done.code, done.out) == (2, "")
    assert "No site has a section 'foo': the sections are" in done.err


def test_changes_may_go_to_one_file_or_to_standard_output(
    crawled: str, archive: Path, changed_parser: Command, tmp_path: Path
) -> None:
    options = ("--archive", str(archive), "--database", crawled)
    done = changed_parser("reparse", "--report", "changes.html", *options)
    assert "changes.html" in done.out, done.err
    assert not list(tmp_path.glob("*reparse*"))
    page = (tmp_path / "changes.html").read_text(encoding="utf-8")
    piped = changed_parser("reparse", "--report", "-", *options)
    assert len(piped.out.splitlines()) == page.count("<article>") > 0
    assert "Read otherwise" in piped.err
    assert changed_parser("reparse", "--report", "changes", *options).code == 2


def test_a_database_that_is_up_to_date_is_not_made_anew(crawled: str, archive: Path, armcrawl: Command) -> None:
    done = armcrawl("db", "new-from-archive", "--archive", str(archive), "--database", crawled)
    assert done.code == 2
    assert "nothing is to be made anew" in done.err
    assert "--mixed-origin" not in done.err


def test_without_an_archive_nothing_is_kept(
    armcrawl: Command, portal: str, database: str, query: Query, tmp_path: Path
) -> None:
    options = ("--base-url", portal, "--database", database, "--section", "reviews", *FAST)
    assert armcrawl("crawl", "--no-archive", *options).code == 0
    assert query("SELECT count(*) FROM captures WHERE archive_file IS NOT NULL") == [(0,)]
    assert not list(tmp_path.rglob("*.warc*"))
    done = armcrawl("reparse", "--database", database)
    assert done.code == 2
    assert "There is no archive at " in done.err


def test_an_archive_that_cannot_be_written_ends_the_run_and_stores_nothing(
    armcrawl: Command, portal: str, database: str, query: Query, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    options = ("--base-url", portal, "--database", database, "--archive", str(tmp_path / "file" / "x"), *FAST)
    done = armcrawl("crawl", *options)
    assert done.code == 1
    assert "archive in" in done.err
    assert "Traceback" not in done.err
    assert query("SELECT count(*) FROM pages") == [(0,)]
