"""`armcrawl status`: what the database knows of the site."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from armcrawl.cli.engine import with_engine
from armcrawl.cli.maintain.seen import Seen, shown_of
from armcrawl.cli.options import json_option
from armcrawl.cli.output import MAX_RANGES, Table, counted, emit, in_words, ranges_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from armcrawl.store.queries.id_ranges import Ranges
    from armcrawl.store.queries.status import Failing, SectionStatus

# A site that fails in more ways than these has one trouble, and the list of them would hide it.
MAX_REASONS = 20


@click.command()
@with_engine(reads=True)
@json_option
def status(engine: Engine, as_json: bool) -> None:
    """Show what is stored, missing, failing or withheld.

    For each section what is stored, what is missing, what was never asked for, and what fails and why. Then what is
    stored and not shown: because a run was refused, was not checked, or is being shown right now. And how old the
    oldest look at an article is, and how many nights an audit of all takes.

    Where pages are not counted: what listings, feeds and sitemaps have shown, how they were last walked through, and
    where there is a gap.
    """
    from armcrawl import clock, config
    from armcrawl.discovery.kinds import completeness
    from armcrawl.store.ledger.audit import audit_of
    from armcrawl.store.ledger.ledger import sites_with_pages
    from armcrawl.store.queries.id_ranges import id_ranges
    from armcrawl.store.queries.status import failing
    from armcrawl.store.runs.publishing import backlog
    from armcrawl.store.runs.verdicts import runs_withheld, shares_withheld, sites_unjudged

    sections, failures, withheld = completeness(engine), failing(engine), shares_withheld(engine)
    unjudged = sites_unjudged(engine)
    behind, kept, seen = backlog(engine), runs_withheld(engine), Seen.of(engine)
    audits = {
        site: audit
        for site in sorted(sites_with_pages(engine))
        if (audit := audit_of(engine, site, config.value("max_requests", site)))
    }
    ranges = [id_ranges(engine, section, None if as_json else MAX_RANGES) for section in sections]
    told = {
        "sections": [{**asdict(one), "ranges": found} for one, found in zip(sections, ranges, strict=True)],
        "failing": failures,
        "withheld": withheld,
        "unjudged": unjudged,
        "behind": behind,
        "audits": {site: {**asdict(audit), "nights": audit.nights} for site, audit in audits.items()},
        **seen.to_json(),
    }

    def shown() -> Iterator[Table | str]:
        if not sections:
            yield "The database holds no page yet: fill it with `armcrawl crawl`."
            return
        yield from _sections(sections, ranges)
        yield from shown_of(seen)
        yield from _failing(failures)
        for site, (number, share) in withheld.items():
            versions = f"{counted(number, 'article has', 'articles have')} a version that is withheld"
            yield f"{site}: {versions} ({share:.1%}): see `armcrawl runs`."
        for run, verdict, number in kept:
            yield f"Run {run} {_why_withheld(run, verdict)} ({counted(number, 'version')})."
        for site, (run, why) in unjudged.items():
            yield f"{site}: run {run} was not judged ({why}); what it stored is shown."
        for site, audit in audits.items():
            days = counted(max(0, (clock.now() - audit.oldest_look).days), "day")
            yield (
                f"{site}: the oldest look at an article is {days} old ({audit.oldest_look:%Y-%m-%d}); to look at all "
                f"{audit.articles} again takes {counted(audit.nights, 'night')}, {audit.per_night} a night."
            )
        if behind:
            yield f"Not up to date: {behind}. The next run goes on with it, or `armcrawl runs publish`."

    emit(told, shown(), as_json=as_json)


def _why_withheld(run: int, verdict: str | None) -> str:
    if verdict is None:
        return "has not been checked: that is done at its end, or, if it died, when the next run begins"
    return f"was refused: `armcrawl runs {run}` tells why, `runs accept {run}` or `runs reject {run}` decides"


def _sections(sections: list[SectionStatus], ranges: list[dict[str, Ranges]]) -> Iterator[Table]:
    outcomes = sorted({outcome for section in sections for outcome in section.outcomes})
    pages = [
        (
            f"{section.site}/{section.section}",
            section.head or None,
            section.known,
            *(section.outcomes.get(outcome, 0) for outcome in outcomes),
            section.never_asked,
            section.first_day,
            section.last_day,
            f"{section.complete:.2%}",
        )
        for section in sections
    ]
    names = [in_words(outcome).replace("_", " ") for outcome in outcomes]
    yield Table("Pages", ("section", "head", "known", *names, "never asked", "from", "to", "complete"), pages)
    ids = [
        (f"{section.site}/{section.section}", outcome.replace("_", " "), ranges_in_words(found))
        for section, of_section in zip(sections, ranges, strict=True)
        for outcome, found in sorted(of_section.items())
    ]
    if ids:
        yield Table("Ids by outcome", ("section", "outcome", "ids"), ids)


def _failing(failures: list[Failing]) -> Iterator[Table | str]:
    rows = [
        (
            failure.reason,
            failure.pages,
            failure.attempts,
            failure.last_try_at,
            "; ".join(f"{section} {ranges_in_words(ranges)}" for section, ranges in failure.ranges.items()),
        )
        for failure in failures[:MAX_REASONS]
    ]
    if rows:
        yield Table("Failing", ("why", "pages", "runs", "last try (UTC)", "ids"), rows)
    if len(failures) > MAX_REASONS:
        yield f"{counted(len(failures) - MAX_REASONS, 'more reason is', 'more reasons are')} in --json."
