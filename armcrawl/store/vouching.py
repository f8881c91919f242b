"""Whether a run may show what it stored: its checks, and what people decide of them.

What a run writes is withheld until its end. A run that passes publishes its versions in one transaction; one that
does not leaves the views as they were, until a person accepts or rejects it, or a mended parser heals it.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select, update

from armcrawl import clock
from armcrawl.addresses import SITES, PageKey
from armcrawl.checks import Breach, Effort, Picture, judge_effort, judge_new, picture_of
from armcrawl.checks.effort import REQUESTS
from armcrawl.checks.judging import MOST_EARLIER_RUNS, WINDOW
from armcrawl.errors import UsageError
from armcrawl.items import Outcome
from armcrawl.store import schema
from armcrawl.store.database import reading, writing
from armcrawl.store.observing import observe
from armcrawl.store.versions import Version, publish
from armcrawl.store.withholding import article_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Engine

PASSED, REFUSED, ACCEPTED, REJECTED = "passed", "refused", "accepted", "rejected"
GOOD = (PASSED, ACCEPTED)
# The picture of a run: more pages tell no more of a site, and this many are in memory at once.
MOST_OF_PICTURE = 500
# A page that fails is asked for so often (armcrawl.settings.RETRY_TIMES, and once before).
TRIES = 3
# Versions are published in pieces that memory holds easily, all in one transaction.
CHUNK = 200

runs, withheld, versions, articles, pages = (
    schema.runs,
    schema.withheld,
    schema.article_versions,
    schema.articles,
    schema.pages,
)


def vouch(engine: Engine, run_id: int, seen: Sequence[Breach] = (), effort: Effort | None = None) -> list[Breach]:
    """Check a run, and publish what it stored if its checks hold; return what does not.

    What was seen in the middle of the run, it did not pass, whatever its last pages show. `effort` is what it took,
    if its record does not tell yet; what a run that died took is not known. If a check breaks, its error comes up,
    and nothing is written or published.
    """
    with writing(engine) as connection:
        columns = (runs.c.site, runs.c.kind, runs.c.started_at, runs.c.requests, runs.c.counts)
        run = connection.execute(select(*columns).where(runs.c.id == run_id)).one()
        if effort is None and run.counts is not None:
            effort = effort_of(run.requests, run.counts)
        later = (runs.c.site == run.site) & (runs.c.id > run_id)
        until = connection.execute(select(func.min(runs.c.started_at)).where(later)).scalar()
        own = observe(connection, run.site, MOST_OF_PICTURE, since=run.started_at, until=until)
        last = observe(connection, run.site, WINDOW + len(own), until=until)
        breaches = list(seen) or judge_new(last, len(own), pictures(connection, run.site, run.kind, run_id))
        if effort is not None and SITES[run.site].judges(run.kind, REQUESTS):
            breach = judge_effort(effort, efforts(connection, run.site, run.kind, run_id))
            breaches += [] if breach is None else [breach]
        picture = picture_of(own)
        values = {
            "picture": picture.to_json(),
            "breaches": [asdict(breach) for breach in breaches],
            "verdict": REFUSED if breaches else PASSED,
        }
        connection.execute(update(runs).where(runs.c.id == run_id).values(values))
        if not breaches:
            publish_run(connection, run_id)
    return breaches


def pictures(connection: Connection, site: str, kind: str, before: int) -> list[Picture]:
    """Return what earlier good runs of a kind saw of what the site's runs of that kind are judged by, the oldest first.

    What a person accepted is how the site looks now: what was before it counts no more.
    """
    query = select(runs.c.picture).where(_is_good(site, kind, before), runs.c.picture.is_not(None))
    found = [Picture.from_json(stored) for stored in connection.execute(query.order_by(runs.c.id)).scalars()]
    # A measure of which nothing earlier is known is not judged.
    for picture in found:
        for measure in picture.measures:
            if not SITES[site].judges(kind, measure):
                picture.drop(measure)
    return found


def efforts(connection: Connection, site: str, kind: str, before: int) -> list[Effort]:
    """Return what earlier good runs of a kind took, back to the last one that a person accepted."""
    query = select(runs.c.requests, runs.c.counts).where(_is_good(site, kind, before), runs.c.counts.is_not(None))
    newest = query.order_by(runs.c.id.desc()).limit(MOST_EARLIER_RUNS)
    return [effort_of(row.requests, row.counts) for row in connection.execute(newest)]


def _is_good(site: str, kind: str, before: int) -> ColumnElement[bool]:
    """Return the condition for earlier good runs of a kind; what was before an accepted one counts no more."""
    is_kind = (runs.c.site == site) & (runs.c.kind == kind) & (runs.c.id < before)
    accepted = select(func.max(runs.c.id)).where(is_kind, runs.c.verdict == ACCEPTED).scalar_subquery()
    return is_kind & runs.c.verdict.in_(GOOD) & (runs.c.id >= func.coalesce(accepted, 0))


def effort_of(requests: int, counts: Mapping[str, int]) -> Effort:
    """Return what a run took, from its requests and its pages by outcome."""
    once = sum(counts.get(outcome, 0) for outcome in (Outcome.MISSING, Outcome.GONE, Outcome.NOT_ARTICLE))
    without = once + TRIES * counts.get(Outcome.FAILED, 0)
    return Effort(requests, min(without, requests), counts.get(Outcome.STORED, 0))


def undecided(engine: Engine, site: str, now: int) -> list[int]:
    """Return the runs of a site, but for this one, whose versions are withheld and were not checked."""
    query = (
        select(versions.c.run_id)
        .join(withheld, withheld.c.version_id == versions.c.id)
        .join(runs, runs.c.id == versions.c.run_id)
        .where(runs.c.site == site, runs.c.verdict.is_(None), runs.c.id != now)
        .distinct()
    )
    with reading(engine) as connection:
        return sorted(connection.execute(query).scalars())


def number_withheld(engine: Engine) -> int:
    """Return how many articles have a version that is not shown."""
    with reading(engine) as connection:
        return int(connection.execute(select(func.count(func.distinct(withheld.c.article_id)))).scalar_one())


def shares_withheld(engine: Engine) -> dict[str, tuple[int, float]]:
    """Return for each site with articles that have a version which is not shown their number, and their share."""
    aside = func.count(func.distinct(withheld.c.article_id))
    query = (
        select(pages.c.site, aside, func.count(func.distinct(articles.c.id)))
        .join(articles, articles.c.page_id == pages.c.id)
        .outerjoin(withheld, withheld.c.article_id == articles.c.id)
        .group_by(pages.c.site)
        .having(aside > 0)
    )
    with reading(engine) as connection:
        return {site: (number, number / of) for site, number, of in connection.execute(query)}


def accept(engine: Engine, run_id: int) -> int:
    """Publish what a refused run stored, and take what it saw for the site's new looks; return the versions."""
    with writing(engine) as connection:
        _check_refused(connection, run_id)
        connection.execute(update(runs).where(runs.c.id == run_id).values(verdict=ACCEPTED))
        return publish_run(connection, run_id)


def reject(engine: Engine, run_id: int) -> int:
    """Forget what a refused run stored, and have its pages asked for again; return the versions."""
    with writing(engine) as connection:
        _check_refused(connection, run_id)
        connection.execute(update(runs).where(runs.c.id == run_id).values(verdict=REJECTED))
        query = select(versions.c.id, versions.c.article_id).join(withheld, withheld.c.version_id == versions.c.id)
        found = connection.execute(query.where(versions.c.run_id == run_id)).all()
        for start in range(0, len(found), CHUNK):
            _forget(connection, [tuple(row) for row in found[start : start + CHUNK]])
        return len(found)


def heal(engine: Engine, site: str | None = None) -> list[int]:
    """Check refused runs again, now that pages were read anew; return those that pass."""
    query = select(runs.c.id).where(runs.c.verdict == REFUSED).order_by(runs.c.id)
    if site is not None:
        query = query.where(runs.c.site == site)
    with reading(engine) as connection:
        refused = list(connection.execute(query).scalars())
    return [run_id for run_id in refused if not vouch(engine, run_id)]


def publish_run(connection: Connection, run_id: int) -> int:
    """Show what a run stored and nothing shows yet; return the number of versions."""
    names = ("id", "article_id", "number", "cause", "capture_id", "created_at", "title", "body", "lead", "author")
    dated = ("published_on", "date_precision", "published_at", "date_text", "attribution", "content_hash", "text_hash")
    query = (
        select(
            withheld.c.content,
            *(versions.c[name] for name in (*names, *dated)),
            *(pages.c.site, pages.c.section, pages.c.external_id),
        )
        .join(versions, versions.c.id == withheld.c.version_id)
        .join(articles, articles.c.id == versions.c.article_id)
        .join(pages, pages.c.id == articles.c.page_id)
        .where(versions.c.run_id == run_id)
        .order_by(versions.c.article_id, versions.c.number)
        .limit(CHUNK)
    )
    published = 0
    while rows := connection.execute(query).all():
        latest = {row.article_id: row for row in rows}
        publish(connection, [_version(row) for row in latest.values()])
        published += len(rows)
    return published


def _version(row: Any) -> Version:
    key = PageKey(row.site, row.section, row.external_id)
    return Version(row.article_id, row.number, key, article_of(row), row.cause, row.capture_id, row.created_at)


def _check_refused(connection: Connection, run_id: int) -> None:
    verdict = connection.execute(select(runs.c.verdict).where(runs.c.id == run_id)).scalar()
    if connection.execute(select(runs.c.id).where(runs.c.id == run_id)).one_or_none() is None:
        raise UsageError(f"There is no run {run_id}: `armcrawl runs` lists them.")
    if verdict != REFUSED:
        raise UsageError(f"Run {run_id} was not refused: `armcrawl runs` lists them with their verdicts.")


def _forget(connection: Connection, rejected: Sequence[tuple[int, int]]) -> None:
    """Delete versions, by their row and article; articles that are left without any go too."""
    article_ids = sorted({article_id for _, article_id in rejected})
    of_pages = select(articles.c.page_id).where(articles.c.id.in_(article_ids))
    again = {"checks": 0, "etag": None, "last_modified": None, "next_check_at": clock.now(), "digest": None}
    connection.execute(update(pages).where(pages.c.id.in_(of_pages)).values(again))
    connection.execute(delete(versions).where(versions.c.id.in_([version_id for version_id, _ in rejected])))
    left = select(func.max(versions.c.number)).where(versions.c.article_id == articles.c.id).scalar_subquery()
    is_empty = articles.c.id.in_(article_ids) & left.is_(None)
    lost = select(articles.c.page_id).where(is_empty)
    failed = {"outcome": Outcome.FAILED.value, "attempts": 1, "last_error": "what was read was rejected"}
    connection.execute(update(pages).where(pages.c.id.in_(lost)).values(failed))
    connection.execute(delete(articles).where(is_empty))
    connection.execute(update(articles).where(articles.c.id.in_(article_ids)).values(current_version=left))
