"""Taking pages down for good: in the database, and wherever the archive holds them.

The archive is wiped first: while the database knows what a page is told by, this can be done again. What could not be
wiped leaves the page where it is. `replay` does all of the list once more, on any database and archive.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from sqlalchemy import select

from armcrawl.archive.leftovers import delete_leftovers
from armcrawl.archive.wiping import Span
from armcrawl.errors import ArchiveError
from armcrawl.items import Outcome
from armcrawl.jobs.phrases import passages_of, written
from armcrawl.jobs.traces import Sought, Trace, TraceKind, traces_in
from armcrawl.store.admin.compacting import compact
from armcrawl.store.articles import removal as taking_down
from armcrawl.store.articles.captures import archive_files
from armcrawl.store.articles.removal import Place
from armcrawl.store.articles.removal_lists import beside, keep_beside
from armcrawl.store.articles.removals import MAX_COPIES, Removal, listed
from armcrawl.store.articles.returning import forget_wiped, unwiped_places, wipe_records, wipe_returned
from armcrawl.store.base.database import reading
from armcrawl.store.base.schema import captures
from armcrawl.store.queries.mentions import copies_elsewhere, told_elsewhere, wording_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Engine

    from armcrawl.archive.storage import Storage, StoredFile
    from armcrawl.sites import PageKey
    from armcrawl.store.articles.removals import Digest

# No message names more files than a person reads.
MAX_NAMED = 3


@dataclass(slots=True)
class Plan:
    """What a takedown would do: the pages, what the archive holds of them, and what tells of them elsewhere.

    `copies_of` has for each of them other pages of the same site that show the same; `shared` counts digests that too
    many pages have.
    `elsewhere` names articles, `mentions` archived pages that tell of them, `unread` what is damaged,
    `waiting` why records could not be wiped.
    """

    removals: list[Removal]
    copies_of: dict[PageKey, list[PageKey]] = field(default_factory=dict)
    shared: int = 0
    traces: list[Trace] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    mentions: list[Trace] = field(default_factory=list)
    unread: list[Trace] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)

    @property
    def copies(self) -> list[PageKey]:
        """The pages that go as copies."""
        return sorted({one for some in self.copies_of.values() for one in some} - {one.key for one in self.removals})

    @property
    def places(self) -> set[tuple[str, int, int]]:
        """Where the records are that would be wiped: file, offset, and which one there."""
        return {(one.file, one.offset, one.number) for one in self.traces}


def plan(engine: Engine, storage: Storage, key: PageKey, reason: str) -> Plan:
    """Return what it would do to take a page down.

    Raises UsageError for a page that nobody knows, and ArchiveError unless the whole archive can be read.
    """
    removal, evidence = taking_down.prepare(engine, key, reason)
    found = Plan([removal], {key: sorted(evidence.copies.values())}, len(evidence.shared))
    return _looked_up(engine, storage, found, known=frozenset(listed_digests(engine, key)))


def plan_all(engine: Engine, storage: Storage, removals: Iterable[Removal] = ()) -> Plan:
    """Return what it would do to take all down again that the database has listed, and some more."""
    wanted = {one.key: one for one in (*removals, *listed(engine))}
    found = Plan([])
    for one in sorted(wanted.values(), key=lambda one: one.key):
        evidence = taking_down.evidence(engine, one)
        found.removals.append(replace(one, digests=evidence.digests))
        found.copies_of[one.key] = sorted(evidence.copies.values())
        found.shared += len(evidence.shared)
    return _looked_up(engine, storage, found, known=frozenset(one for each in wanted.values() for one in each.digests))


def carry_out(engine: Engine, storage: Storage, found: Plan) -> None:
    """Do it; raises ArchiveError, with nothing forgotten, where a record could not be wiped, and DatabaseError."""
    delete_leftovers(storage)
    wiped = _wiped(engine, storage, found.traces)
    for one in found.removals:
        taking_down.take_down(engine, one, found.copies_of[one.key])
    forget_wiped(engine, wiped)
    found.waiting = wipe_returned(engine, storage)[1]
    keep_beside(storage, listed(engine))
    compact(engine)


def replay(engine: Engine, storage: Storage, removals: Iterable[Removal] = ()) -> Plan:
    """Take all down again that the database has listed, and some more; return what was done.

    So a database or an archive from a backup gives up what was taken down since. It can be done at any time, and where
    all is done it changes nothing. Raises ArchiveError as `carry_out` does, and unless the whole archive can be read.
    """
    found = plan_all(engine, storage, removals)
    carry_out(engine, storage, found)
    return found


def check_done(engine: Engine, storage: Storage) -> str:
    """Tell how it stands; raises ArchiveError where something listed is not taken down here, or not wiped yet."""
    told, known = beside(storage), {one.key for one in listed(engine)}
    mended = "`armcrawl removals replay --apply` does it."
    if lacking := [str(one.key) for one in told if one.key not in known]:
        raise ArchiveError(f"The list beside the archive has {lacking[0]} as taken down, and here it is not: {mended}")
    if number := len(unwiped_places(engine)):
        raise ArchiveError(f"Records that brought what was taken down, and are still to be wiped: {number}. {mended}")
    return f"Pages that were taken down: {len(known)}; nothing of them waits to be wiped."


def listed_digests(engine: Engine, key: PageKey) -> Iterator[Digest]:
    """Yield the digests that are listed of a page that was taken down before."""
    for one in listed(engine):
        if one.key == key:
            yield from one.digests


def _looked_up(engine: Engine, storage: Storage, found: Plan, known: frozenset[Digest]) -> Plan:
    """Add what the archive holds, and what is told elsewhere."""
    _check_whole(engine, storage)
    keys = {one.key for one in found.removals} | set(found.copies)
    wording = wording_of(engine, keys)
    passages = passages_of(wording.titles, wording.texts)
    with reading(engine) as connection:
        places = dict.fromkeys(unwiped_places(engine)) | taking_down.places_of(connection, keys)
    sought = Sought(
        frozenset(keys),
        {digest: one.key for one in found.removals for digest in one.digests},
        written(passages),
        lru_cache(maxsize=1)(partial(_told, engine)),
        places,
    )
    copied = {key: set(map(str, some)) for key, some in found.copies_of.items()}
    for trace in _traces(storage, sought):
        if trace.kind is TraceKind.MENTION:
            found.mentions.append(trace)
        elif trace.kind is TraceKind.UNREAD:
            found.unread.append(trace)
        else:
            found.traces.append(trace)
            if trace.of is not None and trace.digest is not None:
                copied[trace.of].add(str(trace.key or trace.address.partition("?")[0]))
    _leave_shared(found, {key for key, names in copied.items() if len(names) > MAX_COPIES}, known)
    keys = {one.key for one in found.removals} | set(found.copies)
    found.elsewhere = sorted({*copies_elsewhere(engine, keys), *told_elsewhere(engine, keys, passages)})
    return found


def _leave_shared(found: Plan, shared: set[PageKey], known: frozenset[Digest]) -> None:
    """Take no page for a copy of one that many seem to be copies of, also many that only the archive has.

    What was listed before stays listed.
    """
    found.shared += len(shared)
    before = set(found.copies)
    for key in shared:
        found.copies_of[key] = []
    stay = before - set(found.copies)
    # What is of a page by its address has no digest.
    found.traces = [one for one in found.traces if one.of not in (stay if one.digest is None else shared)]
    found.removals = [replace(one, digests=one.digests & known) if one.key in shared else one for one in found.removals]


def _check_whole(engine: Engine, storage: Storage) -> None:
    """Raise ArchiveError unless the archive has all files that the database names: the page may be in each of them."""
    there = {one.closed_name for one in _files(storage)}
    lacking = [name for name in archive_files(engine) if name not in there]
    if lacking:
        more = f" and {len(lacking) - MAX_NAMED} more" if len(lacking) > MAX_NAMED else ""
        raise ArchiveError(
            f"The archive {storage} lacks {', '.join(lacking[:MAX_NAMED])}{more}, which the database names, so the "
            "page is not removed yet: name the right one with --archive, or bring back from a backup what it lacks, "
            "and run the command again."
        )


def _files(storage: Storage) -> Sequence[StoredFile]:
    try:
        return storage.files()
    except OSError as error:
        raise ArchiveError(f"The archive {storage} cannot be read: {error.strerror or error}.") from error


def _traces(storage: Storage, sought: Sought) -> Iterator[Trace]:
    for file in _files(storage):
        yield from traces_in(file.open, file.closed_name, sought)


def _told(engine: Engine, file: str) -> frozenset[int]:
    """Return the offsets of the records in a file whose text the database knows."""
    is_told = (captures.c.archive_file == file) & (captures.c.outcome == Outcome.STORED)
    with reading(engine) as connection:
        return frozenset(connection.execute(select(captures.c.archive_offset).where(is_told)).scalars())


def _spans(traces: Iterable[Trace]) -> dict[Place, Span]:
    """Return what of each member is to be wiped: all of it where it is damaged."""
    found = dict[Place, Span]()
    for one in traces:
        before = found.get((one.file, one.offset))
        numbers = frozenset({one.number} - {0}) | (before.numbers if before else frozenset())
        found[one.file, one.offset] = Span(one.end, numbers)
    return found


def _wiped(engine: Engine, storage: Storage, traces: Sequence[Trace]) -> list[Place]:
    """Wipe records, and return where they are; raises ArchiveError with all that could not be."""
    wiped = wipe_records(engine, storage, _spans(traces))
    if problems := wiped.problems:
        more = f"; and {len(problems) - MAX_NAMED} more" if len(problems) > MAX_NAMED else ""
        raise ArchiveError(
            f"{'; '.join(problems[:MAX_NAMED])}{more}. So the page is not removed yet: mend that, and run the command "
            "again."
        )
    return list(wiped.places.values())
