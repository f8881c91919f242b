"""A worker or a scheduler, from its start to its end."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import psycopg
from procrastinate.exceptions import ConnectorException
from procrastinate.worker import Worker

from armcrawl.errors import DatabaseAwayError, DatabaseError
from armcrawl.fleet.caring import Care
from armcrawl.fleet.engine import CARE, CRAWLS, Pace, app_of
from armcrawl.fleet.presence import discharge, enlist, is_registered
from armcrawl.fleet.working import Crawler, is_news, leave
from armcrawl.store.base.database import open_database

if TYPE_CHECKING:
    from procrastinate import App
    from sqlalchemy import Engine

    from armcrawl.archive.storage import Storage

logger = logging.getLogger(__name__)

# How often a worker that has just begun looks whether it has its number.
STEP_SECONDS = 0.05


def serve(url: str, storage: Storage, name: str, *, schedules: bool) -> None:
    """Work until somebody ends it, or the database is away too long: then, too, it is to be started again.

    Raises DatabaseAwayError.
    """
    pace, app, engine = Pace.usual(), app_of(url), open_database(url, create=False)
    if schedules:
        Care(app, engine, pace).register()
    else:
        Crawler(engine, url, storage, pace, name).register(app)
        logging.getLogger("procrastinate.worker").addFilter(is_news)
    try:
        asyncio.run(_serve(app, engine, name, pace, schedules=schedules))
    except (ConnectorException, psycopg.Error) as error:
        raise DatabaseAwayError("The database went away: this worker ends, and is to be started again.") from error
    finally:
        engine.dispose()


async def _serve(app: App, engine: Engine, name: str, pace: Pace, *, schedules: bool) -> None:
    async with app.open_async():
        worker = Worker(
            app=app,
            queues=[CARE if schedules else CRAWLS],
            name=name,
            # A crawl at a time: more workers on a machine are more processes.
            concurrency=1,
            fetch_job_polling_interval=pace.polling,
            abort_job_polling_interval=pace.polling,
            # Its crawl is ended at once and begun elsewhere: nobody waits for hours until a machine may be shut down.
            shutdown_graceful_timeout=0.0,
            # Thousands of looks a day say nothing; jobs stay, as their history does.
            delete_jobs="always" if schedules else "never",
            update_heartbeat_interval=pace.heartbeat,
            stalled_worker_timeout=pace.silence,
        )
        watch = asyncio.create_task(_watch(worker, engine, name, pace, schedules=schedules))
        try:
            await worker.run()  # type: ignore[no-untyped-call]  # of a package that is typed in part
        finally:
            watch.cancel()


async def _watch(worker: Worker, engine: Engine, name: str, pace: Pace, *, schedules: bool) -> None:
    """Enlist the worker, and end it when it is taken for dead: others have its jobs then."""
    while worker.worker_id is None:  # noqa: ASYNC110 - Procrastinate tells nobody
        await asyncio.sleep(STEP_SECONDS)
    number = worker.worker_id
    await asyncio.to_thread(enlist, engine, number, name, "schedules and rescues" if schedules else "crawls")
    try:
        while worker.worker_id is not None:
            await asyncio.sleep(pace.heartbeat)
            try:
                is_there = await asyncio.to_thread(is_registered, engine, number)
                # Procrastinate's own heart stops when it is told to end, and a crawl may take a minute to end itself.
                await worker.app.job_manager.update_heartbeat(number)
            except (DatabaseError, ConnectorException) as error:
                logger.warning("%s", error)
                continue
            # One that ends in peace strikes itself off the list a moment before it forgets its number.
            await asyncio.sleep(STEP_SECONDS)
            if not is_there and worker.worker_id is not None:
                leave(f"Worker {number} was taken for dead, as it was silent")
    finally:
        await asyncio.shield(asyncio.to_thread(_discharge, engine, number))


def _discharge(engine: Engine, number: int) -> None:
    try:
        discharge(engine, number)
    except DatabaseError as error:
        logger.warning("%s", error)
