"""The list of what was taken down, and what tells such a page that comes in again under another id or address.

Evidence are digests of the page as unpacked, as received, and of its text. What is short, or stands on many pages, is
none: an error page, an empty body or a boilerplate text must not take innocent pages down.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from sqlalchemy import select

from armcrawl.errors import UsageError
from armcrawl.items import Outcome, Pickled
from armcrawl.sites import PageKey, known_sites
from armcrawl.store.base.database import reading
from armcrawl.store.base.enumerations import BODY, PAYLOAD, TEXT, DigestKind
from armcrawl.store.base.schema import removal_digests, removals
from armcrawl.store.base.sql import chunks, upsert

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection, Engine

    from armcrawl.items import Page

# A site has a page under its own id, in another section, and as printed: three more. What further pages show as well is
# boilerplate, and tells nothing.
MAX_COPIES = 3
# The stage in which a page waits that too many others are like.
STAGE = "removal"
# How an outcome's reason begins where another page's address answered in the end.
REDIRECTS = "redirects to "

Digest = tuple[str, str]
"""A kind, and the digest itself."""


@dataclass(frozen=True, slots=True)
class Removal(Pickled):
    """A page that was taken down: why, when, and what tells its text; `copy_of` is the page whose text it had."""

    key: PageKey
    reason: str
    removed_at: datetime
    digests: frozenset[Digest] = field(default=frozenset())
    copy_of: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values, for a file."""
        return {
            "key": str(self.key),
            "reason": self.reason,
            "removed_at": self.removed_at.isoformat(),
            "copy_of": self.copy_of,
            "digests": [list(one) for one in sorted(self.digests)],
        }

    @classmethod
    def from_json(cls, told: Any) -> Self:
        """Return what `to_json` has told; raises UsageError for what is none."""
        try:
            digests = frozenset((str(kind), str(digest)) for kind, digest in told["digests"])
            moment = datetime.fromisoformat(told["removed_at"])
            key = key_of(told["key"])
            is_sound = moment.tzinfo is not None and all(kind in set(DigestKind) and value for kind, value in digests)
            if not is_sound or not isinstance(told["reason"], str):
                raise ValueError
            return cls(key, told["reason"], moment, digests, told.get("copy_of"))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise UsageError("This is no list of removals: `armcrawl removals export` writes one.") from error


class Match(NamedTuple):
    """A page that shows what was taken down: the key of that, the reason, and whether it only redirects there.

    `is_shared` says that too many pages show it: a person has to judge.
    """

    key: PageKey
    reason: str
    is_redirect: bool = False
    is_shared: bool = False


def key_of(written: str) -> PageKey:
    """Return a key from its written form; raises ValueError for none."""
    site, section, external_id = written.split("/", 2)
    return PageKey(site, section, external_id)


def is_same_site(one: PageKey, other: PageKey) -> bool:
    """Tell whether two pages are of one site; of single pages of any host, whether they are of one host."""
    if one.site != other.site:
        return False
    site = known_sites().get(one.site)
    return site is None or not site.is_any or _host(one) == _host(other)


def _host(key: PageKey) -> str:
    return key.external_id.partition("/")[0].partition("?")[0]


def listed(engine: Engine) -> list[Removal]:
    """Return all that was taken down, the oldest first."""
    with reading(engine) as connection:
        return removals_in(connection)


def removals_in(connection: Connection, *keys: PageKey) -> list[Removal]:
    """Return what was taken down, the oldest first; only of some keys, if any are given."""
    digests: dict[int, set[Digest]] = {}
    for row in connection.execute(select(removal_digests)):
        digests.setdefault(row.removal_id, set()).add((row.kind, row.digest))
    query = select(removals).order_by(removals.c.removed_at, removals.c.key)
    if keys:
        query = query.where(removals.c.key.in_([str(key) for key in keys]))
    return [
        Removal(key_of(row.key), row.reason, row.removed_at, frozenset(digests.get(row.id, ())), row.copy_of)
        for row in connection.execute(query)
    ]


def note(connection: Connection, removal: Removal) -> None:
    """Put a page on the list; what is known of it already stays, and further digests are added."""
    row = {"key": str(removal.key), "reason": removal.reason, "removed_at": removal.removed_at}
    upsert(connection, removals, [row | {"copy_of": removal.copy_of}], ("key",))
    query = select(removals.c.id).where(removals.c.key == str(removal.key))
    removal_id = connection.execute(query).scalar_one()
    rows = [{"removal_id": removal_id, "kind": kind, "digest": digest} for kind, digest in sorted(removal.digests)]
    upsert(connection, removal_digests, rows, ("removal_id", "kind", "digest"))


def matches(connection: Connection, pages: Sequence[Page]) -> list[Match | None]:
    """Return for each page what was taken down that it is, or shows; None for all others."""
    if connection.execute(select(removals.c.id).limit(1)).scalar() is None:
        return [None] * len(pages)
    reasons = _reasons(connection, {str(page.key) for page in pages} | {_target(page) for page in pages})
    known = _known(connection, {digest for page in pages for _, digest in digests_of(page)})
    found = [_match(page, reasons, known) for page in pages]
    shared = _shared(connection, zip(pages, found, strict=True))
    return [one._replace(is_shared=one.key in shared) if one and not one.is_redirect else one for one in found]


def withheld(page: Page, match: Match) -> Page:
    """Return a page as it waits for a person: what it shows was taken down, and too many others show it."""
    said = f"many pages show what was taken down as {match.key}: `armcrawl remove` takes this one down"
    return replace(page, outcome=Outcome.QUARANTINED, article=None, stage=STAGE, reason=said)


def _shared(connection: Connection, met: Iterable[tuple[Page, Match | None]]) -> set[PageKey]:
    """Return what was taken down that more pages show than can be copies, with those that went for it before."""
    copies = defaultdict[PageKey, set[str]](set)
    for page, match in met:
        if match is not None and not match.is_redirect and match.key != page.key:
            copies[match.key].add(str(page.key))
    query = select(removals.c.key, removals.c.copy_of)
    for some in chunks(sorted(str(key) for key in copies)):
        for row in connection.execute(query.where(removals.c.copy_of.in_(some))):
            copies[key_of(row.copy_of)].add(row.key)
    return {key for key, pages in copies.items() if len(pages) > MAX_COPIES}


def digests_of(page: Page) -> list[Digest]:
    """Return the digests of a page that came in: of its body, its payload, and its text."""
    payload = page.record.payload_digest if page.record is not None else None
    text = page.article.text_hash if page.article is not None else None
    return [(kind, one) for kind, one in ((BODY, page.digest), (PAYLOAD, payload), (TEXT, text)) if one]


def _target(page: Page) -> str:
    """Return the key of the page that a redirect has led to, an empty one where none has."""
    reason = page.reason or ""
    return reason.removeprefix(REDIRECTS) if reason.startswith(REDIRECTS) else ""


def _match(page: Page, reasons: Mapping[str, str], known: Mapping[Digest, list[Match]]) -> Match | None:
    if (reason := reasons.get(str(page.key))) is not None:
        return Match(page.key, reason)
    target = _target(page)
    if target in reasons:
        return Match(key_of(target), reasons[target], is_redirect=True)
    for digest in digests_of(page):
        for match in known.get(digest, ()):
            if is_same_site(match.key, page.key):
                return match._replace(is_redirect=bool(target))
    return None


def _reasons(connection: Connection, keys: Iterable[str]) -> dict[str, str]:
    query = select(removals.c.key, removals.c.reason)
    found: dict[str, str] = {}
    for some in chunks(sorted(set(keys))):
        found |= {row.key: row.reason for row in connection.execute(query.where(removals.c.key.in_(some)))}
    return found


def _known(connection: Connection, digests: Iterable[str]) -> dict[Digest, list[Match]]:
    columns = (removal_digests.c.kind, removal_digests.c.digest, removals.c.key, removals.c.reason)
    query = select(*columns).join(removals, removals.c.id == removal_digests.c.removal_id).order_by(removals.c.key)
    found: dict[Digest, list[Match]] = {}
    for some in chunks(sorted(set(digests))):
        for row in connection.execute(query.where(removal_digests.c.digest.in_(some))):
            found.setdefault((row.kind, row.digest), []).append(Match(key_of(row.key), row.reason))
    return found
