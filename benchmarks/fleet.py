"""What a fleet costs: nights of many sites with a stub for the crawl, and then one night of real crawls (`night.py`).

    python -m benchmarks.fleet --sites 1000 --workers 8 --nights 20

A job must be carried out once a night; the engine may take 15 ms a job on a quiet machine, and no worker may grow.
`--crawled 0` leaves the real night out, `--nights 0` all others.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from armcrawl.archive.folder import Folder
from armcrawl.fleet.attempts import begin_attempt, codes_of, end_attempt
from armcrawl.fleet.engine import CRAWLS, NIGHTLY, RUN_TASK, Pace, app_of
from armcrawl.fleet.enqueuing import Order, enqueue
from armcrawl.fleet.exits import decide
from armcrawl.fleet.setting_up import set_up
from armcrawl.store.base.database import connect
from benchmarks import night
from benchmarks.crawling import MAX_GROWTH, growth, memory_mb
from benchmarks.waits import ask
from tests.postgresql import Databases, server, server_folder

MAX_MS = 15.0
# Fewer have no quarters.
MIN_NIGHTS = 8


def work(url: str) -> None:
    """Be a worker whose crawls are nothing, until it is killed."""
    app, engine, pace = app_of(url), connect(url), Pace()

    @app.task(name=RUN_TASK, queue=CRAWLS, pass_context=True)
    async def run(context: Any, *, site: str, arguments: list[str]) -> None:
        job = context.job.id
        attempt = await asyncio.to_thread(begin_attempt, engine, job, site, arguments, "stub", "here")
        codes = [*await asyncio.to_thread(codes_of, engine, job), 0]
        await asyncio.to_thread(end_attempt, engine, attempt, 0, decide(codes), ["Nothing is left to ask for."])

    app.run_worker(queues=[CRAWLS], concurrency=1, fetch_job_polling_interval=pace.polling)


async def bring_in(url: str, orders: list[Order]) -> None:
    """Bring in a night."""
    async with app_of(url).open_async() as app:
        for order in orders:
            await enqueue(app, order, NIGHTLY)


def measure(url: str, sites: int, workers: int, nights: int) -> bool:
    """Print what a night costs, and return whether all is as it must be."""
    engine = connect(url)
    with TemporaryDirectory() as folder:
        set_up(engine, url, Folder(Path(folder)))
    orders = [Order(f"site{number}", ("crawl", f"site{number}"), f"site{number}.example") for number in range(sites)]
    command = [sys.executable, "-m", "benchmarks.fleet", "--work", url]
    started = [subprocess.Popen(command) for _ in range(workers)]
    spent = brought = 0.0
    megabytes = list[float]()
    try:
        for number in range(1, nights + 1):
            begin = time.perf_counter()
            asyncio.run(bring_in(url, orders))
            brought += time.perf_counter() - begin
            over = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'succeeded'"
            while (done := ask(url, over)) < number * sites:
                time.sleep(0.02)
            spent += time.perf_counter() - begin
            if done > number * sites:
                print(f"night {number}: {done - number * sites} jobs too many")
            megabytes.append(sum(memory_mb(process.pid) for process in started))
    finally:
        for process in started:
            process.kill()
            process.wait()
        engine.dispose()
    jobs = ask(url, "SELECT count(*) FROM procrastinate_jobs")
    twice = ask(url, "SELECT count(*) FROM (SELECT job FROM fleet_attempts GROUP BY job HAVING count(*) > 1) AS t")
    cost = 1_000 * spent / (nights * sites)
    print(f"{jobs} jobs of {nights} nights of {sites} sites by {workers} workers: {cost:.1f} ms a job, of which")
    print(f"{1_000 * brought / (nights * sites):.1f} ms to bring it in; {twice} were carried out twice")
    grown = growth(megabytes) if len(megabytes) >= MIN_NIGHTS else 1.0
    each = megabytes[-1] / workers
    print(f"A worker takes {each:.0f} MB; the last quarter's peak is {grown:.2f} of the second quarter's.")
    return jobs == nights * sites and not twice and cost <= MAX_MS and grown <= MAX_GROWTH


def main() -> None:
    """Measure, and end with 1 if it is too slow or not right."""
    parser = argparse.ArgumentParser()
    for name, usual in (("--sites", 1_000), ("--workers", 8), ("--nights", 20), ("--crawled", night.SITES)):
        parser.add_argument(name, type=int, default=usual)
    parser.add_argument("--work", metavar="URL")
    told = parser.parse_args()
    if told.work:
        work(told.work)
        return
    is_right = True
    if told.nights:
        with server_folder() as folder, server(folder) as address:
            is_right = measure(Databases(address).template, told.sites, told.workers, told.nights)
    if told.crawled:
        is_right &= night.measure(told.crawled, workers=told.workers)
    sys.exit(not is_right)


if __name__ == "__main__":
    main()
