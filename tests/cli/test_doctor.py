"""`armcrawl doctor`: a healthy set-up passes, and each broken one is named right."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from armcrawl.sample.portal import Portal
from armcrawl.sample.server import serving, serving_handler
from tests.cli.conftest import starting
from tests.cli.test_read_only import AS_ANYBODY
from tests.conftest import COMMAND_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.forking import Finished, Forking

    Command = Callable[..., Finished]
    Ask = Callable[..., dict[str, tuple[bool, str]]]

CONTACT = "desk@armcrawl.test"
ALL = [
    "contact",
    "database",
    "tables",
    "clock",
    "heads",
    "checks",
    "archive",
    "disk",
    "robots.txt",
    "page",
    "site clock",
]


@pytest.fixture(scope="session")
def crawled(forks: Forking, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the database and the archive of a crawl."""
    folder = tmp_path_factory.mktemp("crawled")
    with serving("bootstrap") as url:
        options = ("--base-url", url, "--database", f"sqlite:///{folder}/test.db", "--section", "articles")
        crawl = starting(forks, *options, "--delay", "0", "--concurrency", "8", folder=folder)
        _, err = crawl.communicate(timeout=COMMAND_SECONDS)
    assert crawl.returncode == 0, err
    return folder


@pytest.fixture
def healthy(crawled: Path, database: str, tmp_path: Path) -> str:
    shutil.copytree(crawled, tmp_path, dirs_exist_ok=True)
    return database


@pytest.fixture
def ask(armcrawl: Command) -> Ask:
    """Return what the doctor finds; the exit code must say the same."""

    def run(*arguments: str, contact: str = CONTACT) -> dict[str, tuple[bool, str]]:
        done = armcrawl("doctor", "--json", *arguments, ARMCRAWL_CONTACT=contact)
        assert "Traceback" not in done.err
        found = {row["check"]: (row["ok"], row["said"]) for row in json.loads(done.out)}
        assert done.code == (0 if all(ok for ok, _ in found.values()) else 1)
        return found

    return run


def wrong(found: dict[str, tuple[bool, str]]) -> list[str]:
    return [check for check, (ok, _) in found.items() if not ok]


def execute(database: str, *statements: str) -> None:
    connection = sqlite3.connect(database.removeprefix("sqlite:///"))
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


@contextmanager
def faulty(path: str, status: int, body: str = "") -> Iterator[str]:
    """The sample portal, with another answer to what begins with a path."""
    portal = Portal("bootstrap")

    async def handle(request: web.Request) -> web.Response:
        if request.path.startswith(path):
            return web.Response(status=status, text=body, content_type="text/html")
        answer = portal.respond(request.raw_path, date(2026, 11, 23))
        return web.Response(status=answer.status, body=answer.body, headers={"Content-Type": answer.content_type})

    with serving_handler(handle) as url:
        yield url


def test_a_healthy_set_up_has_nothing_to_do(healthy: str, portal: str, ask: Ask, armcrawl: Command) -> None:
    found = ask("--base-url", portal, "--database", healthy)
    assert wrong(found) == []
    assert list(found) == ALL
    for_people = armcrawl("doctor", "--base-url", portal, "--database", healthy, ARMCRAWL_CONTACT=CONTACT)
    assert for_people.code == 0
    assert [line.split("  ")[0] for line in for_people.out.splitlines()] == ALL
    assert "TO DO" not in for_people.out


def test_postgresql_is_checked_as_well(postgresql_database: str, portal: str, ask: Ask) -> None:
    assert wrong(ask("--base-url", portal, "--database", postgresql_database)) == []


@pytest.mark.parametrize("contact", ["", "you@example.org", "me"])
def test_no_contact_and_the_example_s(healthy: str, ask: Ask, contact: str) -> None:
    found = ask("--offline", "--database", healthy, contact=contact)
    assert wrong(found) == ["contact"]
    assert "ARMCRAWL_CONTACT" in found["contact"][1]


def test_a_lock_that_root_left_stops_runs_of_the_service_s_user(
    healthy: str, armcrawl: Command, tmp_path: Path
) -> None:
    lock = tmp_path / "test.db.armtorg.lock"
    lock.chmod(0o444)  # as another user's is to us
    options = ("--database", healthy)
    checked = armcrawl("doctor", "--offline", "--json", *options, script=AS_ANYBODY, ARMCRAWL_CONTACT=CONTACT)
    found = {row["check"]: (row["ok"], row["said"]) for row in json.loads(checked.out)}
    assert wrong(found) == ["database"]
    crawl = armcrawl("crawl", "--mixed-origin", *options, script=AS_ANYBODY, ARMCRAWL_CONTACT=CONTACT)
    assert crawl.code == 1
    assert found["database"][1] in crawl.err
    assert f"{lock} cannot be opened: Permission denied. It belongs to {lock.owner()}: " in crawl.err


def test_a_report_in_a_folder_that_is_not_there_or_not_ours_stops_the_night(
    healthy: str, armcrawl: Command, tmp_path: Path
) -> None:
    def said(report: Path) -> tuple[bool, str]:
        options = ("doctor", "--offline", "--json", "--database", healthy)
        done = armcrawl(*options, script=AS_ANYBODY, ARMCRAWL_CONTACT=CONTACT, ARMCRAWL_REPORT=str(report))
        [found] = [row for row in json.loads(done.out) if row["check"] == "files"]
        return found["ok"], found["said"]

    theirs = tmp_path / "theirs"
    assert said(theirs / "night.html") == (
        False,
        f"ARMCRAWL_REPORT: {theirs}/night.html cannot be written: there is no folder {theirs}.",
    )
    theirs.mkdir(mode=0o555)
    assert said(theirs / "night.html") == (
        False,
        f"ARMCRAWL_REPORT: {theirs}/night.html cannot be written: {theirs} is another user's.",
    )
    assert said(tmp_path / "night.html") == (True, f"{tmp_path}/night.html can be written.")


def test_the_real_site_is_not_asked_without_a_contact(healthy: str, ask: Ask) -> None:
    found = ask("--database", healthy, contact="")
    assert wrong(found) == ["contact", "robots.txt"]
    assert "Not asked for" in found["robots.txt"][1]


def test_no_database(ask: Ask, tmp_path: Path) -> None:
    found = ask("--offline", "--database", f"sqlite:///{tmp_path}/typo.db")
    assert wrong(found) == ["database"]
    assert "There is no database" in found["database"][1]
    assert not (tmp_path / "typo.db").exists()


def test_a_file_that_is_no_database(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "noise.db").write_bytes(b"noise" * 1000)
    assert wrong(ask("--offline", "--database", f"sqlite:///{tmp_path}/noise.db")) == ["database"]


def test_a_damaged_database(healthy: str, ask: Ask) -> None:
    path = Path(healthy.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(path)) as connection:
        # Pages that the log holds as well are not read from the file.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = bytearray(path.read_bytes())
    middle = len(whole) // 2
    whole[middle : middle + 40_000] = b"\x55" * 40_000
    path.write_bytes(whole)
    found = ask("--offline", "--database", healthy)
    assert wrong(found)[0] == "database"
    assert set(wrong(found)) <= {"database"}


def test_a_schema_of_yesterday(healthy: str, ask: Ask) -> None:
    execute(healthy, "DELETE FROM alembic_version")
    found = ask("--offline", "--database", healthy)
    assert wrong(found) == ["tables"]
    assert "armcrawl db new-from-archive" in found["tables"][1]


def test_a_schema_that_somebody_changed(healthy: str, ask: Ask) -> None:
    execute(healthy, "DROP VIEW v_articles")
    found = ask("--offline", "--database", healthy)
    assert wrong(found) == ["tables"]
    assert "v_articles" in found["tables"][1]


def test_a_disk_that_is_nearly_full(healthy: str, ask: Ask) -> None:
    found = ask("--offline", "--database", healthy, "--min-free", "1000000")
    assert wrong(found) == ["disk"]
    assert "make room" in found["disk"][1]


def test_a_clock_that_was_set_back(healthy: str, ask: Ask) -> None:
    execute(healthy, "UPDATE runs SET started_at = '2099-01-01 00:00:00.000000'")
    found = ask("--offline", "--database", healthy)
    assert wrong(found) == ["clock"]
    assert "set the clock" in found["clock"][1]


def test_an_archive_in_whose_place_is_a_file(healthy: str, ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    found = ask("--offline", "--database", healthy, "--archive", str(tmp_path / "file" / "pages"))
    assert wrong(found) == ["archive"]
    assert "cannot be written" in found["archive"][1]


def test_an_archive_that_lost_a_file(healthy: str, ask: Ask, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "test-archive")
    found = ask("--offline", "--database", healthy)
    assert wrong(found) == ["archive"]
    assert "is missing" in found["archive"][1]


def test_an_archive_that_is_cut_short(healthy: str, ask: Ask, tmp_path: Path) -> None:
    (path,) = (tmp_path / "test-archive").iterdir()
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])
    found = ask("--offline", "--database", healthy)
    assert wrong(found) == ["archive"]
    assert "archive verify" in found["archive"][1]


def test_a_site_that_is_down(healthy: str, ask: Ask) -> None:
    with serving("bootstrap") as url:
        pass
    found = ask("--database", healthy, "--base-url", url)
    assert wrong(found) == ["robots.txt"]
    assert "refused" in found["robots.txt"][1]


def test_a_robots_txt_that_cannot_be_read(healthy: str, ask: Ask) -> None:
    with faulty("/robots.txt", 500) as url:
        found = ask("--database", healthy, "--base-url", url)
    assert wrong(found) == ["robots.txt"]
    assert "status 500" in found["robots.txt"][1]


def test_a_robots_txt_that_forbids_us(healthy: str, ask: Ask) -> None:
    with faulty("/robots.txt", 200, "User-agent: *\nDisallow: /\n") as url:
        found = ask("--database", healthy, "--base-url", url)
    assert wrong(found) == ["robots.txt"]
    assert "owner" in found["robots.txt"][1]


def test_articles_that_cannot_be_read(healthy: str, ask: Ask) -> None:
    with faulty("/articles/item/", 200, "<html><h1>Подтвердите, что вы не робот</h1></html>") as url:
        found = ask("--database", healthy, "--base-url", url)
    assert wrong(found) == ["page"]
    assert "is kept from us" in found["page"][1]


def test_a_home_page_without_articles(healthy: str, ask: Ask) -> None:
    with faulty("/", 200, "<html><h1>Сайт переехал</h1></html>") as url:
        found = ask("--database", healthy, "--base-url", url)
    assert wrong(found) == ["page"]
    assert "links to no article" in found["page"][1]


def test_a_home_page_that_links_only_to_listings(healthy: str, ask: Ask) -> None:
    portal = Portal("bootstrap")

    async def handle(request: web.Request) -> web.Response:
        if request.path == "/":
            return web.Response(text='<html><body><a href="/news/">Новости</a></body></html>', content_type="text/html")
        answer = portal.respond(request.raw_path, date(2026, 11, 23))
        return web.Response(status=answer.status, body=answer.body, headers={"Content-Type": answer.content_type})

    with serving_handler(handle) as url:
        found = ask("--database", healthy, "--base-url", url)
    assert wrong(found) == []


def test_articles_that_are_withheld(healthy: str, ask: Ask) -> None:
    change(healthy, "UPDATE runs SET verdict = 'refused'", "UPDATE article_versions SET state = 'withheld'")
    found = ask("--offline", "--database", healthy)
    assert wrong(found) == ["checks"]
    assert "armcrawl runs accept" in found["checks"][1]


def test_runs_that_were_not_judged_for_more_than_a_week(healthy: str, ask: Ask) -> None:
    change(healthy, "UPDATE runs SET started_at = '2026-01-01 03:00:00'")
    found = ask("--offline", "--database", healthy)
    assert wrong(found) == ["checks"]
    assert "was judged for more than a week" in found["checks"][1]


def test_every_sentence_ends_as_one(healthy: str, ask: Ask) -> None:
    assert all(said.endswith(".") for _, said in ask("--offline", "--database", healthy).values())


def change(database: str, *statements: str) -> None:
    with closing(sqlite3.connect(database.removeprefix("sqlite:///"))) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_a_clock_that_is_not_the_site_s(healthy: str, ask: Ask) -> None:
    portal = Portal("bootstrap")

    async def handle(request: web.Request) -> web.Response:
        answer = portal.respond(request.raw_path, date(2026, 11, 23))
        headers = {"Content-Type": answer.content_type, "Date": "Mon, 01 Jan 2001 00:00:00 GMT"}
        return web.Response(status=answer.status, body=answer.body, headers=headers)

    with serving_handler(handle) as url:
        found = ask("--database", healthy, "--base-url", url)
    assert wrong(found) == ["site clock"]
    assert "2001-01-01" in found["site clock"][1]
