"""Jobs of dead workers go to others."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from procrastinate.exceptions import ConnectorException
from sqlalchemy import insert, select, text

from armcrawl import clock
from armcrawl.fleet.attempts import begin_attempt, codes_of, end_attempt, mark_lost
from armcrawl.fleet.caring import Care
from armcrawl.fleet.engine import CRAWLS, Pace, app_of
from armcrawl.fleet.enqueuing import Order, enqueue
from armcrawl.fleet.exits import MAX_FAILURES, MAX_KILLS, Decision, Fate
from armcrawl.fleet.holding import Scheduled, hold, scheduled_sites
from armcrawl.fleet.presence import enlist, everybody, is_registered
from armcrawl.fleet.tables import attempts
from armcrawl.store.base.database import reading

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from procrastinate import App
    from sqlalchemy import Engine

ORDER = Order.of("armtorg", ["crawl"])
SILENT = timedelta(minutes=5)


@asynccontextmanager
async def opened(url: str, engine: Engine) -> AsyncIterator[tuple[App, Care]]:
    async with app_of(url).open_async() as app:
        yield app, Care(app, engine, Pace())


async def taken(app: App) -> tuple[int, int]:
    """Bring in a job and have a worker take it; return their numbers."""
    job = await enqueue(app, ORDER)
    worker = await app.job_manager.register_worker()
    fetched = await app.job_manager.fetch_job([CRAWLS], worker)
    assert job is not None
    assert fetched is not None
    assert fetched.id == job
    return job, worker


def silence(engine: Engine, worker: int) -> None:
    """Have a worker been heard long ago."""
    with engine.begin() as connection:
        sql = "UPDATE procrastinate_workers SET last_heartbeat = now() - :silent WHERE id = :worker"
        connection.execute(text(sql), {"silent": SILENT, "worker": worker})


def state(engine: Engine, job: int) -> str:
    with reading(engine) as connection:
        return str(
            connection.execute(text("SELECT status::text FROM procrastinate_jobs WHERE id = :id"), {"id": job}).scalar()
        )


def begun(engine: Engine, job: int) -> int:
    return begin_attempt(engine, job, "armtorg", ORDER.arguments, "worker", "machine")


def test_the_job_of_a_worker_that_is_silent_is_given_to_another(engine: Engine, postgresql_database: str) -> None:
    async def work() -> int:
        async with opened(postgresql_database, engine) as (app, care):
            job, worker = await taken(app)
            begun(engine, job)
            await care.rescue()
            assert state(engine, job) == "doing"  # it was heard a moment ago
            silence(engine, worker)
            await care.rescue()
            other = await app.job_manager.fetch_job([CRAWLS], await app.job_manager.register_worker())
            assert other is not None
            assert other.id == job
            assert not is_registered(engine, worker)
            return job

    assert codes_of(engine, asyncio.run(work())) == [None]


def test_a_job_that_is_done_and_not_yet_told_so_is_not_given_up(engine: Engine, postgresql_database: str) -> None:
    async def work() -> str:
        async with opened(postgresql_database, engine) as (app, care):
            job, worker = await taken(app)
            end_attempt(engine, begun(engine, job), 0, Decision(Fate.DONE), ["Nothing is left to ask for."])
            silence(engine, worker)
            await care.rescue()
            return state(engine, job)

    assert asyncio.run(work()) == "todo"


def test_a_job_whose_workers_die_again_and_again_is_given_up(engine: Engine, postgresql_database: str) -> None:
    async def work() -> str:
        async with opened(postgresql_database, engine) as (app, care):
            job, worker = await taken(app)
            for _ in range(MAX_KILLS + MAX_FAILURES - 1):
                begun(engine, job)
                mark_lost(engine, job)
            begun(engine, job)
            silence(engine, worker)
            await care.rescue()
            return state(engine, job)

    assert asyncio.run(work()) == "failed"


def test_a_worker_that_woke_cannot_finish_what_nobody_has_given_it(engine: Engine, postgresql_database: str) -> None:
    async def work() -> None:
        async with opened(postgresql_database, engine) as (app, care):
            job, worker = await taken(app)
            silence(engine, worker)
            await care.rescue()
            # The foreign key: a worker that is struck off takes no job.
            with pytest.raises(ConnectorException):
                await app.job_manager.fetch_job([CRAWLS], worker)
            assert state(engine, job) == "todo"

    asyncio.run(work())


def test_of_two_schedulers_one_cares(engine: Engine, postgresql_database: str) -> None:
    async def work() -> list[bool]:
        async with (
            opened(postgresql_database, engine) as (_, first),
            opened(postgresql_database, engine) as (_, second),
            first.is_alone() as one,
            second.is_alone() as other,
        ):
            return [one, other]

    assert asyncio.run(work()) == [True, False]


def test_a_night_comes_in_when_it_is_due_and_once(engine: Engine, postgresql_database: str) -> None:
    async def work() -> list[int]:
        async with opened(postgresql_database, engine) as (app, care):
            counts = []
            long_ago = clock.now() - timedelta(days=3)
            for known in (None, Scheduled(long_ago, is_held=True), Scheduled(long_ago, is_held=False), None):
                await care.bring_in_site("armtorg", known or scheduled_sites(engine).get("armtorg"), clock.now())
                counts.append(len(list(await app.job_manager.list_jobs_async(lock=ORDER.lock))))
            return counts

    # A new site begins with its next night; a held one waits; then one comes in, and not again.
    assert asyncio.run(work()) == [0, 0, 1, 1]


def test_what_is_long_over_is_forgotten(engine: Engine, postgresql_database: str) -> None:
    old = clock.now() - timedelta(days=100)
    row = {"job": 1, "site": "armtorg", "arguments": [], "worker": "w", "machine": "m", "started_at": old}
    with engine.begin() as connection:
        connection.execute(insert(attempts).values([row | {"ended_at": old}, row | {"ended_at": clock.now()}]))

    async def work() -> None:
        async with opened(postgresql_database, engine) as (_, care):
            await care.tidy()

    asyncio.run(work())
    with reading(engine) as connection:
        assert len(connection.execute(select(attempts.c.id)).all()) == 1


def test_who_vanished_is_told_until_it_is_there_again(engine: Engine, postgresql_database: str) -> None:
    async def work() -> list[list[bool]]:
        async with opened(postgresql_database, engine) as (app, care):
            found = []
            first = await app.job_manager.register_worker()
            enlist(engine, first, "worker", "crawls")
            found.append([one.is_gone for one in everybody(engine, 30)])
            silence(engine, first)
            await care.rescue()
            found.append([one.is_gone for one in everybody(engine, 30)])
            enlist(engine, await app.job_manager.register_worker(), "worker", "crawls")
            return [*found, [one.is_gone for one in everybody(engine, 30)]]

    assert asyncio.run(work()) == [[False], [True], [False]]


def test_holding_a_site_does_not_forget_its_nights(engine: Engine) -> None:
    hold(engine, "armtorg", "paused")
    assert scheduled_sites(engine)["armtorg"].is_held
