"""Pages to read: the sample portal's in its markups, and real ones, which are other people's.

Real pages lie beside the checkout, and not in it (as for `tests/quality`): `articles.jsonl` and `others.jsonl` tell
address and time of fetch of each, and folders of these names hold them as `ID.html.gz`.
"""

from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

from armcrawl.sample.articles import load_sample
from armcrawl.sample.portal import MARKUPS, Portal
from armcrawl.sites import address_of

FOLDER = Path(__file__).parents[2] / "shared" / "real-pages"
NO_REAL_PAGES = f"there is no folder {FOLDER.name} in a folder shared beside the checkout"
FETCHED_AT = datetime(2026, 11, 23, 7, tzinfo=UTC)


class Sent(NamedTuple):
    """A page as a server sends it, and its text as a browser decodes it."""

    body: bytes
    address: str
    fetched_at: datetime
    text: str


def own_pages(step: int) -> list[Sent]:
    """Return every so-manieth article of the sample, in each markup."""
    articles = list(load_sample().articles.values())[::step]
    found: list[Sent] = []
    for markup, charset in MARKUPS.items():
        portal = Portal(markup)
        for article in articles:
            body = portal.render_article(article, date(2026, 11, 23))
            found.append(Sent(body, address_of(article.key), FETCHED_AT, body.decode(charset)))
    return found


def real_pages(kind: str, step: int = 1, folder: Path = FOLDER) -> list[Sent]:
    """Return every so-manieth real page of a kind, `articles` or `others`; none where there is no such folder."""
    index = folder / f"{kind}.jsonl"
    if not index.exists():
        return []
    return [_saved(json.loads(row), folder / kind) for row in index.read_text(encoding="utf-8").splitlines()[::step]]


def _saved(row: dict[str, str], folder: Path) -> Sent:
    body = gzip.decompress((folder / f"{row['id']}.html.gz").read_bytes())
    fetched_at = datetime.fromisoformat(row["fetched_at"]) if "fetched_at" in row else FETCHED_AT
    return Sent(body, row["url"], fetched_at, body.decode("utf-8", "replace"))
