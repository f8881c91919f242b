"""Where an archive holds pages that are to be taken down, under whatever address, and which others tell of them."""

from __future__ import annotations

import os
import re
import zlib
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from armcrawl.archive.frames import Fault, frames_of
from armcrawl.archive.reading import LeftOut, captured_in
from armcrawl.errors import ArchiveError
from armcrawl.jobs.importing import key_of
from armcrawl.jobs.phrases import holds
from armcrawl.jobs.rereading import recorded_origin
from armcrawl.reading.decoding import UndecodableError, unpack
from armcrawl.reading.response import digest_of
from armcrawl.refining.pages import understand
from armcrawl.sites import PageKey, identify, known_sites, site_of
from armcrawl.store.articles.removal_evidence import MIN_WORDS
from armcrawl.store.articles.removals import is_same_site
from armcrawl.store.base.enumerations import BODY, PAYLOAD, TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from typing import BinaryIO

    from armcrawl.archive.frames import Frame
    from armcrawl.archive.reading import Captured
    from armcrawl.store.articles.removal import Place
    from armcrawl.store.articles.removals import Digest

# The request of a page names its address, which stays known; `warcinfo` tells of the file.
WITHOUT_TEXT = {"warcinfo", "request"}
ADDRESS = re.compile(rb"WARC-Target-URI: *<?([^\r\n>]{1,2000})", re.IGNORECASE)
# What is damaged is unpacked as far as it goes, but no further than a page can be long, with its head.
MAX_SALVAGED = 16 << 20
# Packed bytes at once: of those in which the damage is, each by itself. To copy what unpacks takes as long as some KB.
STEP = 4096


class TraceKind(StrEnum):
    """What a record has to do with a page that is to be taken down."""

    PAGE = "page"  # it is of the page itself, by its address
    COPY = "copy"  # it shows the same under another address
    MENTION = "mention"  # it tells the title, or a sentence
    UNREAD = "unread"  # it is damaged: nobody can tell


@dataclass(frozen=True, slots=True)
class Trace:
    """A record: the gzip member at an offset, and which record of that it is, from 1; 0 for what nobody can tell.

    `end` is where the member ends; None where it holds anything else, so that it must not be wiped unread.
    """

    file: str
    offset: int
    end: int | None
    kind: TraceKind
    address: str
    key: PageKey | None = None
    of: PageKey | None = None
    digest: Digest | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: pages, digests with the pages that these tell, and passages of their texts.

    `told` returns the offsets of a file's records whose text the database knows: they are not read again. `places` are
    where the database itself has the pages: there also what is damaged is theirs.
    """

    keys: frozenset[PageKey]
    digests: Mapping[Digest, PageKey]
    passages: tuple[bytes, ...]
    told: Callable[[str], Collection[int]] = field(default=lambda _: ())
    places: Mapping[Place, PageKey | None] = field(default_factory=dict)

    @property
    def sites(self) -> frozenset[str]:
        """The sites of what is looked for."""
        return frozenset(key.site for key in self.keys)


@dataclass(frozen=True, slots=True)
class _Look:
    """What was seen of one record; `number` is its place among those of its member, 0 for what is damaged.

    `is_shared` says that what is damaged names other pages as well.
    """

    kind: TraceKind
    address: str
    key: PageKey | None = None
    of: PageKey | None = None
    digest: Digest | None = None
    number: int = 0
    is_shared: bool = False


@dataclass(slots=True)
class _Member:
    """A gzip member: how many records it has, and of them others than what is sought, and what was seen of them."""

    offset: int
    records: int = 0
    others: int = 0
    is_damaged: bool = False
    looks: list[_Look] = field(default_factory=list)

    def add(self, frame: Frame | Fault, look: _Look | None) -> None:
        """Count a record, and keep what was seen of it."""
        self.records += 1
        if isinstance(frame, Fault):
            self.is_damaged = True
        elif look is not None:
            self.looks.append(replace(look, number=self.records))
        is_text = not isinstance(frame, Fault) and frame.kind not in WITHOUT_TEXT
        self.others += is_text and not _goes(look)


def traces_in(opening: Callable[[], BinaryIO], name: str, sought: Sought) -> Iterator[Trace]:
    """Yield what a file holds of what is sought; raises ArchiveError for one that cannot be read."""
    try:
        with opening() as file, opening() as again:
            yield from _traces(file, again, name, sought)
    except OSError as error:
        raise ArchiveError(f"{name} cannot be read: {error.strerror or error}.") from error


def _traces(file: BinaryIO, again: BinaryIO, name: str, sought: Sought) -> Iterator[Trace]:
    told = frozenset(sought.told(name))
    member: _Member | None = None
    for frame in frames_of(file):
        if member is not None and frame.offset != member.offset:
            yield from _of_member(again, name, frame.offset, member, sought)
            member = None
        member = member or _Member(frame.offset)
        member.add(frame, None if isinstance(frame, Fault) else _look(frame, frame.offset in told, sought))
    if member is not None:
        yield from _of_member(again, name, again.seek(0, os.SEEK_END), member, sought)


def _goes(look: _Look | None) -> bool:
    return look is not None and look.kind in (TraceKind.PAGE, TraceKind.COPY) and not look.is_shared


def _of_member(again: BinaryIO, name: str, end: int, member: _Member, sought: Sought) -> Iterator[Trace]:
    looks = list(member.looks)
    if member.is_damaged:
        salvaged = _salvaged(again, (member.offset, end), sought)
        if not salvaged.address and (name, member.offset) in sought.places:
            of = sought.places[name, member.offset]
            salvaged = replace(salvaged, kind=TraceKind.PAGE, key=of, of=of)
        if salvaged.is_shared and any(map(_goes, looks)):
            # What it names may be told by what is sound; of the rest nobody can tell.
            salvaged = replace(salvaged, kind=TraceKind.UNREAD)
        looks.append(salvaged)
    is_sought = not member.others and all(map(_goes, looks))
    for one in looks:
        place = (name, member.offset, end if is_sought else None)
        yield Trace(*place, one.kind, one.address, one.key, one.of, one.digest, one.number)


def _salvaged(again: BinaryIO, span: tuple[int, int], sought: Sought) -> _Look:
    """Look at what is damaged as far as it can be unpacked: whatever names another page is taken for that one's."""
    again.seek(span[0])
    plain = _inflated(again.read(min(span[1] - span[0], MAX_SALVAGED)))
    addresses = list(dict.fromkeys(one[1].decode("utf-8", "replace").strip() for one in ADDRESS.finditer(plain)))
    keys = {one: identify(one) for one in addresses}
    named = [one for one in addresses if keys[one] in sought.keys]
    if named:
        return _Look(TraceKind.PAGE, named[0], keys[named[0]], keys[named[0]], is_shared=len(named) < len(addresses))
    address = addresses[0] if addresses else ""
    kind = TraceKind.MENTION if holds(plain, sought.passages) else TraceKind.UNREAD
    return _Look(kind, address, keys.get(address))


def _inflated(raw: bytes) -> bytes:
    """Return what bytes unpack to up to the one that is wrong; the bytes themselves if that is nothing."""
    unpacking, plain = zlib.decompressobj(16 + zlib.MAX_WBITS), bytearray()
    for start in range(0, len(raw), STEP):
        before, some = unpacking.copy(), raw[start : start + STEP]
        try:
            plain += unpacking.decompress(some, MAX_SALVAGED)
        except zlib.error:
            with suppress(zlib.error):
                for at in range(len(some)):
                    plain += before.decompress(some[at : at + 1])
            break
        if unpacking.eof or len(plain) > MAX_SALVAGED:
            break
    return bytes(plain) or raw


def _look(frame: Frame, is_told: bool, sought: Sought) -> _Look | None:
    if frame.kind in WITHOUT_TEXT:
        return None
    captured = captured_in(frame)
    if isinstance(captured, LeftOut):
        address = frame.headers.get("warc-target-uri", "").strip("<>")
        key, block = identify(address), frame.block or b""
        if key in sought.keys:
            return _Look(TraceKind.PAGE, address, key, key)
        return _Look(TraceKind.MENTION, address, key) if holds(block, sought.passages) else None
    keys = _keys(captured, sought)
    if own := next((key for key in keys if key in sought.keys), None):
        return _Look(TraceKind.PAGE, captured.url, keys[0], own)
    plain = _plain(captured)
    if (found := _copied(captured, keys, plain, is_told, sought)) is not None:
        return found
    if holds(plain, sought.passages):
        return _Look(TraceKind.MENTION, captured.asked_for or captured.url, keys[0] if keys else None)
    return None


def _keys(captured: Captured, sought: Sought) -> list[PageKey]:
    """Return the page that was asked for, and the one that answered in the end, where these are known."""
    found = list[PageKey]()
    for name in sorted(sought.sites):
        site = known_sites().get(name)
        key = key_of(captured, None, site) if site is not None else None
        if key is None or key.site != name:
            continue
        found.append(key)
        try:
            last = recorded_origin(key, captured.url).to_site(captured.url)
        except ArchiveError:
            continue
        shown = site.identify(last) if site is not None else None
        if shown is not None and shown not in found:
            found.append(shown)
    return found


def _plain(captured: Captured) -> bytes:
    try:
        return unpack(captured.body, captured.content_encoding).body
    except UndecodableError:
        return captured.body


def _copied(
    captured: Captured,
    keys: list[PageKey],
    plain: bytes,
    is_told: bool,
    sought: Sought,
) -> _Look | None:
    """Tell whether a record shows what is sought under another address of the same site."""
    bodies = [(BODY, digest_of(plain))] if captured.original is None else []
    for digest in (*bodies, (PAYLOAD, captured.payload_digest or "")):
        of = sought.digests.get(digest)
        if of is not None and _is_of_site(captured, keys, of):
            return _Look(TraceKind.COPY, captured.url, keys[0] if keys else None, of, digest)
    if is_told or captured.original is not None or not plain:
        return None
    wanted = {key for kind, key in ((one[0], of) for one, of in sought.digests.items()) if kind == TEXT}
    if not any(_is_of_site(captured, keys, key) for key in wanted):
        return None
    text = _text_of(captured, keys[0] if keys else min(wanted))
    of = sought.digests.get((TEXT, text or ""))
    if of is None or not _is_of_site(captured, keys, of):
        return None
    return _Look(TraceKind.COPY, captured.url, keys[0] if keys else None, of, (TEXT, text or ""))


def _is_of_site(captured: Captured, keys: list[PageKey], of: PageKey) -> bool:
    """Tell whether a record is of the site of a page, also where its address is of no page that the site declares."""
    if keys:
        return any(is_same_site(key, of) for key in keys)
    site = site_of(captured.asked_for or captured.url)
    return site is not None and site.name == of.site


def _text_of(captured: Captured, key: PageKey) -> str | None:
    """Return the hash of the text that a record reads to; None where it shows no article of some length."""
    try:
        origin = recorded_origin(key, captured.url)
        refined = understand(captured.response(origin.to_site(captured.url)), captured.asked_for, origin).refined
    except Exception:  # noqa: BLE001 - what cannot be read shows no text; its sentences are looked for by themselves
        return None
    if refined is None or refined.article is None or refined.article.word_count < MIN_WORDS:
        return None
    return refined.article.text_hash
