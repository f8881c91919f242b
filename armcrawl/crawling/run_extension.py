"""The run's record, kept by a Scrapy extension, so that plain `scrapy crawl` has it too."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.exceptions import NotConfigured
from sqlalchemy.exc import SQLAlchemyError

from armcrawl import clock
from armcrawl.archive.sending import adopt, is_away, waiting
from armcrawl.archive.writing import ArchiveTarget
from armcrawl.crawling.archive_worker import Archive
from armcrawl.crawling.children import DATABASE
from armcrawl.crawling.context import CrawlerPart, context_of
from armcrawl.errors import ArchiveError, ArchiveWaitsError, ArmcrawlError, ChecksBrokenError, DatabaseError
from armcrawl.items import Outcome, Reason
from armcrawl.processes.collecting import collect_seldom
from armcrawl.processes.worker import WorkerCrashError
from armcrawl.reporting import logs
from armcrawl.reporting.outcome import RunOutcome, broken, failed_by, judge, refused
from armcrawl.reporting.report import report_of, report_without_record
from armcrawl.stats import stat, under
from armcrawl.store.articles.removal_lists import catch_up
from armcrawl.store.articles.returning import unwiped_places, wipe_returned_in
from armcrawl.store.articles.versions import index_some
from armcrawl.store.base.database import PAUSE_SECONDS, open_database
from armcrawl.store.base.database_worker import DatabaseWorker
from armcrawl.store.base.enumerations import REFUSED
from armcrawl.store.base.lock import lock_site
from armcrawl.store.clusters.clustering import join_some
from armcrawl.store.ledger.ledger import check_origin, claim_origin, has_articles
from armcrawl.store.ledger.rechecking import Choice, recheck_chosen, recheck_pages
from armcrawl.store.queries.joined import projection_stats
from armcrawl.store.runs import publishing, run_record, verdicts

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy import Spider
    from scrapy.crawler import Crawler
    from sqlalchemy import Engine

    from armcrawl.archive.storage import Storage
    from armcrawl.checks import Breach
    from armcrawl.crawling.configuration import RunConfiguration
    from armcrawl.reporting.report import RunReport
    from armcrawl.sites import PageKey
    from armcrawl.store.articles.writing import Written
    from armcrawl.store.base.lock import Lock

logger = logging.getLogger(__name__)

# Who presses Ctrl-C does not wait longer for what the next run can do as well.
SECONDS_AFTER_SIGNAL = 1.0
# Often enough for somebody who waits, rarely enough for a log.
SECONDS_BETWEEN_LINES = 10.0
CAUGHT_UP = (
    "The list beside the archive has %s as taken down, and this database did not: they are taken down again, and "
    "`armcrawl removals replay --apply` wipes the rest."
)
NOT_ALL = "Not all that may be shown is shown yet: `armcrawl runs publish`, or the next run."


class RunExtension(CrawlerPart):
    """One run: opens the database, records the beginning and the end, and judges the outcome."""

    def __init__(self, crawler: Crawler) -> None:
        """Attach to a spider of ours; others run without a record."""
        context = context_of(crawler)
        if context is None:
            raise NotConfigured
        super().__init__(crawler)
        logs.hide_secrets()
        configuration = self.configuration = context.configuration
        self.budget = context.budget
        self.lock = lock_run(configuration, self.fail)
        try:
            self.run_id = begin(configuration)
        except ArmcrawlError:
            self.lock.release()
            raise
        self.database = DatabaseWorker(configuration.database, DATABASE)
        self.archive = archive_worker_of(configuration, self.run_id)
        self.has_claimed = False
        self.is_closing = False
        self.doubtful: list[PageKey] = []  # pages whose outcome proved to be the site's fault
        self.failure: RunOutcome | None = None
        self.breaches: list[Breach] = []  # what was seen in the middle of the run
        self.last_error: str | None = None
        self.without_article: str | None = None  # why a page shows none that a source has announced
        self.outcome: RunOutcome | None = None
        self.report: RunReport | None = None
        self.is_reported = True  # no report is missing
        self.expected: int | None = None  # pages that the run is to ask for, where that can be told
        crawler.signals.connect(self.engine_started, signal=signals.engine_started)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)

    @property
    def counts(self) -> dict[str, int]:
        """Pages of this run by outcome."""
        return under(self.crawler.stats.get_stats(), "pages")

    @property
    def exit_code(self) -> int:
        """What the command returns: the signal that ended it, else the outcome's, else 1.

        That one if a report is missing, or files of the archive could not be put where it lies.
        """
        if number := self.crawler.stats.get_value(stat("signal")):
            return 128 + int(number)
        is_waiting = bool(self.crawler.stats.get_value(stat("archive/waiting")))
        return (self.outcome.exit_code if self.outcome else 1) or int(is_waiting or not self.is_reported)

    def count(self, name: str, number: int = 1) -> None:
        """Count something that `armcrawl.stats` names."""
        if number:
            self.crawler.stats.inc_value(stat(name), number)

    def wrote(self, written: Written) -> None:
        """Count what a batch did."""
        for outcome, number in written.pages.items():
            self.count(f"pages/{outcome}", number)
        for name in ("new", "changed", "unchanged"):
            self.count(f"articles/{name}", getattr(written, name))
        self.count("articles/quarantined", written.pages[Outcome.QUARANTINED])
        self.count("articles/kept_apart", written.apart)
        if written.broken is not None and self.failure is None:
            self.failure = broken(written.broken)
        if written.breaches and not self.breaches:
            self.breaches = written.breaches
        if self.breaches and self.failure is None:
            self.failure = refused(self.breaches, self.run_id)

    def fail(self, sentence: str, error: str | None = None) -> None:
        """Give the run up, because of an error if there is one; the first reason counts.

        The thread of the lock calls this too, when another run has got it.
        """
        if self.failure is None:
            self.failure = failed_by(sentence, error)

    async def claim_origin(self) -> None:
        """Remember which server fills the database, as soon as it showed an article."""
        if self.has_claimed:
            return
        self.has_claimed = True
        await self.database.call(claim_origin, self.configuration.site.name, self.configuration.origin_name)

    async def _doubt_announced(self) -> None:
        """Fail a run whose announced pages show no article, if none ever did: the next run asks for them again.

        That the checks refused it says less.
        """
        site = self.configuration.site.name
        if self.without_article is None or (self.failure is not None and self.failure.name != REFUSED):
            return
        with suppress(DatabaseError, SQLAlchemyError):  # the end of the run tells of it
            if await self.database.call(has_articles, site):
                return
            number = await self.database.call(recheck_chosen, Choice(site))
            is_empty = self.without_article.startswith(Reason.EMPTY)
            doubt = "if scripts bring the text, no crawl can see it." if is_empty else "do its sections' addresses fit?"
            sentence = f"None of {number} pages of {site} shows an article ({self.without_article}): {doubt}"
            self.failure = failed_by(sentence, None)

    async def _judge(self, *, has_failed: bool) -> list[Breach]:
        """Check what the run read, and decide whether it may be shown; checks that break fail the run."""
        if self.failure is not None and self.failure.exit_code == ChecksBrokenError.exit_code:
            return []
        try:
            effort = verdicts.effort_of(self.budget.sent, self.counts)
            judge_run = partial(verdicts.judge_run, has_failed=has_failed)
            return await self.database.call(judge_run, self.run_id, self.breaches, effort)
        except (DatabaseError, SQLAlchemyError) as error:
            self.fail(f"{error} Nothing that this run stored is shown: the next run checks it.")
        except Exception as error:
            logger.debug("The checks broke", exc_info=True)
            self.failure = self.failure or broken(f"{type(error).__name__}: {error}")
        return []

    async def _publish(self) -> None:
        """Publish what may be shown, a piece at a time; the next run publishes the rest."""
        try:
            if broken := await self._carry_out():
                self.fail(publishing.broken_sentence(broken))
        except Exception as error:
            logger.debug("Publishing broke", exc_info=True)
            self.fail(f"{_said(error)} {NOT_ALL}")

    async def _carry_out(self) -> list[str]:
        """Carry out what is decided, as far as a signal leaves time; return which versions cannot be shown."""
        until, tell = time.monotonic() + SECONDS_AFTER_SIGNAL, _telling()
        total = (await self.database.call(publishing.backlog)).versions
        done = after = 0
        broken: list[str] = []
        while (step := await self.database.call(publishing.carry_out_piece, after)).versions:
            done, after = done + step.versions, step.after
            broken += step.broken
            tell(done, total)
            if self.is_interrupted and time.monotonic() > until:
                return broken
            await asyncio.sleep(PAUSE_SECONDS)
        while await self.database.call(index_some) or await self.database.call(join_some):
            if self.is_interrupted and time.monotonic() > until:
                return broken
            await asyncio.sleep(PAUSE_SECONDS)
        return broken

    @property
    def is_interrupted(self) -> bool:
        """Whether a signal has told the run to end, be it while it shows what it stored."""
        return self.crawler.stats.get_value(stat("signal")) is not None

    def engine_started(self) -> None:
        """Take all that was imported out of the garbage collector's sight.

        A full collection over it would hold up the crawl for 70 ms, now and again.
        """
        collect_seldom()

    async def spider_closed(self, spider: Spider, reason: str) -> None:
        """Judge the run and write its record."""
        del spider
        self.is_closing = True
        if self.archive is not None:
            try:
                await self.archive.close()
            except ArchiveWaitsError as error:
                logger.warning("%s", error)
            except ArchiveError as error:
                self.fail(str(error))
            self.count("archive/waiting", len(waiting(self.archive.target.storage)))
        await self._wipe_returned()
        await self._doubt_announced()
        breaches = await self._judge(has_failed=self._ending(reason).name in verdicts.FAILURES)
        if breaches and (self.failure is None or self.failure.name == REFUSED):
            self.failure = refused(breaches, self.run_id)
        await self._publish()
        outcome = self.outcome = self._ending(reason)
        try:
            self.report = await self._recorded(outcome)
        except (DatabaseError, SQLAlchemyError, WorkerCrashError) as error:
            self.fail(f"The end of the run could not be recorded: {error}")
            self.outcome = outcome = self.failure or outcome
            self.report = report_without_record(
                self.configuration.site.name,
                self.configuration.kind,
                self.exit_code,
                outcome.sentence,
                run_id=self.run_id,
                outcome=outcome.name,
                stats=self._stats(),
                requests=self.budget.sent,
            )
        finally:
            await self.database.close()
            self.lock.release()
        self.is_reported = await asyncio.to_thread(self.configuration.reports.tell, self.report)

    async def _wipe_returned(self) -> None:
        """Wipe what brought a page once more that was taken down; what cannot be waits for the next run."""
        if self.configuration.archive is None:
            return
        try:
            if not await self.database.call(unwiped_places):
                return
            # Files in S3 are copied whole: a process that is ended after a minute would do it in vain.
            wiped, problems = await asyncio.to_thread(
                wipe_returned_in, self.configuration.database, self.configuration.archive
            )
        except (DatabaseError, SQLAlchemyError, WorkerCrashError) as error:
            self.fail(f"What was taken down and came in again could not be wiped: {_said(error)}")
            return
        self.count("removals/wiped", wiped)
        self.count("removals/unwiped", len(problems))
        for problem in problems:
            logger.warning("What was taken down came in again. %s", problem)

    def _ending(self, reason: str) -> RunOutcome:
        """Return how the run ends, as far as is known by now; `reason` is Scrapy's."""
        return judge(
            failure=self.failure,
            reason=reason,
            counts=self.counts,
            spent=self.budget.spent,
            last_error=self.last_error,
            forbidden=self.crawler.stats.get_value("robotstxt/forbidden", 0),
        )

    async def _recorded(self, outcome: RunOutcome) -> RunReport:
        """Write how the run ended, and return its report; raises DatabaseError where the database does not take it."""
        if self.doubtful:
            await self.database.call(recheck_pages, self.doubtful)
        for name, value in (await self.database.call(projection_stats, self.run_id)).items():
            self.crawler.stats.set_value(name, value)
        end = (outcome.name, self.budget.sent, self.counts, self._stats(), self.exit_code, outcome.sentence)
        await self.database.call(run_record.end_run, self.run_id, *end)
        return await self.database.call(report_of, self.run_id, self.configuration.archive)

    def _stats(self) -> dict[str, Any]:
        """Return the statistics that JSON can hold, Scrapy's own as well."""
        stats = self.crawler.stats.get_stats()
        return {name: value for name, value in stats.items() if isinstance(value, (int, float, str))}


def lock_run(configuration: RunConfiguration, on_lost: Callable[[str], None]) -> Lock:
    """Take the lock of a run's site, and of the servers that it asks; raises LockedError."""
    servers = configuration.origin.servers
    return lock_site(configuration.database, configuration.site.name, configuration.kind, on_lost, servers)


def _telling() -> Callable[[int, int | None], None]:
    """Return what tells now and then how many articles are shown, and of how many."""
    last = time.monotonic()

    def tell(done: int, total: int | None) -> None:
        nonlocal last
        if time.monotonic() > last + SECONDS_BETWEEN_LINES:
            last = time.monotonic()
            logs.tell(f"{done:,} of {total or done:,} articles are shown and can be searched.")

    return tell


def archive_worker_of(configuration: RunConfiguration, run_id: int) -> Archive | None:
    """Return the archive of a run, if it has one."""
    if configuration.archive is None:
        return None
    told = {"run": run_id, "kind": configuration.kind, **configuration.arguments()}
    settings = tuple((name, str(value)) for name, value in told.items())
    return Archive(ArchiveTarget(configuration.archive, configuration.site.name, settings))


def begin(configuration: RunConfiguration) -> int:
    """Check the database, and record that a run begins, now that the site's lock is held; return its id."""
    check_run(configuration)
    if configuration.archive is not None:
        _adopt(configuration.archive)
    engine = open_database(configuration.database)
    try:
        if configuration.archive is not None and (lacking := catch_up(engine, configuration.archive)):
            logger.warning(CAUGHT_UP, ", ".join(str(one.key) for one in lacking))
        if run_record.mark_dead(engine, configuration.site.name):
            logger.warning("The last run died before its end; what it had stored is kept, and this one goes on.")
        run_id = run_record.begin_run(engine, configuration.site.name, configuration.kind, configuration.arguments())
        for other in verdicts.undecided(engine, configuration.site.name, run_id):
            _judge_dead_run(engine, other)
        if backlog := publishing.backlog(engine):
            logger.warning("%s: this is done first.", backlog)
            _carry_out_rest(engine)
        return run_id
    finally:
        engine.dispose()


def _adopt(storage: Storage) -> None:
    """Put what earlier runs could not; if that fails again, it must not keep a site from being read."""
    if not storage.local.is_dir():
        return
    found = adopt(storage, storage.local)
    for name in found.sent:
        logger.warning("%s, which an earlier run had left here, is in %s now.", name, storage)
    for problem in found.problems:
        logger.warning("%s", problem)


def _carry_out_rest(engine: Engine) -> None:
    """Carry out what earlier runs left over; if that breaks, it must not keep a site from being read."""
    try:
        publishing.carry_out(engine, _telling())
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001 - this run's end tries it again, and fails by it
        logger.warning("%s %s", _said(error), NOT_ALL)


def _said(error: Exception) -> str:
    """Return an error as a sentence, without SQL."""
    if isinstance(error, ArmcrawlError):
        return str(error)
    return f"{type(error).__name__}: {getattr(error, 'orig', error)}."


def _judge_dead_run(engine: Engine, run_id: int) -> None:
    try:
        breaches = verdicts.judge_run(engine, run_id)
    except (DatabaseError, SQLAlchemyError):
        raise
    except Exception as error:  # noqa: BLE001 - this run's own checks will tell; the other's pages stay withheld
        logger.warning("The checks of run %d, which died, broke: %s: %s.", run_id, type(error).__name__, error)
        return
    if breaches:
        logger.warning("Run %d, which died, is refused: %s.", run_id, breaches[0])


def check_run(configuration: RunConfiguration) -> None:
    """Find out before a run starts whether database and archive take it; raises ArmcrawlError."""
    if configuration.archive is not None and is_away(configuration.archive):
        configuration.archive.check()
    engine = open_database(configuration.database)
    try:
        check_origin(engine, configuration.site.name, configuration.origin_name, mixed=configuration.mixed_origin)
        clock.check_possible()
        if not configuration.trust_clock:
            run_record.check_clock(engine)
    finally:
        engine.dispose()


def run_of(crawler: Crawler) -> RunExtension:
    """Return the run that a crawler carries out."""
    run = crawler.get_extension(RunExtension)
    if run is None:
        raise RuntimeError("armcrawl.crawling.run_extension.RunExtension must stay among the EXTENSIONS")
    return run
