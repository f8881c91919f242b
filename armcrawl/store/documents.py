"""The one codec between an article and the row of a version: scalars and body as columns, the rest as one document.

What a page tells of itself (section, id, exchange rates) is not the article's, and stands with the page. A new field
is a line in `SCALARS`, with a column, or in `PARTS`, without one.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from armcrawl.items import (
    Article,
    Attribution,
    Evidence,
    Image,
    Link,
    Precision,
    Published,
    Source,
    SourceKind,
    Tag,
    TagKind,
)
from armcrawl.store import schema

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Column

versions = schema.article_versions

Row = Any
"""A row of `article_versions`, or one that has its COLUMNS."""


def _published(name: str) -> Callable[[Article], Any]:
    return lambda article: getattr(article.published, name) if article.published else None


# Column → what an article says there.
SCALARS: Mapping[str, Callable[[Article], Any]] = {
    "title": lambda article: article.title,
    "lead": lambda article: article.lead,
    "body": lambda article: article.body,
    "published_on": _published("date"),
    "date_precision": _published("precision"),
    "published_at": _published("time"),
    "date_text": lambda article: article.date_text,
    "attribution": lambda article: article.attribution.line if article.attribution else None,
    "author": lambda article: article.author,
    "word_count": lambda article: article.word_count,
    "content_hash": lambda article: article.content_hash,
    "text_hash": lambda article: article.text_hash,
}
# Part of the document → what an article says there; what is empty is left out.
PARTS: Mapping[str, Callable[[Article], Any]] = {
    "tags": lambda article: [_values(tag) for tag in article.tags],
    "sources": lambda article: (
        [_values(source) for source in article.attribution.sources] if article.attribution else []
    ),
    "images": lambda article: [_values(image) for image in article.images],
    "links": lambda article: [_values(link) for link in article.links],
    "evidence": lambda article: {field: _evidence(found) for field, found in article.evidence.items()},
    "notes": lambda article: list(article.notes),
}
COLUMNS = (*SCALARS, "document")
# What follows from the others, and how they were found: no difference between two readings.
NOT_COMPARED = {"word_count", "content_hash", "text_hash", "evidence", "notes"}


def row_of(article: Article) -> dict[str, Any]:
    """Return what an article's row says in COLUMNS."""
    document = {name: part for name, part_of in PARTS.items() if (part := part_of(article))}
    return {name: value_of(article) for name, value_of in SCALARS.items()} | {"document": document}


def fields_of(article: Article) -> dict[str, Any]:
    """Return the fields by which two readings are compared, as JSON has them."""
    row = row_of(article)
    fields = {name: row[name] for name in SCALARS} | {name: row["document"].get(name, []) for name in PARTS}
    return {name: _plain(value) for name, value in fields.items() if name not in NOT_COMPARED}


def _plain(value: Any) -> Any:
    """Return a day or a moment in ISO 8601, moments in UTC; all else as it is."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def article_of(row: Row) -> Article:
    """Return the article of a row that has COLUMNS; raises LookupError, TypeError or ValueError for no such row."""
    document = row.document
    return Article(
        title=row.title,
        paragraphs=tuple(row.body.split("\n\n")) if row.body else (),
        lead=row.lead,
        date_text=row.date_text,
        attribution=Attribution(row.attribution, sources_of(document)) if row.attribution is not None else None,
        tags=tags_of(document),
        author=row.author,
        images=tuple(Image(*values) for values in document.get("images", ())),
        links=tuple(Link(*values) for values in document.get("links", ())),
        published=published_of(row),
        content_hash=row.content_hash,
        text_hash=row.text_hash,
        evidence={field: Evidence(**found) for field, found in document.get("evidence", {}).items()},
        notes=tuple(document.get("notes", ())),
    )


def columns() -> list[Column[Any]]:
    """Return the columns that make an article."""
    return [versions.c[name] for name in COLUMNS]


def published_of(row: Row) -> Published | None:
    """Return when a version says that it was published."""
    if row.published_on is None:
        return None
    return Published(row.published_on, Precision(row.date_precision), row.published_at)


def tags_of(document: Mapping[str, Any]) -> tuple[Tag, ...]:
    """Return the tags of a document: their names are not read again, which takes a dictionary of 20 MB."""
    return tuple(_tag(*values) for values in document.get("tags", ()))


def _tag(printed: str, address: str | None, name: str, key: str, slug: str, kind: str | None, confidence: float) -> Tag:
    return Tag(printed, address, name, key, slug, TagKind(kind) if kind else None, confidence)


def sources_of(document: Mapping[str, Any]) -> tuple[Source, ...]:
    """Return the sources of a document."""
    return tuple(
        Source(printed, name, SourceKind(kind) if kind else None, address)
        for printed, name, kind, address in document.get("sources", ())
    )


def _values(part: Tag | Source | Image | Link) -> list[Any]:
    return [getattr(part, name) for name in part.__match_args__]


def _evidence(found: Evidence) -> dict[str, Any]:
    """Return what is stored of a field's evidence: what is not known is left out."""
    return {name: value for name, value in asdict(found).items() if value is not None}
