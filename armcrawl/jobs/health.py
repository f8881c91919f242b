"""Whether a machine is ready for a night: each check is a finding, with what to do where it fails."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from armcrawl import clock, config
from armcrawl.archive.folder import existing_part
from armcrawl.archive.reading import read_at
from armcrawl.archive.sending import told, waiting
from armcrawl.crawling.configuration import archive_of
from armcrawl.errors import ArmcrawlError, DatabaseError
from armcrawl.jobs.removing import check_done
from armcrawl.sites import known_sites
from armcrawl.store.articles.captures import archive_files, newest_capture
from armcrawl.store.articles.removal_lists import beside
from armcrawl.store.articles.removals import listed
from armcrawl.store.base.database import connect, parse_url, shown
from armcrawl.store.base.heads import far_above
from armcrawl.store.base.integrity import check_whole, check_writable
from armcrawl.store.base.shape import check_complete
from armcrawl.store.ledger.ledger import newest_seen
from armcrawl.store.queries.seen import sections_shown, source_status
from armcrawl.store.runs.run_record import check_clock
from armcrawl.store.runs.verdicts import runs_withheld, sites_unjudged, unjudged_since

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from sqlalchemy import Engine

    from armcrawl.archive.storage import Storage
    from armcrawl.store.queries.seen import SourceStatus

# The documentation's own examples reach nobody.
PLACEHOLDERS = ("@example.org", "@example.com", "//example.org", "//example.com", "@your-domain")
GIGABYTE = 10**9
# A site of some articles a day has enough to compare with by then; one that has not is checked by a person.
MAX_UNJUDGED = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: how it is, or what to do."""

    check: str
    ok: bool
    said: str

    def __post_init__(self) -> None:
        if not self.said.endswith((".", "!", "?")):
            object.__setattr__(self, "said", f"{self.said}.")


def finding(check: str, look: Callable[[], str]) -> Finding:
    """Carry a check out: what it returns is how it is, what it raises is what to do."""
    try:
        return Finding(check, ok=True, said=look())
    except ArmcrawlError as error:
        return Finding(check, ok=False, said=str(error))


def check_machine(database: str, archive: str | None, min_free: float) -> list[Finding]:
    """Check everything but the site; `min_free` is in GB. What rests on a check that failed is left out."""
    findings = [finding("contact", _contact)]
    findings.append(finding("database", lambda: _database(database)))
    if findings[-1].ok:
        engine = connect(database, create=False)
        try:
            findings += _in_database(engine, database, archive)
        finally:
            engine.dispose()
    storage = archive_of(database, archive)
    findings.append(finding("disk", lambda: _disk(_folders(database, storage.local), min_free)))
    return findings


def _in_database(engine: Engine, database: str, archive: str | None) -> list[Finding]:
    findings = [finding("tables", lambda: _tables(engine))]
    if findings[-1].ok:
        findings.append(finding("clock", lambda: _clock(engine)))
        findings.append(finding("heads", lambda: _heads(engine)))
        if sources := source_status(engine):
            findings.append(finding("sources", lambda: _sources(sources, sections_shown(engine))))
        findings.append(finding("checks", lambda: _checks(engine)))
        storage = archive_of(database, archive)
        findings.append(finding("archive", lambda: _archive(engine, storage)))
        if findings[-1].ok and (listed(engine) or beside(storage)):
            findings.append(finding("takedowns", lambda: check_done(engine, storage)))
    return findings


def _contact() -> str:
    said = config.said("contact")
    if said is None:
        raise ArmcrawlError(
            "Set ARMCRAWL_CONTACT, or contact in armcrawl.toml, to your e-mail address or web page: the site must be "
            "able to reach you."
        )
    contact = str(said.value)
    if any(part in contact for part in PLACEHOLDERS) or not ("@" in contact or contact.startswith("http")):
        raise ArmcrawlError(f"{said.where} names {contact!r}: set it to your own e-mail address or web page.")
    return f"The site can reach {contact}."


def _database(url: str) -> str:
    engine = connect(url, create=False)
    try:
        check_whole(engine)
        check_writable(engine)
        return f"{shown(engine.url)} is whole, and can be written."
    finally:
        engine.dispose()


def _tables(engine: Engine) -> str:
    check_complete(engine)
    return "Tables, indexes and views are this armcrawl's, complete."


def _clock(engine: Engine) -> str:
    clock.check_possible()
    check_clock(engine)
    return f"It is {clock.now():%Y-%m-%d %H:%M} UTC, and no run began after that."


def _heads(engine: Engine) -> str:
    """Check that each section's newest articles are close to the others: what is far above may be a slip."""
    for site in known_sites().values():
        for section in sorted(site.counted_sections):
            end, above = far_above(newest_seen(engine, site.name, section)[0])
            if above:
                raise ArmcrawlError(
                    f"{site.name}/{section}/{above[-1]} stands alone, far above {end}, where the others end: "
                    f"if it is a slip, mend it with `armcrawl sites head {site.name} {section} {end} --apply`."
                )
    return "The newest articles of each section are close together."


def _sources(sources: Sequence[SourceStatus], shown: Collection[tuple[str, str]]) -> str:
    """Check that listings, feeds and sitemaps have no gap, no listing has one page, and all sections were shown."""
    for one in sources:
        if one.gaps:
            gap = one.gaps[-1]
            between = f"between {gap.since} and {gap.until}" if gap.until else f"after {gap.since}"
            raise ArmcrawlError(
                f"{one.site}, {one.source}: what came {between} was not seen there: `armcrawl backfill {one.site} "
                f"--since {gap.since}` looks for it elsewhere, and a crawl more often leaves no gap."
            )
        if one.state == "one page":
            raise ArmcrawlError(
                f"{one.site}, {one.source} shows {one.seen} articles on one page: if the site has more, say with "
                "`pages` under [[discovery]] what its further pages are called."
            )
    sites = known_sites()
    for name in sorted({one.site for one in sources} & sites.keys()):
        counted = sites[name].counted_sections
        for section in sites[name].sections:
            if section.name not in counted and (name, section.name) not in shown:
                raise ArmcrawlError(
                    f"{name}/{section.name}: no listing, feed or sitemap has shown a page of it: does "
                    f"{section.addresses[0]} fit the site's addresses?"
                )
    return "All listings, feeds and sitemaps were read without a gap."


def _checks(engine: Engine) -> str:
    """Check that no articles are withheld, and none were shown unjudged for long; a new site's are at first."""
    withheld = [f"run {run} (versions: {number})" for run, _, number in runs_withheld(engine)]
    if withheld:
        raise ArmcrawlError(
            f"What {', '.join(withheld)} stored is withheld: `armcrawl runs ID` shows why, and "
            "`armcrawl runs accept` or `armcrawl runs reject` decides."
        )
    unjudged = sites_unjudged(engine)
    told = "; ".join(f"run {run} of {site} was not judged ({why})" for site, (run, why) in unjudged.items())
    since = unjudged_since(engine)
    old = [site for site in unjudged if site in since and clock.now() - since[site] > MAX_UNJUDGED]
    if old:
        raise ArmcrawlError(
            f"No run of {', '.join(old)} was judged for more than a week: {told}. Look at some articles yourself, "
            "and see `armcrawl runs`."
        )
    return f"{told[0].upper()}{told[1:]}: look at some articles yourself." if told else "The last runs were judged."


def _archive(engine: Engine, storage: Storage) -> str:
    """Check that the archive can be written, and holds each file that the database names, the newest page in it."""
    storage.check()
    files = archive_files(engine)
    if left := waiting(storage):
        raise ArmcrawlError(told(len(left), storage))
    held = {one.closed_name for one in storage.files()} if files else set()
    for name in files:
        if name not in held:
            raise ArmcrawlError(
                f"{storage}/{name} is missing, and the database names it: name the right archive with --archive or "
                "ARMCRAWL_ARCHIVE, or bring it back from a backup."
            )
    newest = newest_capture(engine)
    if newest is not None:
        try:
            read_at(storage, newest.file, newest.offset)
        except ArmcrawlError as error:
            raise ArmcrawlError(
                f"{error} Run `armcrawl archive verify`, and bring back from a backup what it names."
            ) from error
    return f"{storage} can be written, and holds the {len(files)} files that the database names."


def _disk(folders: set[Path], min_free: float) -> str:
    free = {folder: shutil.disk_usage(existing_part(folder)).free / GIGABYTE for folder in folders}
    folder = min(free, key=lambda folder: free[folder])
    if free[folder] < min_free:
        raise DatabaseError(
            f"{folder} has {free[folder]:.1f} GB left, less than {min_free:g}: make room, "
            "or move the database or the archive to a larger disk."
        )
    return f"{folder} has {free[folder]:.1f} GB left."


def _folders(database: str, archive: Path) -> set[Path]:
    """Return the folders that grow on this machine; PostgreSQL's is its server's."""
    url = parse_url(database)
    return {archive, Path(url.database or "").parent} if url.get_backend_name() == "sqlite" else {archive}
