"""Whether a run may show what it stored: its checks, and what people decide of them.

What a run writes is withheld until its end. Its verdict decides, in one short transaction, and `publishing` carries
that out. A run that does not pass leaves the views as they were, until a person accepts or rejects it, or a mended
parser heals it.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update

from armcrawl.checks import (
    Accepted,
    Breach,
    Distribution,
    Effort,
    History,
    Seen,
    judge,
    judge_bounds,
    judge_effort,
    picture_of,
    seen_of,
)
from armcrawl.checks.judging import NO_PAGE, WINDOWS
from armcrawl.checks.observing import BESIDE
from armcrawl.errors import UsageError
from armcrawl.items import Outcome
from armcrawl.sites import known_sites
from armcrawl.sites.judged import REQUESTS
from armcrawl.store.base.database import reading, writing
from armcrawl.store.base.enumerations import ACCEPTED, GOOD, NOT_JUDGED, PASSED, REFUSED, REJECTED, RunEnd
from armcrawl.store.base.schema import article_versions as versions
from armcrawl.store.base.schema import articles, captures, is_withheld, pages, readings, runs
from armcrawl.store.runs.page_observations import observe

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Engine

# The picture of a run: more pages tell no more of a site, and this many are in memory at once.
MAX_OF_PICTURE = 500
# More than a year of nights: they are read at the end of each run, a picture of some kilobytes each.
MAX_EARLIER_RUNS = 400
# Two months of nights tell what a run takes.
MAX_EFFORTS = 60
# Outcomes of runs that did not do what they should: whatever their pages show, they passed nothing.
FAILURES = (RunEnd.FAILED, RunEnd.BLOCKED, RunEnd.UNCHECKED, RunEnd.DIED)
_IS_ACCEPTED = runs.c.verdict == ACCEPTED
IMPORTED = "what archives hold is shown as it is"
# A page that fails is asked for so often (armcrawl.settings.RETRY_TIMES, and once before).
TRIES = 3


def judge_run(
    engine: Engine,
    run_id: int,
    seen: Sequence[Breach] = (),
    effort: Effort | None = None,
    *,
    has_failed: bool = False,
) -> list[Breach]:
    """Check a run, and decide whether what it stored is shown; return what does not hold, the plainest first.

    What was seen in the middle of the run, it did not pass, whatever its last pages show. `effort` is what it took, and
    `has_failed` that it did not do what it should, if its record does not tell yet; what a run that died took is not
    known. If a check breaks, its error comes up, and nothing is written.
    """
    with reading(engine) as connection:
        columns = (runs.c.site, runs.c.kind, runs.c.requests, runs.c.counts, runs.c.outcome)
        run = connection.execute(select(*columns).where(runs.c.id == run_id)).one()
        if effort is None and run.counts is not None:
            effort = effort_of(run.requests, run.counts)
        own = observe(connection, run.site, MAX_OF_PICTURE, run_id, is_alone=True)
        pages = judged_pages(connection, run.site, run.kind, max(WINDOWS), len(own), run_id)
        history = history_of(connection, run.site, run_id)
        breaches, unjudged = judge(pages, len(own), history)
        declared = known_sites().get(run.site)
        if is_unlike(run.site):
            breaches, unjudged = [], "pages of many sites have nothing in common"
        promised: list[Breach] = []
        for field, least in declared.bounds.items() if declared is not None else ():
            promised += judge_bounds([page for page in own if history.holds(page.section, field)], {field: least})
        for one in (*seen, *promised):
            breaches += [] if any(found.tells_of(one) for found in breaches) else [one]
        if effort is not None and _judges(run.site, run.kind, REQUESTS):
            breach = judge_effort(effort, efforts(connection, run.site, run.kind, run_id))
            breaches += [] if breach is None else [breach]
        breaches.sort(key=lambda one: one.rank)
    if (has_failed or run.outcome in FAILURES) and unjudged is None:
        unjudged = "it did not come to its end"
    values = {
        "picture": picture_of(pages[len(pages) - len(own) :]).to_json(),
        "breaches": [asdict(breach) for breach in breaches],
        "verdict": REFUSED if breaches else NOT_JUDGED if unjudged else PASSED,
        "unjudged": None if breaches else unjudged,
    }
    with writing(engine) as connection:
        connection.execute(update(runs).where(runs.c.id == run_id).values(values))
    return breaches


def note_import(engine: Engine, run_id: int) -> None:
    """Record what an import read, as part of how the site looks: what archives hold is shown, whatever it is."""
    with reading(engine) as connection:
        run = connection.execute(select(runs.c.site, runs.c.kind).where(runs.c.id == run_id)).one()
        own = observe(connection, run.site, MAX_OF_PICTURE, run_id, is_alone=True)
        pages = judged_pages(connection, run.site, run.kind, 0, len(own), run_id)
    values = {"picture": picture_of(pages).to_json(), "verdict": NOT_JUDGED, "unjudged": IMPORTED}
    with writing(engine) as connection:
        connection.execute(update(runs).where(runs.c.id == run_id).values(values))


def judged_pages(connection: Connection, site: str, kind: str, window: int, new: int, run_id: int) -> list[Seen]:
    """Return what the last pages of a site show, `window` and `new` of them, by what runs of a kind are judged by.

    Later runs than this one do not count.
    """
    observed = observe(connection, site, BESIDE + window + new, run_id)
    pages = seen_of(observed, beside=max(0, len(observed) - window - new))
    judges = {measure: _judges(site, kind, measure) for measure in {name for page in pages for name in page.values}}
    for page in pages:
        for measure in [measure for measure in page.values if not judges[measure]]:
            del page.values[measure]
    return pages


def history_of(connection: Connection, site: str, before: int) -> History:
    """Return what earlier good runs of a site saw, whatever their kind, and what people accepted."""
    is_good = (runs.c.site == site) & (runs.c.id < before) & runs.c.verdict.in_(GOOD) & runs.c.picture.is_not(None)
    newest = select(runs.c.id).where(is_good).order_by(runs.c.id.desc()).limit(MAX_EARLIER_RUNS)
    query = select(runs.c.id, runs.c.verdict, runs.c.breaches)
    history, found = History(), connection.execute(newest).scalars().all()
    oldest = min(found, default=before)
    pictures = dict(connection.execute(select(runs.c.id, runs.c.picture).where(is_good, runs.c.id >= oldest)).all())
    for row in connection.execute(query.where(is_good, (runs.c.id >= oldest) | _IS_ACCEPTED).order_by(runs.c.id)):
        accepted = accepted_of(row.breaches or ()) if row.verdict == ACCEPTED else ()
        picture = Distribution.from_json(pictures[row.id]) if row.id in pictures else Distribution()
        history.add(picture, accepted)
    return history


def accepted_of(breaches: Sequence[Mapping[str, Any]]) -> list[Accepted]:
    """Return what a person accepts who accepts a run with these breaches: their measures, and nothing else."""
    return [Accepted(stored["section"], stored["measure"]) for stored in breaches]


def efforts(connection: Connection, site: str, kind: str, before: int) -> list[Effort]:
    """Return what earlier good runs of a kind took, back to the last one of which a person accepted that."""
    is_good = (runs.c.site == site) & (runs.c.kind == kind) & (runs.c.id < before) & runs.c.verdict.in_(GOOD)
    query = select(runs.c.verdict, runs.c.breaches, runs.c.requests, runs.c.counts)
    newest = query.where(is_good, runs.c.counts.is_not(None)).order_by(runs.c.id.desc()).limit(MAX_EFFORTS)
    found = []
    for row in connection.execute(newest):
        found.append(effort_of(row.requests, row.counts))
        if row.verdict == ACCEPTED and any(one.measure == REQUESTS for one in accepted_of(row.breaches or ())):
            break
    return found


def is_unlike(site: str) -> bool:
    """Tell whether the pages of a site are those of many, which have nothing in common."""
    declared = known_sites().get(site)
    return declared is not None and declared.is_any


def _judges(site: str, kind: str, measure: str) -> bool:
    """Tell whether a site's runs are judged by a measure; those of a site that is not declared here are by all."""
    declared = known_sites().get(site)
    return declared is None or declared.judges(kind, measure)


def effort_of(requests: int, counts: Mapping[str, int]) -> Effort:
    """Return what a run took, from its requests and its pages by outcome."""
    once = sum(counts.get(outcome, 0) for outcome in (Outcome.MISSING, Outcome.GONE, Outcome.NOT_ARTICLE))
    without = once + TRIES * counts.get(Outcome.FAILED, 0)
    return Effort(requests, min(without, requests), counts.get(Outcome.STORED, 0))


def undecided(engine: Engine, site: str, but_for: int) -> list[int]:
    """Return the runs of a site, but for this one, whose versions are withheld and were not checked."""
    query = (
        select(versions.c.run_id)
        .join(runs, runs.c.id == versions.c.run_id)
        .where(is_withheld, runs.c.site == site, runs.c.verdict.is_(None), runs.c.id != but_for)
        .distinct()
    )
    with reading(engine) as connection:
        return sorted(connection.execute(query).scalars())


def shares_withheld(engine: Engine) -> dict[str, tuple[int, float]]:
    """Return for each site with articles that have a version which may not be shown their number, and their share."""
    is_undecided = runs.c.verdict.is_(None) | (runs.c.verdict == REFUSED)
    kept = (
        select(pages.c.site, func.count(func.distinct(articles.c.id)))
        .select_from(versions)
        .outerjoin(runs, runs.c.id == versions.c.run_id)
        .join(articles, articles.c.id == versions.c.article_id)
        .join(pages, pages.c.id == articles.c.page_id)
        .where(is_withheld, is_undecided)
        .group_by(pages.c.site)
    )
    of_site = select(func.count()).select_from(articles.join(pages, pages.c.id == articles.c.page_id))
    with reading(engine) as connection:
        # Nearly always there is none, and nothing else is counted.
        numbers = [(site, number) for site, number in connection.execute(kept)]
        return {
            site: (number, number / connection.execute(of_site.where(pages.c.site == site)).scalar_one())
            for site, number in numbers
        }


def runs_withheld(engine: Engine) -> list[tuple[int, str | None, int]]:
    """Return the runs whose versions may not be shown: refused ones, and those that nobody checked; with how many."""
    query = (
        select(runs.c.id, runs.c.verdict, func.count())
        .join(versions, versions.c.run_id == runs.c.id)
        .where(is_withheld, runs.c.verdict.is_(None) | (runs.c.verdict == REFUSED))
        .group_by(runs.c.id, runs.c.verdict)
        .order_by(runs.c.id)
    )
    with reading(engine) as connection:
        return [(row[0], row[1], row[2]) for row in connection.execute(query)]


def sites_unjudged(engine: Engine) -> dict[str, tuple[int, str]]:
    """Return the sites whose last run that read pages was not judged, with that run and the reason."""
    newest = (
        select(func.max(runs.c.id))
        .where(runs.c.verdict.is_not(None), func.coalesce(runs.c.unjudged, "").not_in((NO_PAGE, IMPORTED)))
        .group_by(runs.c.site)
    )
    query = select(runs.c.site, runs.c.id, runs.c.unjudged).where(runs.c.id.in_(newest), runs.c.verdict == NOT_JUDGED)
    with reading(engine) as connection:
        return {site: (run_id, why) for site, run_id, why in connection.execute(query.order_by(runs.c.site))}


def unjudged_since(engine: Engine) -> dict[str, datetime]:
    """Return for each site when the first run began that was not judged, of those after the last that was."""
    judged = (
        select(runs.c.site, func.max(runs.c.id).label("last"))
        .where(runs.c.verdict.is_not(None), runs.c.verdict != NOT_JUDGED)
        .group_by(runs.c.site)
        .subquery()
    )
    query = (
        select(runs.c.site, func.min(runs.c.started_at).label("began"))
        .outerjoin(judged, judged.c.site == runs.c.site)
        .where(runs.c.verdict == NOT_JUDGED, func.coalesce(runs.c.unjudged, "").not_in((NO_PAGE, IMPORTED)))
        .where(runs.c.id > func.coalesce(judged.c.last, 0))
        .group_by(runs.c.site)
    )
    with reading(engine) as connection:
        return {row.site: row.began for row in connection.execute(query)}


def accept(engine: Engine, run_id: int) -> int:
    """Take what a refused run saw for the site's new looks; return how many versions are to be shown."""
    return _decide(engine, run_id, ACCEPTED)


def reject(engine: Engine, run_id: int) -> int:
    """Decide that what a refused run stored is to be forgotten, and its pages asked for again; return the versions."""
    return _decide(engine, run_id, REJECTED)


def _decide(engine: Engine, run_id: int, verdict: str) -> int:
    stored = select(func.count()).select_from(versions).where(is_withheld, versions.c.run_id == run_id)
    with writing(engine) as connection:
        run = connection.execute(select(runs.c.verdict).where(runs.c.id == run_id)).one_or_none()
        if run is None:
            raise UsageError(f"There is no run {run_id}: `armcrawl runs` lists them.")
        if run.verdict in (ACCEPTED, REJECTED):
            raise UsageError(
                f"Run {run_id} is {run.verdict} already: `armcrawl runs publish` goes on with what that decided."
            )
        if run.verdict != REFUSED:
            raise UsageError(f"Run {run_id} was not refused: `armcrawl runs` lists them with their verdicts.")
        connection.execute(update(runs).where(runs.c.id == run_id).values(verdict=verdict))
        return connection.execute(stored).scalar_one()


def heal(engine: Engine, site: str | None = None) -> dict[int, str | None]:
    """Check refused runs again, now that pages were read anew; return those that may be shown.

    Of those that cannot be judged now it tells why, of those that pass None. A rejection mends nothing: it takes away
    pages beside which a later run was judged. If that shows the same, it waits for a person, unless its own pages were
    read otherwise since.
    """
    query = select(runs.c.id, runs.c.site, runs.c.breaches).where(runs.c.verdict == REFUSED).order_by(runs.c.id)
    if site is not None:
        query = query.where(runs.c.site == site)
    with reading(engine) as connection:
        refused = connection.execute(query).all()
        mended = [run_id for run_id, on, breaches in refused if not _waits(connection, run_id, on, breaches or ())]
    healed = [run_id for run_id in mended if not judge_run(engine, run_id)]
    unjudged = select(runs.c.id, runs.c.unjudged).where(runs.c.id.in_(healed)).order_by(runs.c.id)
    with reading(engine) as connection:
        return dict(connection.execute(unjudged).all())


def _waits(connection: Connection, run_id: int, site: str, refused_for: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether an earlier run was rejected for what a run was refused for, and no page of it read otherwise."""
    is_rejected = (runs.c.site == site) & (runs.c.id < run_id) & (runs.c.verdict == REJECTED)
    rejected = connection.execute(select(runs.c.breaches).where(is_rejected)).scalars()
    same = {_sign(stored) for breaches in rejected for stored in breaches or ()}
    if not any(_sign(stored) in same for stored in refused_for):
        return False
    again = select(readings.c.id).join(captures, captures.c.id == readings.c.capture_id)
    return connection.execute(again.where(captures.c.run_id == run_id).limit(1)).first() is None


def _sign(stored: Mapping[str, Any]) -> tuple[str, str]:
    return stored["measure"], stored["value"]
