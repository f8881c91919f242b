"""History is a fold: captures, readings and verdicts make the versions of a page, in whatever order they came.

Pure: rows in, rows out. A capture is an answer of the site, a reading is what a later parser made of its bytes. Every
way to history (crawl, import, reparse, replay, verdict) adds such rows and folds again (`armcrawl.store.refolding`).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from armcrawl.items import Outcome, Pickled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

PASSED, REFUSED, ACCEPTED, REJECTED = "passed", "refused", "accepted", "rejected"
GOOD = (PASSED, ACCEPTED)
FETCH, IMPORT, RE_EXTRACTION = "fetch", "import", "re-extraction"
# A page that showed an article and now shows one of these has lost it.
WITHOUT_ARTICLE = (Outcome.MISSING, Outcome.NOT_ARTICLE)


@dataclass(frozen=True, slots=True)
class Said(Pickled):
    """What a parser made of a page; of its article the hash, the number of words, and whether its end is missing."""

    outcome: str
    reason: str | None = None
    content_hash: str | None = None
    words: int = 0
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Capture(Pickled):
    """An answer of the site, and what was made of it then; it was seen the same until `last_seen_at`.

    `is_judged` says that the verdict on its run decides whether its article is shown.
    """

    id: int
    fetched_at: datetime
    last_seen_at: datetime
    digest: str | None
    said: Said
    cause: str = FETCH
    run_id: int | None = None
    is_judged: bool = False


@dataclass(frozen=True, slots=True)
class Reading(Pickled):
    """What a later parser made of a capture; `differs` says whether its article is another one in whatever field."""

    id: int
    capture_id: int
    read_at: datetime
    said: Said
    run_id: int | None = None
    differs: bool = True


@dataclass(frozen=True, slots=True)
class Version:
    """A state of an article: read from a capture, at first or by a later reading of it."""

    capture_id: int
    reading_id: int | None
    said: Said
    cause: str
    created_at: datetime
    run_id: int | None
    is_shown: bool


@dataclass(frozen=True, slots=True)
class History:
    """The versions of a page in their order, which texts are kept beside them, and what became of the page.

    `outcome` is None for a page of which nothing is left. `aside` are pages that came in cut, after the whole one:
    no versions, unless the whole one is rejected.
    """

    versions: tuple[Version, ...] = ()
    aside: tuple[Version, ...] = ()
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
    captures: Iterable[Capture], readings: Iterable[Reading], verdicts: Mapping[int, str], removed: str | None = None
) -> History:
    """Return the history of a page, by its captures, the readings of these and the verdicts on runs.

    `removed` is the reason why it was taken down, if it was: then nothing is left of it.
    """
    if removed is not None:
        return History(outcome=Outcome.REMOVED, reason=removed)
    later: defaultdict[int, list[Reading]] = defaultdict(list)
    for reading in sorted(readings, key=lambda one: (one.read_at, one.id)):
        later[reading.capture_id].append(reading)
    told = [one for one in captures if one.said.outcome != Outcome.STORED or not is_rejected(one, verdicts)]
    told.sort(key=lambda one: one.fetched_at)
    versions, aside = _versions(told, later, verdicts)
    outcome, reason = _outcome(told, later, versions)
    return History(tuple(versions), tuple(aside), outcome, reason)


def _versions(
    captures: Sequence[Capture], later: Mapping[int, Sequence[Reading]], verdicts: Mapping[int, str]
) -> tuple[list[Version], list[Version]]:
    """Return the versions that captures in their order make, and the texts beside them.

    What the site shows is compared with all that was read of what it showed before: its parser may have been an
    earlier one than that of the last reading.
    """
    versions, aside = list[Version](), list[Version]()
    seen = set[str | None]()
    digest: str | None = None
    for capture, text, differs in _texts(captures, later, verdicts):
        before = versions[-1] if versions and _stands_for(versions[-1], text) else None
        if before is not None and _is_beginning_of(before, text):
            aside.append(text)
            continue
        content, is_first = text.said.content_hash, differs is None
        is_known = content in seen if is_first else before is not None and content == before.said.content_hash
        is_repeat = before is not None and is_known and not differs
        if is_first and not is_repeat:
            seen = set()
        seen.add(content)
        if not is_repeat:
            versions.append(_with_cause(text, is_same=capture.digest is not None and capture.digest == digest))
            digest = capture.digest
    return versions, aside


def _is_beginning_of(before: Version, text: Version) -> bool:
    """Tell whether a text is the beginning of the version before it: its page came in cut."""
    return text.said.is_cut and text.said.words < before.said.words and before.capture_id != text.capture_id


def _with_cause(text: Version, *, is_same: bool) -> Version:
    """Return a version with its cause: the same bytes that read otherwise are our parser's doing."""
    return replace(text, cause=RE_EXTRACTION) if is_same and text.cause == FETCH else text


def _stands_for(before: Version, text: Version) -> bool:
    """Tell whether a version can stand for a later text: not if it is withheld and another run saw the text."""
    return before.is_shown or before.run_id == text.run_id or before.capture_id == text.capture_id


def _texts(
    captures: Sequence[Capture], later: Mapping[int, Sequence[Reading]], verdicts: Mapping[int, str]
) -> Iterator[tuple[Capture, Version, bool | None]]:
    """Yield all that was read, in the order in which the site showed it.

    With a text comes whether it differs from the last one of its capture, None for the first.
    """
    looks = [(one.fetched_at, True, one) for one in captures]
    looks += [(one.last_seen_at, False, one) for one in captures if one.last_seen_at > one.fetched_at]
    for moment, is_first, capture in sorted(looks, key=lambda look: (look[0], look[1], look[2].fetched_at)):
        texts = _texts_of(capture, later.get(capture.id, ()), is_shown=may_show(capture, verdicts))
        if is_first:
            yield from (
                (capture, text, None if not number else differs) for number, (text, differs) in enumerate(texts)
            )
        elif texts:
            yield capture, replace(texts[-1][0], cause=capture.cause, created_at=moment), None


def _texts_of(capture: Capture, readings: Sequence[Reading], *, is_shown: bool) -> list[tuple[Version, bool]]:
    """Return what was read of a capture, and whether it differs by the word of its reading."""
    texts: list[tuple[Version, bool]] = []
    if capture.said.content_hash is not None:
        own = (capture.id, None, capture.said, capture.cause, capture.fetched_at, capture.run_id, is_shown)
        texts.append((Version(*own), False))
    for one in readings:
        if one.said.content_hash is not None:
            # Whose verdict is awaited is told by the run that got it, and else who read it.
            run_id = one.run_id if is_shown else capture.run_id
            read = Version(capture.id, one.id, one.said, RE_EXTRACTION, one.read_at, run_id, is_shown)
            texts.append((read, one.differs))
    return texts


def _outcome(
    captures: Sequence[Capture], later: Mapping[int, Sequence[Reading]], versions: Sequence[Version]
) -> tuple[str | None, str | None]:
    """Return what became of a page: what its newest capture tells, in the light of all that was seen before."""
    if not captures:
        return None, None
    newest = max(captures, key=lambda one: (one.last_seen_at, one.fetched_at))
    outcome, reason = _told(newest, later, has_article=bool(versions))
    if not versions or outcome not in WITHOUT_ARTICLE:
        return outcome, reason
    # What is no article any more to today's parser is a case for quarantine, also if the site has taken it away.
    shown = next(one for one in captures if one.id == versions[-1].capture_id)
    lost = _told(shown, later, has_article=True)
    return lost if lost[0] == Outcome.QUARANTINED else (Outcome.GONE, reason)


def _told(capture: Capture, later: Mapping[int, Sequence[Reading]], *, has_article: bool) -> tuple[str, str | None]:
    """Return what the last reading of a capture tells; of a page that has an article, that it shows none is a doubt."""
    readings = later.get(capture.id)
    if not readings:
        return capture.said.outcome, capture.said.reason
    said = readings[-1].said
    if said.outcome != Outcome.STORED and has_article:
        return Outcome.QUARANTINED, said.reason
    return said.outcome, said.reason
