"""What people decided stands in a database only, not in the archive: a new one takes it over from the old one.

The old one may have been made by another armcrawl. It is only read, and what its tables cannot tell is named.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, delete, func, insert, inspect, select, update

from armcrawl import clock
from armcrawl.items import Outcome
from armcrawl.sites import PageKey
from armcrawl.store.articles import removal
from armcrawl.store.articles.removals import removals_in
from armcrawl.store.articles.responses import NOTHING_LEFT
from armcrawl.store.base.database import reading, writing
from armcrawl.store.base.enumerations import FETCH, REFUSED, REJECTED, RunEnd
from armcrawl.store.base.schema import (
    captures,
    entity_decisions,
    origins,
    pages,
    removal_digests,
    removals,
    runs,
    sightings,
    source_pages,
    walks,
)
from armcrawl.store.base.sql import chunks, is_one_of, upsert
from armcrawl.store.entities.facts import decisions_in
from armcrawl.store.entities.forms import write_decided_forms
from armcrawl.store.entities.regrouping import regroup
from armcrawl.store.ledger.ledger import SEEN
from armcrawl.store.queries.quarantine import TAKEN_AWAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Engine, Select, Table

    from armcrawl.store.articles.removals import Removal


# What each decision is told by; without one of these it is not told.
NEEDED: dict[str, dict[Table, tuple[str, ...]]] = {
    "pages that were taken down": {pages: ("site", "section", "external_id", "outcome")},
    "decisions on entities": {
        entity_decisions: tuple(one.name for one in entity_decisions.columns if one.name != "id")
    },
    "verdicts on runs": {runs: ("id", "site", "kind", "started_at", "verdict")},
    "what rejected runs read": {
        runs: ("id", "site", "kind", "started_at", "verdict"),
        captures: ("page_id", "fetched_at", "archive_file", "archive_offset"),
    },
    "origins": {origins: ("site", "origin", "first_seen_at")},
    "heads": {pages: ("site", "section", "external_id", "number", "outcome")},
    "what sources showed": {table: tuple(table.c.keys()) for table in (sightings, walks, source_pages)},
}
TAKEDOWNS, ENTITIES, VERDICTS, READ, ORIGINS, HEADS, SHOWN = NEEDED
# The runs that read pages while they go on; what others store came in at another time.
FETCHING = ("crawl", "backfill", "demo")


@dataclass(frozen=True, slots=True)
class Carried:
    """How much was taken over, by what it is, and sentences about what was not."""

    counts: dict[str, int]
    problems: tuple[str, ...]


class Old:
    """A database whose tables may be another armcrawl's."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        found = inspect(connection)
        self.columns = {name: {one["name"] for one in found.get_columns(name)} for name in found.get_table_names()}

    def tells(self, decision: str) -> bool:
        """Tell whether it has what a decision is told by."""
        return all(self.columns.get(table.name, set()) >= set(names) for table, names in NEEDED[decision].items())

    def lacking(self, decisions: Iterable[str]) -> Iterator[str]:
        """Yield a sentence about the decisions that it cannot tell, if there are any."""
        # One that is older than listings, feeds and sitemaps has nothing of them to lose.
        wanted = [one for one in decisions if one != SHOWN or sightings.name in self.columns]
        if lacking := [decision for decision in wanted if not self.tells(decision)]:
            yield f"The tables of the old database do not tell, so this is lost: {', '.join(lacking)}."

    def all_of(self, table: Table) -> list[ColumnElement[Any]]:
        """Return the columns of a table that both databases have; an id, also of another row, is a database's own."""
        own = self.columns[table.name]
        return [one for one in table.columns if one.name in own and one.name != "id" and not one.foreign_keys]

    def tells_run(self, run: Mapping[str, Any]) -> bool:
        """Tell whether it can tell what a run read: by the run itself, or by when it went on."""
        return "run_id" in self.columns[captures.name] or run["kind"] in FETCHING

    def rows(self, query: Select[Any]) -> list[dict[str, Any]]:
        """Return the rows of a query, by the names of its columns."""
        return [dict(row) for row in self.connection.execute(query).mappings()]

    def told(self, decision: str, table: Table, *where: ColumnElement[bool]) -> list[dict[str, Any]]:
        """Return the rows of a table in their order, if they tell a decision."""
        if not self.tells(decision):
            return []
        return self.rows(select(*self.all_of(table)).where(*where).order_by(*table.primary_key.columns))


def carry_over(old: Engine, new: Engine) -> Carried:
    """Take over what was decided of pages, entities and runs, before anything is read from the archive.

    It can be done again, and what somebody has decided in the new one since stands.
    """
    with reading(old) as connection:
        source = Old(connection)
        removed = _removed(source) if source.tells(TAKEDOWNS) else []
        listed = _listed(source)
        entities = source.told(ENTITIES, entity_decisions)
        judged = _judged(source) if source.tells(VERDICTS) else []
        rejected = [run for run in judged if run["verdict"] in (REJECTED, REFUSED)] if source.tells(READ) else []
        read = [(run, _read_by(source, run)) for run in rejected]
    _take_down(new, removed, listed)
    with writing(new) as connection:
        if entities and connection.execute(select(entity_decisions.c.id).limit(1)).scalar() is None:
            connection.execute(insert(entity_decisions), entities)
            regroup(connection, write_decided_forms(connection, decisions_in(connection)))
        ids = {run["id"]: _run_of(connection, run) for run in judged}
        for run, rows in read:
            _leave_out(connection, ids[run["id"]], rows)
    counts = {
        TAKEDOWNS: len(removed),
        ENTITIES: len(entities),
        VERDICTS: len(judged),
        READ: sum(len(rows) for _, rows in read),
    }
    problems = [_sentence(run, len(rows), is_told=source.tells_run(run)) for run, rows in read]
    return Carried(counts, (*problems, *source.lacking(counts)))


def carry_over_site(old: Engine, new: Engine, site: str) -> Carried:
    """Take over where a site's pages came from, which ids do not count, and what listings, feeds and sitemaps showed.

    This is done after its archive was read, in which nothing tells it.
    """
    with reading(old) as connection:
        source = Old(connection)
        servers = source.told(ORIGINS, origins, origins.c.site == site)
        keys = _uncounted(source, site) if source.tells(HEADS) else []
        shown = {table: source.told(SHOWN, table, table.c.site == site) for table in NEEDED[SHOWN]}
    with writing(new) as connection:
        if servers:
            connection.execute(delete(origins).where(origins.c.site == site))
            connection.execute(insert(origins), servers)
        due = case((pages.c.outcome.in_(SEEN), pages.c.next_check_at))
        for some in chunks(keys):
            connection.execute(update(pages).where(is_one_of(some)).values(number=None, next_check_at=due))
        for table, rows in shown.items():
            if connection.execute(select(table.c.site).where(table.c.site == site).limit(1)).first() is None:
                for some in chunks(rows):
                    connection.execute(insert(table), list(some))
    counts = {ORIGINS: len(servers), HEADS: len(keys), SHOWN: len(shown[sightings])}
    return Carried(counts, tuple(source.lacking(counts)))


def has_imported(engine: Engine, site: str) -> bool:
    """Tell whether a site's archive was read into a database, to the end."""
    query = select(runs.c.id).where(runs.c.site == site, runs.c.kind == "import", runs.c.outcome == RunEnd.DONE)
    with reading(engine) as connection:
        return connection.execute(query.limit(1)).scalar() is not None


def _removed(source: Old) -> list[dict[str, Any]]:
    query = select(*source.all_of(pages)).where(pages.c.outcome == Outcome.REMOVED)
    now = clock.now()
    unknown = {"address": "", "first_seen_at": now, "fetched_at": now, "attempts": 0}
    return [unknown | row for row in source.rows(query)]


def _listed(source: Old) -> list[Removal]:
    """Return the list of removals, with what tells their text, where the old database has one."""
    told = {table.name: set(table.c.keys()) for table in (removals, removal_digests)}
    if not all(source.columns.get(name, set()) >= names for name, names in told.items()):
        return []
    return removals_in(source.connection)


def _take_down(new: Engine, removed: Sequence[Mapping[str, Any]], listed: Sequence[Removal]) -> None:
    """Let pages be taken down before they are known, and those that are."""
    for one in listed:
        removal.take_down(new, one)
    known = {one.key for one in listed}
    with writing(new) as connection:
        upsert(connection, pages, removed, ("site", "section", "external_id"))
    for row in removed:
        if _key(row) not in known:
            removal.remove(new, _key(row), row.get("reason") or "")


def _judged(source: Old) -> list[dict[str, Any]]:
    """Return the runs with a verdict, each with the moment when the next one of its site began."""
    later = runs.alias()
    until = select(func.min(later.c.started_at)).where(later.c.site == runs.c.site, later.c.id > runs.c.id)
    query = select(*source.all_of(runs), runs.c.id.label("id"), until.scalar_subquery().label("until"))
    return source.rows(query.where(runs.c.verdict.is_not(None)).order_by(runs.c.id))


def _run_of(connection: Connection, run: Mapping[str, Any]) -> int:
    """Return the id of the same run in the new database, which gets it where it lacks it."""
    is_same = [runs.c[name] == run[name] for name in ("site", "kind", "started_at")]
    known = connection.execute(select(runs.c.id).where(*is_same)).scalar()
    if known is not None:
        return int(known)
    # Nothing of a refused run can be accepted here: what it read stays out, and is asked for again.
    verdict = REJECTED if run["verdict"] == REFUSED else run["verdict"]
    row = {name: value for name, value in run.items() if name not in ("id", "until")} | {"verdict": verdict}
    return int(connection.execute(insert(runs).values(row).returning(runs.c.id)).scalar_one())


def _read_by(source: Old, run: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the captures that a run brought and that may show an article, with their pages.

    That there is none is no matter of the run's verdict.
    """
    if not source.tells_run(run):
        return []
    of_page = (pages.c.site, pages.c.section, pages.c.external_id, pages.c.address)
    query = select(*source.all_of(captures), *of_page).join(pages, pages.c.id == captures.c.page_id)
    if "outcome" in source.columns[captures.name]:
        query = query.where(captures.c.outcome.in_((Outcome.STORED, Outcome.QUARANTINED)))
    elif "http_status" in source.columns[captures.name]:
        query = query.where(func.coalesce(captures.c.http_status, 0).not_in(TAKEN_AWAY))
    if "run_id" in source.columns[captures.name]:
        return source.rows(query.where(captures.c.run_id == run["id"]))
    query = query.where(pages.c.site == run["site"], captures.c.fetched_at >= run["started_at"])
    return source.rows(query if run["until"] is None else query.where(captures.c.fetched_at < run["until"]))


def _leave_out(connection: Connection, run_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """Note captures of a rejected run, from which nothing is shown; a page that has no other is asked for again."""
    keys = {_key(row) for row in rows}
    failed = {"outcome": Outcome.FAILED.value, "attempts": 1, "last_error": NOTHING_LEFT, "next_check_at": clock.now()}
    told = [
        {name: row[name] for name in (*PageKey._fields, "address")}
        | {"number": _key(row).number, "first_seen_at": row["fetched_at"], "fetched_at": row["fetched_at"]}
        | failed
        for row in rows
    ]
    upsert(connection, pages, told, ("site", "section", "external_id"))
    query = select(pages.c.id, pages.c.site, pages.c.section, pages.c.external_id)
    ids = {
        PageKey(*row[1:]): row.id
        for some in chunks(sorted(keys))
        for row in connection.execute(query.where(is_one_of(some)))
    }
    unknown = {"cause": FETCH, "outcome": Outcome.STORED.value, "parser_version": 0, "words": 0, "is_cut": False}
    own = [
        unknown
        | {"last_seen_at": row["fetched_at"]}
        | {name: row[name] for name in row if name in captures.c}
        | {"page_id": ids[_key(row)], "run_id": run_id, "is_judged": True}
        for row in rows
    ]
    upsert(connection, captures, own, ("page_id", "fetched_at"))


def _uncounted(source: Old, site: str) -> list[PageKey]:
    """Return the pages of a site that have an id which counts, and no number: a person took them out."""
    query = select(pages.c.site, pages.c.section, pages.c.external_id)
    keys = map(_key, source.rows(query.where(pages.c.site == site, pages.c.number.is_(None))))
    return sorted(key for key in keys if key.number is not None)


def _sentence(run: Mapping[str, Any], number: int, *, is_told: bool) -> str:
    name = f"Run {run['id']} of {run['site']} ({run['kind']})"
    if not is_told:
        return f"{name} was {run['verdict']}: which answers it read cannot be told, so they come in and are shown."
    if run["verdict"] == REFUSED:
        return f"{name} was refused, and nobody has decided: its {number} answers stay out, as if it were rejected."
    return f"{name} was rejected: its {number} answers stay out."


def _key(row: Mapping[str, Any]) -> PageKey:
    return PageKey(row["site"], row["section"], row["external_id"])
