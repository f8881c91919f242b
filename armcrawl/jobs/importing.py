"""Archives become articles: what they hold of known sites is kept, read in all cores, and written in its true order."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urljoin

from armcrawl import clock
from armcrawl.archive.imported_files import captures_in
from armcrawl.archive.moments import is_future
from armcrawl.archive.reading import CUT, LARGE, TIMELESS, UNREADABLE, LeftOut, Original, read_at, with_body
from armcrawl.archive.records import digest_of
from armcrawl.archive.storage import OPEN, is_warc
from armcrawl.errors import ArchiveAwayError, ArchiveWaitsError
from armcrawl.items import DECODING, Outcome, Page, Pickled, Record
from armcrawl.jobs.originals import find_originals
from armcrawl.jobs.rereading import PAGES_AT_ONCE, each_page, recorded_origin
from armcrawl.processes.bounds import GRACE_SECONDS, PATIENCE_SECONDS, time_bound
from armcrawl.processes.pool import Task, spread
from armcrawl.reading.decoding import IS_CUT, IS_LARGE
from armcrawl.reading.response import unchanged_page, unread_page
from armcrawl.refining.pages import page_to_store
from armcrawl.sites import Origin, PageKey, identify, identify_for, is_home, stored_address
from armcrawl.store.articles.imported_captures import archived_captures, known_captures, removed_pages, write_imported
from armcrawl.store.base.database import reading
from armcrawl.store.ledger.ledger import heads_with
from armcrawl.store.ledger.sightings import announced

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Engine

    from armcrawl.archive.imported_files import File
    from armcrawl.archive.reading import Captured
    from armcrawl.archive.storage import Storage
    from armcrawl.archive.writing import ArchiveWriter
    from armcrawl.items import Announced
    from armcrawl.sites import Site
    from armcrawl.store.articles.writing import Written

T = TypeVar("T")

SUCCESS = 200
NOT_MODIFIED = 304
REDIRECTS = range(300, 400)
OTHER_BYTES = "a revisit of other bytes than those to which it refers"
# Some reasons stand for a thousand records; a person reads a few.
MAX_PROBLEMS = 10


@dataclass(frozen=True, slots=True)
class Found:
    """A capture that is to be imported: of which page, when, where it stands, and of what it is a revisit."""

    key: PageKey
    fetched_at: datetime
    file: File
    offset: int
    url: str
    asked_for: str | None = None
    original: Original | None = None

    @property
    def place(self) -> tuple[int, str, datetime]:
        """What tells it from the other records of its file, of which one gzip member may hold several."""
        return self.offset, self.url, self.fetched_at


@dataclass(frozen=True, slots=True)
class Kept(Pickled):
    """A capture in our archive; a revisit says of when its bytes are, and where they are, if they are here.

    `announced` is what sources have said of its page.
    """

    key: PageKey
    record: Record
    refers_to: datetime | None = None
    original: Record | None = None
    announced: Announced | None = None


Places = dict[tuple[int, str, "datetime"], list[Found]]


@dataclass(slots=True)
class Plan:
    """Which records of which files are read once more, and for which captures.

    `originals` say of a revisit when its page was captured before, `archived` where that is in our archive.
    """

    archived: dict[tuple[PageKey, datetime], Record]
    copied: defaultdict[File, Places] = field(default_factory=lambda: defaultdict(dict))
    originals: dict[Found, Original] = field(default_factory=dict)


@dataclass(slots=True)
class Import:
    """One import: what it met, counted, and what it could not read."""

    engine: Engine
    storage: Storage
    site: Site
    writer: ArchiveWriter
    cause: str
    counts: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    waits: str | None = None
    redirects: list[Page] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    files: tuple[File, ...] = ()
    read: Callable[..., Page] = page_to_store
    patience: float = PATIENCE_SECONDS

    def scan(self, files: Iterable[File], origin: Origin | None, sections: Collection[str]) -> list[Found]:
        """Return the captures that the database lacks of the pages of some of the site's sections.

        Nothing is kept or written yet. Of any host only pages come in question: pictures and redirects are no articles.
        """
        found: dict[tuple[PageKey, datetime], tuple[tuple[bool, str], Found]] = {}
        differing = defaultdict[tuple[PageKey, "datetime"], set[str]](set)
        self.files, now = tuple(files), clock.now()
        for file in self.files:
            self.counts["files"] += 1
            for captured in captures_in(file):
                if isinstance(captured, LeftOut):
                    self._leave_out(file, captured)
                    continue
                self.counts["answers"] += 1
                if is_future(captured.fetched_at, now):
                    self.left_out[TIMELESS] += 1
                    continue
                key = key_of(captured, origin, self.site)
                is_ours = key is not None and key.site == self.site.name and key.section in sections
                if key is None or not is_ours or (self.site.is_any and not _is_page(captured)):
                    self.counts["foreign"] += 1
                elif captured.status in REDIRECTS and captured.status != NOT_MODIFIED:
                    self.redirects += redirected(key, captured, origin)
                else:
                    where = (file, captured.offset, captured.url, captured.asked_for, captured.original)
                    one = _rank(captured), Found(key, captured.fetched_at, *where)
                    before = found.setdefault((key, captured.fetched_at), one)
                    # Archives count seconds, in which a page may answer twice. Which one counts is no matter of order.
                    if before[0][1] != one[0][1]:
                        differing[key, captured.fetched_at] |= {before[0][1], one[0][1]}
                    if one[0] < before[0]:
                        found[key, captured.fetched_at] = one
        self.counts["same second"] += sum(len(digests) - 1 for digests in differing.values())
        return self._unknown([one for _, one in found.values()])

    def run(self, found: Sequence[Found], run_id: int) -> Iterator[Written]:
        """Import what a scan has found; yields what each batch did."""
        kept = self._kept(found)
        for some in in_chunks(self.redirects, PAGES_AT_ONCE):
            yield write_imported(self.engine, some, run_id, self.cause)
        for pages in self._read(kept):
            self.counts["failed answers"] += sum(page.outcome is Outcome.FAILED for page in pages)
            usable = [page for page in pages if page.outcome is not Outcome.FAILED]
            yield write_imported(self.engine, self._up_to_head(usable), run_id, self.cause)

    def _up_to_head(self, pages: Sequence[Page]) -> list[Page]:
        """Leave out what is above the newest article: an id without one there may be tomorrow's.

        Of any host only articles stay: nobody has added the other pages of a large archive, to be asked for again.
        """
        if self.site.is_any:
            kept = [page for page in pages if page.outcome is Outcome.STORED]
            self.counts["no article"] += len(pages) - len(kept)
            return kept
        with reading(self.engine) as connection:
            heads = heads_with(connection, pages)
        kept = [
            page for page in pages if page.outcome is Outcome.STORED or (page.key.number or 0) <= heads[page.key[:2]]
        ]
        self.counts["past the head"] += len(pages) - len(kept)
        return kept

    def _kept(self, found: Sequence[Found]) -> list[Kept]:
        """Return where captures are in our archive; what is not there yet is copied, file by file."""
        plan = self._plan(found)
        records: dict[tuple[PageKey, datetime], Kept] = {}
        for file in self.files:
            places = plan.copied.get(file, {})
            is_ours = self.storage.holds(file) and is_warc(file.name)
            for captured in captures_in(file) if places else ():
                if isinstance(captured, LeftOut):
                    continue
                for one in places.pop((captured.offset, captured.url, captured.fetched_at), ()):
                    is_itself = one.place == (captured.offset, captured.url, captured.fetched_at)
                    if is_itself and is_ours:
                        record = Record(file.name.removesuffix(OPEN), captured.offset, captured.payload_digest)
                    elif is_itself:
                        record = self.writer.copy(
                            replace(captured, original=plan.originals.get(one, captured.original))
                        )
                    elif one.original is not None and one.original.is_other(captured):
                        self._skip(f"{one.file.name} at {one.offset}: {OTHER_BYTES}")
                        continue
                    else:
                        # The bytes of another page, or of another address of this one: they are kept under its own.
                        copied = replace(captured, url=one.url, fetched_at=one.fetched_at, asked_for=one.asked_for)
                        record = self.writer.copy(copied)
                    original = plan.originals.get(one) if is_itself else None
                    records[one.key, one.fetched_at] = Kept(one.key, record, original.moment if original else None)
        try:
            self.writer.close()
        except ArchiveWaitsError as error:
            # They are read from this machine meanwhile.
            self.waits = str(error)
        in_order = [records.get((one.key, one.fetched_at)) for one in found]
        return [self._with_original(kept, records, plan) for kept in in_order if kept is not None]

    def _with_original(self, kept: Kept, records: dict[tuple[PageKey, datetime], Kept], plan: Plan) -> Kept:
        """Tell a revisit where the bytes are that it refers to."""
        if kept.refers_to is None:
            return kept
        original = records.get((kept.key, kept.refers_to))
        here = original.record if original else plan.archived.get((kept.key, kept.refers_to))
        return replace(kept, original=here)

    def _plan(self, found: Sequence[Found]) -> Plan:
        """Decide which records are read once more, for which captures: a revisit needs the bytes of its original.

        An original of the same page is referred to, as in our own archive; the bytes of any other are copied.
        """
        revisits = [one for one in found if one.original is not None]
        plan = Plan(archived=archived_captures(self.engine, {one.key for one in revisits}))
        whole = {(one.key, one.fetched_at) for one in found if one.original is None} | plan.archived.keys()
        digests = {(key, record.payload_digest): moment for (key, moment), record in plan.archived.items()}
        elsewhere = list[Found]()
        for one in found:
            if one.original is not None:
                original = one.original
                moment = original.moment if (one.key, original.moment) in whole else None
                moment = moment or digests.get((one.key, original.digest or "-"))
                if moment is None:
                    elsewhere.append(one)
                    continue
                plan.originals[one] = replace(original, moment=moment)
            plan.copied[one.file].setdefault(one.place, []).append(one)
        places = find_originals(self.files, {one.original for one in elsewhere if one.original}) if elsewhere else {}
        for one in elsewhere:
            place = places.get(one.original) if one.original else None
            if place is None:
                self._skip(f"{one.file.name} at {one.offset}: a revisit of a record that is nowhere")
            elif (one.key, place.moment) in whole and one.original:
                plan.originals[one] = replace(one.original, moment=place.moment)
                plan.copied[one.file].setdefault(one.place, []).append(one)
            else:
                plan.copied[place.file].setdefault((place.offset, place.url, place.moment), []).append(one)
        return plan

    def _unknown(self, found: Collection[Found]) -> list[Found]:
        """Leave out what the database holds; the rest newest page first, older captures of a page before newer ones."""
        keys = {one.key for one in found}
        known, removed = known_captures(self.engine, keys), removed_pages(self.engine, keys)
        kept = [one for one in found if one.key not in removed]
        new = [one for one in kept if (one.key, one.fetched_at) not in known]
        self.counts["removed"] += len(found) - len(kept)
        self.counts["known"] += len(kept) - len(new)
        return sorted(new, key=lambda one: (-(one.key.number or 0), one.key, one.fetched_at))

    def _read(self, kept: list[Kept]) -> Iterator[list[Page]]:
        said = announced(self.engine, [one.key for one in kept])
        told = [replace(one, announced=said.get(one.key)) for one in kept]
        calls = ((self.storage, chunk) for chunk in in_chunks(told, PAGES_AT_ONCE))
        reading_some = partial(read_chunk, read=self.read, patience=self.patience + GRACE_SECONDS)
        for pages, problems in spread(Task(reading_some, each_page, without_page, self.patience), calls):
            for problem in problems:
                self._skip(problem)
            self.counts["read"] += len(pages)
            self.left_out += Counter(kind for page in pages if (kind := _lack(page)))
            yield pages

    def _leave_out(self, file: File, one: LeftOut) -> None:
        self.counts["answers"] += one.kind in {UNREADABLE, CUT, LARGE, TIMELESS}
        if one.kind == UNREADABLE:
            self._skip(f"{file.name} at {one.offset}: {one.reason}")
        else:
            self.left_out[one.kind] += 1

    @property
    def totals(self) -> dict[str, int]:
        """All counts, of what was left out by reason, and what is no response at all as one number."""
        reasons = (CUT, LARGE, TIMELESS)
        others = self.left_out.total() - sum(self.left_out[name] for name in reasons)
        return {**self.counts, **{name: self.left_out[name] for name in reasons}, "other records": others}

    def _skip(self, problem: str) -> None:
        self.counts["unreadable"] += 1
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(problem)


def key_of(captured: Captured, origin: Origin | None, site: Site | None = None) -> PageKey | None:
    """Return the page that a capture is of, if it is of one of ours, or of any host where this site takes that."""
    address = captured.asked_for
    if address is None:
        address = origin.to_site(captured.url) if origin else captured.url
    return identify(address) if site is None else identify_for(site, address)


def _rank(captured: Captured) -> tuple[bool, str]:
    """Return what comes first of captures of one moment: whether it only refers to the bytes, and what they are."""
    return captured.original is not None, captured.payload_digest or digest_of(captured.body)


def _lack(page: Page) -> str | None:
    """Return what a page is counted as that waits in quarantine because its body does not unpack to a whole page."""
    reasons = {IS_CUT: CUT, IS_LARGE: LARGE}
    said = page.reason or "" if page.stage == DECODING else ""
    return next((kind for words, kind in reasons.items() if words in said), None)


def _is_page(captured: Captured) -> bool:
    """Tell whether a capture may show an article, by its status and type."""
    may_be = captured.status in {SUCCESS, NOT_MODIFIED} or captured.original is not None
    return may_be and "html" in (captured.content_type or "html").lower()


def redirected(key: PageKey, captured: Captured, origin: Origin | None) -> Iterator[Page]:
    """Yield what a redirect says of its page, unless it only leads to the page itself, or we hold where it led."""
    if captured.asked_for is not None:
        return
    try:
        target = urljoin(captured.url, captured.location or "")
    except ValueError:
        return
    target = origin.to_site(target) if origin else target
    shown = identify(target)
    answered = Page(
        key,
        stored_address(key, captured.asked_for, captured.url),
        captured.fetched_at,
        Outcome.MISSING,
        http_status=captured.status,
    )
    if shown is not None and shown != key:
        yield replace(answered, outcome=Outcome.NOT_ARTICLE, reason=f"redirects to {shown}")
    elif shown is None and is_home(target):
        yield replace(answered, reason="missing: redirected to the home page")


def read_chunk(
    storage: Storage, chunk: Sequence[Kept], read: Callable[..., Page] = page_to_store, patience: float = 0
) -> tuple[list[Page], list[str]]:
    """Read some captures; returns the pages, and what could not be read.

    A page that takes longer than `patience` seconds, if there is such a bound, kills this process.
    """
    pages, problems = list[Page](), list[str]()
    for one in chunk:
        try:
            with time_bound(patience):
                pages.append(_page(storage, one, read))
        except ArchiveAwayError:
            raise
        except Exception as error:  # noqa: BLE001 - one damaged record must not end an import of years
            problems.append(f"{one.key} at {one.record.offset} of {one.record.file}: {error}")
    return pages, problems


def without_page(error: Exception, storage: Storage, chunk: Sequence[Kept]) -> tuple[list[Page], list[str]]:
    """Return what comes of a page that no process can read: its bytes go to quarantine."""
    # It knows Scrapy, which no process that reads needs.
    from armcrawl.crawling.downloading.failures import unreadable_because

    reason = unreadable_because(error)
    pages, problems = read_chunk(storage, chunk, lambda key, response, *_: unread_page(key, response, reason))
    return pages, [*problems, *(f"{page.key}: {reason}" for page in pages)]


def _page(storage: Storage, one: Kept, read: Callable[..., Page]) -> Page:
    captured = read_at(storage, one.record.file, one.record.offset)
    origin = recorded_origin(one.key, captured.url)
    address = origin.to_site(captured.url)
    if captured.status == NOT_MODIFIED:
        return replace(unchanged_page(one.key, captured.response(address, one.record)), confirms=captured.refers_to)
    if captured.original is not None:
        if one.original is None:
            raise ValueError(f"it is unchanged since {captured.refers_to}, which is not there")
        original = read_at(storage, one.original.file, one.original.offset)
        if captured.original.is_other(original):
            raise ValueError(OTHER_BYTES)
        captured = with_body(original, captured)
    return read(one.key, captured.response(address, one.record), origin, one.announced)


def in_chunks(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Yield items in lists of at most so many."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
