"""Jobs come into the queue, each once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, text

from armcrawl.archive.folder import Folder
from armcrawl.errors import UsageError
from armcrawl.fleet.engine import app_of
from armcrawl.fleet.enqueuing import Order, enqueue, other_run
from armcrawl.fleet.holding import held, hold, release
from armcrawl.fleet.setting_up import MARK, carry_mark, check_set_up, set_up
from armcrawl.fleet.tables import fleet
from armcrawl.store.base.database import reading
from armcrawl.store.base.lock import lock_site, locking_all

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

NIGHT = Order.of("armtorg", ["crawl", "--max-requests", "5"])
BACKFILL = Order.of("armtorg", ["backfill", "--ids", "1-10"])


async def brought_in(url: str, *orders: Order) -> list[int | None]:
    async with app_of(url).open_async() as app:
        return list(await asyncio.gather(*(enqueue(app, order) for order in orders)))


def test_whoever_asks_at_the_same_time_as_others_brings_in_one_job(engine: Engine, postgresql_database: str) -> None:
    jobs = asyncio.run(brought_in(postgresql_database, *[NIGHT] * 6))
    assert len([job for job in jobs if job is not None]) == 1
    with reading(engine) as connection:
        found = connection.execute(text("SELECT lock, queueing_lock FROM procrastinate_jobs")).all()
    assert [tuple(row) for row in found] == [("armtorg.ru", None)]


def test_a_backfill_that_waits_keeps_no_night_from_coming_in(engine: Engine, postgresql_database: str) -> None:
    del engine
    assert None not in asyncio.run(brought_in(postgresql_database, BACKFILL, NIGHT))


def test_a_backfill_begins_without_anybody_who_could_say_so() -> None:
    assert BACKFILL.arguments == ("backfill", "armtorg", "--ids", "1-10", "--apply")
    assert Order.of("armtorg", ["reparse", "--apply"]).arguments == ("reparse", "--site", "armtorg", "--apply")


def test_two_sites_of_one_server_are_crawled_one_after_another(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Order.of("armtorg", ["crawl"]).lock != Order.of("valverus", ["crawl"]).lock
    monkeypatch.setenv("ARMCRAWL_BASE_URL", "https://mirror.example/copy")
    assert Order.of("armtorg", ["crawl"]).lock == Order.of("valverus", ["crawl"]).lock == "mirror.example"


def test_of_one_site_one_crawl_is_enough_whatever_its_budget() -> None:
    assert Order.of("armtorg", ["crawl"]).is_like(NIGHT.told)
    assert not Order.of("valverus", ["crawl"]).is_like(NIGHT.told)
    assert not BACKFILL.is_like(NIGHT.told)
    assert not Order.of("armtorg", ["backfill", "--ids", "1-11"]).is_like(BACKFILL.told)


def test_options_without_a_command_are_those_of_a_crawl() -> None:
    assert Order.of("armtorg", ["--max-requests", "5"]) == Order.of("armtorg", ["crawl", "--max-requests", "5"])


@pytest.mark.parametrize("words", [["crawl", "--all"], ["reparse", "--apply", "--site=valverus"]])
def test_a_job_is_for_one_site(words: list[str]) -> None:
    with pytest.raises(UsageError, match="a job is for one"):
        Order.of("armtorg", words)


def test_a_job_lets_who_waits_for_the_whole_database_go_first(engine: Engine, postgresql_database: str) -> None:
    run, told = lock_site(postgresql_database, "valverus", "crawl", lambda _: None), list[str | None]()

    def hear(_: str) -> None:
        told.extend(other_run(engine, "armtorg", command) for command in ("crawl", "reparse"))
        run.release()

    assert other_run(engine, "armtorg", "crawl") is None
    with locking_all(postgresql_database, "remove", hear):
        pass
    assert ["remove, process" in (one or "") for one in told] == [True, True]


def test_a_web_archive_is_a_server_of_its_own() -> None:
    assert Order.of("armtorg", ["backfill", "--wayback"]).lock == "web.archive.org"
    assert Order.of("valverus", ["backfill", "--wayback", "https://archive.example/x"]).lock == "archive.example"


def test_a_site_is_held_until_it_is_released(engine: Engine) -> None:
    assert held(engine, "armtorg") is None
    hold(engine, "armtorg", "paused")
    assert held(engine, "armtorg") == "paused"
    assert release(engine, "armtorg")
    assert held(engine, "armtorg") is None


def test_a_fleet_is_set_up_once_and_knows_its_archive(engine: Engine, postgresql_database: str, tmp_path: Path) -> None:
    assert not set_up(engine, postgresql_database, Folder(tmp_path / "shared"))
    check_set_up(engine, Folder(tmp_path / "shared"))
    with pytest.raises(UsageError, match="is not the archive of this fleet"):
        check_set_up(engine, Folder(tmp_path / "mine"))


def test_a_fleet_that_is_set_up_takes_no_second_archive(
    engine: Engine, postgresql_database: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=r"The archive of this fleet is .*shared, and .*mine is another"):
        set_up(engine, postgresql_database, Folder(tmp_path / "mine"))
    assert not (tmp_path / "mine" / MARK).exists()


def test_where_a_fleets_archive_was_moved_the_fleet_goes_on(
    engine: Engine, postgresql_database: str, tmp_path: Path
) -> None:
    carry_mark(Folder(tmp_path / "shared"), Folder(tmp_path / "moved"))
    check_set_up(engine, Folder(tmp_path / "moved"))
    assert not set_up(engine, postgresql_database, Folder(tmp_path / "moved"))


def test_a_new_fleet_is_told_what_to_do_about_the_mark_of_one_that_is_no_more(
    engine: Engine, postgresql_database: str, tmp_path: Path
) -> None:
    with engine.begin() as connection:
        connection.execute(delete(fleet))  # as after a restore
    with pytest.raises(UsageError, match=f"delete {MARK} there first"):
        set_up(engine, postgresql_database, Folder(tmp_path / "shared"))
    (tmp_path / "shared" / MARK).unlink()
    assert set_up(engine, postgresql_database, Folder(tmp_path / "shared"))
