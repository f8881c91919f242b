"""History is a fold: captures, readings and verdicts make the versions of a page, in whatever order they came.

Pure: rows in, rows out. A capture is a response of the site, a reading is what a later parser made of its bytes. Every
way to history (crawl, import, reparse, replay, verdict) adds such rows and folds again (`refolding.py`).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from armcrawl.items import Outcome, Pickled
from armcrawl.store.base.enumerations import FETCH, GOOD, RE_EXTRACTION, REJECTED

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

# A page that showed an article and now shows one of these has lost it.
WITHOUT_ARTICLE = (Outcome.MISSING, Outcome.NOT_ARTICLE)


@dataclass(frozen=True, slots=True)
class Parsed(Pickled):
    """What a parser made of a page: its article is told by hashes of its text and of all its fields.

    `is_cut` says that the page ended in the middle of it.
    """

    outcome: str
    reason: str | None = None
    content_hash: str | None = None
    document_hash: str | None = None
    parser_version: int = 0
    words: int = 0
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Capture(Pickled):
    """A response of the site, and what was made of it then; it was seen the same until `last_seen_at`.

    `is_judged` says that the verdict on its run decides whether its article is shown.
    """

    id: int
    fetched_at: datetime
    last_seen_at: datetime
    digest: str | None
    parsed: Parsed
    cause: str = FETCH
    run_id: int | None = None
    is_judged: bool = False


@dataclass(frozen=True, slots=True)
class LaterReading(Pickled):
    """What a later parser made of a capture."""

    id: int
    capture_id: int
    read_at: datetime
    parsed: Parsed
    run_id: int | None = None


@dataclass(frozen=True, slots=True)
class FoldedVersion:
    """A state of an article: read from a capture, at first or by a later reading of it."""

    capture_id: int
    reading_id: int | None
    parsed: Parsed
    cause: str
    created_at: datetime
    run_id: int | None
    is_shown: bool


Text = tuple[Capture, FoldedVersion, bool]
"""What was read of a capture, as the version that it may be, and whether it is the first thing that was."""


@dataclass(frozen=True, slots=True)
class FoldedHistory:
    """The versions of a page in their order, which texts are kept beside them, and what became of the page.

    `outcome` is None for a page of which nothing is left. `aside` are texts that no version tells now, and one may
    when another verdict is known: of a page that came in cut, after the whole one, or of another look at one text.
    """

    versions: tuple[FoldedVersion, ...] = ()
    aside: tuple[FoldedVersion, ...] = ()
    outcome: str | None = None
    reason: str | None = None

    @property
    def current(self) -> int:
        """The number of the newest version; 0 without one."""
        return len(self.versions)

    @property
    def published(self) -> int | None:
        """The number of the newest version that may be shown."""
        return next((number for number in range(self.current, 0, -1) if self.versions[number - 1].is_shown), None)


def may_show(capture: Capture, verdicts: Mapping[int, str]) -> bool:
    """Tell whether what a capture shows may be shown: nobody judges it, or its run is good."""
    return not capture.is_judged or verdicts.get(capture.run_id or 0) in GOOD


def is_rejected(capture: Capture, verdicts: Mapping[int, str]) -> bool:
    """Tell whether somebody decided that what a capture shows is to be forgotten."""
    return capture.is_judged and verdicts.get(capture.run_id or 0) == REJECTED


def fold(
    captures: Iterable[Capture],
    readings: Iterable[LaterReading],
    verdicts: Mapping[int, str],
    removed: str | None = None,
) -> FoldedHistory:
    """Return the history of a page, by its captures, the readings of these and the verdicts on runs.

    `removed` is the reason why it was taken down, if it was: then nothing is left of it.
    """
    if removed is not None:
        return FoldedHistory(outcome=Outcome.REMOVED, reason=removed)
    told = sorted(captures, key=lambda one: one.fetched_at)
    rejected = {one.id for one in told if is_rejected(one, verdicts)}
    later: defaultdict[int, list[LaterReading]] = defaultdict(list)
    for reading in sorted(readings, key=lambda one: (one.read_at, one.id)):
        if reading.capture_id not in rejected:
            later[reading.capture_id].append(reading)
    told = [one for one in told if one.id not in rejected or one.parsed.content_hash is None]
    texts = list(_texts(told, later, verdicts))
    versions = _versions(texts)
    outcome, reason = _outcome(told, later, versions)
    return FoldedHistory(tuple(versions), tuple(_aside(texts, versions)), outcome, reason)


def _versions(texts: Iterable[Text]) -> list[FoldedVersion]:
    """Return the versions that texts make, which come in the order in which the site showed them.

    What the site shows is compared with all that was read of what it showed before: its parser may have been an
    earlier one than that of the last reading.
    """
    versions = list[FoldedVersion]()
    seen = set[str | None]()
    digest: str | None = None
    for capture, text, is_first in texts:
        before = versions[-1] if versions and _stands_for(versions[-1], text) else None
        if before is not None and _is_beginning_of(before, text):
            continue
        if before is not None and _repeats(text, before, seen if is_first else ()):
            versions[-1] = _fresher(before, text)
        else:
            is_ours = before is not None and capture.digest is not None and capture.digest == digest
            versions.append(_with_cause(text, is_ours=is_ours))
            digest = capture.digest
            seen = set() if is_first else seen
        seen.add(text.parsed.content_hash)
    return versions


def _repeats(text: FoldedVersion, before: FoldedVersion, seen: Container[str | None]) -> bool:
    """Tell whether a text is another look at the version before it, or says the same in all its fields."""
    return text.parsed.content_hash in seen or text.parsed.document_hash == before.parsed.document_hash


def _fresher(before: FoldedVersion, text: FoldedVersion) -> FoldedVersion:
    """Return a version with the fields that the newest parser found at the last look at its text.

    What `content_hash` covers (title, date, paragraphs, attribution, printed tags) tells whether it is another version:
    pictures and links change with a page's markup.
    """
    is_same_text = text.parsed.content_hash == before.parsed.content_hash
    is_other = text.parsed.document_hash != before.parsed.document_hash
    known = (before.parsed.parser_version, before.created_at)
    is_newer = (text.parsed.parser_version, text.created_at) >= known
    if is_same_text and is_other and is_newer and (text.is_shown or not before.is_shown):
        return replace(before, parsed=text.parsed, capture_id=text.capture_id, reading_id=text.reading_id)
    return before


def _is_beginning_of(before: FoldedVersion, text: FoldedVersion) -> bool:
    """Tell whether a text is the beginning of the version before it: its page came in cut."""
    return text.parsed.is_cut and text.parsed.words < before.parsed.words and before.capture_id != text.capture_id


def _with_cause(text: FoldedVersion, *, is_ours: bool) -> FoldedVersion:
    """Return a version with its cause: the same bytes that read otherwise are our parser's doing."""
    return replace(text, cause=RE_EXTRACTION) if is_ours and text.cause == FETCH else text


def _aside(texts: Iterable[Text], versions: Iterable[FoldedVersion]) -> Iterator[FoldedVersion]:
    """Yield the texts whose documents are no version's, each document once."""
    told = {version.parsed.document_hash for version in versions}
    for _, text, _ in texts:
        if text.parsed.document_hash not in told:
            told.add(text.parsed.document_hash)
            yield text


def _stands_for(before: FoldedVersion, text: FoldedVersion) -> bool:
    """Tell whether a version can stand for a later text: not if it is withheld and another run saw the text."""
    return before.is_shown or before.run_id == text.run_id or before.capture_id == text.capture_id


def _texts(
    captures: Sequence[Capture], later: Mapping[int, Sequence[LaterReading]], verdicts: Mapping[int, str]
) -> Iterator[Text]:
    """Yield all that was read, in the order in which the site showed it."""
    looks = [(one.fetched_at, True, one) for one in captures]
    looks += [(one.last_seen_at, False, one) for one in captures if one.last_seen_at > one.fetched_at]
    for moment, is_first, capture in sorted(looks, key=lambda look: (look[0], look[1], look[2].fetched_at)):
        texts = _texts_of(capture, later.get(capture.id, ()), is_shown=may_show(capture, verdicts))
        if is_first:
            yield from ((capture, text, number == 0) for number, text in enumerate(texts))
        elif texts:
            yield capture, replace(texts[-1], cause=capture.cause, created_at=moment), True


def _texts_of(capture: Capture, readings: Sequence[LaterReading], *, is_shown: bool) -> list[FoldedVersion]:
    """Return what was read of a capture."""
    texts: list[FoldedVersion] = []
    if capture.parsed.content_hash is not None:
        own = (capture.id, None, capture.parsed, capture.cause, capture.fetched_at, capture.run_id, is_shown)
        texts.append(FoldedVersion(*own))
    for one in readings:
        if one.parsed.content_hash is not None:
            # Whose verdict is awaited is told by the run that got it, and else who read it.
            run_id = one.run_id if is_shown else capture.run_id
            texts.append(FoldedVersion(capture.id, one.id, one.parsed, RE_EXTRACTION, one.read_at, run_id, is_shown))
    return texts


def _outcome(
    captures: Sequence[Capture], later: Mapping[int, Sequence[LaterReading]], versions: Sequence[FoldedVersion]
) -> tuple[str | None, str | None]:
    """Return what became of a page: what its newest capture tells, in the light of all that was seen before."""
    if not captures:
        return None, None
    newest = max(captures, key=lambda one: (one.last_seen_at, one.fetched_at))
    outcome, reason = _told(newest, later)
    if not versions or outcome not in WITHOUT_ARTICLE:
        return outcome, reason
    # What is no article any more to today's parser is a case for quarantine, also if the site has taken it away.
    shown = next(one for one in captures if one.id == versions[-1].capture_id)
    lost = _told(shown, later)
    return lost if lost[0] == Outcome.QUARANTINED else (Outcome.GONE, reason)


def _told(capture: Capture, later: Mapping[int, Sequence[LaterReading]]) -> tuple[str, str | None]:
    """Return what the last reading of a capture tells; that it shows no article any more is a doubt."""
    parsed = [capture.parsed, *(one.parsed for one in later.get(capture.id, ()))]
    last = parsed[-1]
    if last.outcome != Outcome.STORED and any(one.outcome == Outcome.STORED for one in parsed):
        return Outcome.QUARANTINED, last.reason
    return last.outcome, last.reason
