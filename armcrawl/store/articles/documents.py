"""The one codec between an article and the row of a version: scalars and body as columns, the rest as one document.

What a page tells of itself (section, id, exchange rates) is not the article's, and stands with the page. A new field
is a line in `SCALARS`, with a column, or in `PARTS`, without one.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, date, datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import ValidationError, convert

from armcrawl.items import Article, Attribution, Evidence, Image, Link, Precision, Published, Source, Tag
from armcrawl.store.base.schema import article_versions as versions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Column


Row = Any
"""A row of `article_versions`, or one that has its COLUMNS."""
Item = TypeVar("Item", Tag, Source, Image, Link)


class DocumentError(ValueError):
    """A document that cannot be read: it is damaged, or a newer armcrawl wrote it."""


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
    "document_hash": lambda article: article.document_hash,
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
LISTS = ("tags", "sources", "images", "links", "notes")
COLUMNS = (*SCALARS, "document")
_VALUES: Mapping[type[Tag | Source | Image | Link], Callable[[Any], tuple[Any, ...]]] = {
    kind: attrgetter(*kind.__match_args__) for kind in (Tag, Source, Image, Link)
}
# What follows from the others, and how they were found: no difference between two readings.
NOT_COMPARED = {"word_count", "content_hash", "document_hash", "text_hash", "evidence", "notes"}
# Fields of an article from which all that is compared follows: those that a document has.
OF_PAGE = {"section", "external_id", "rates"}
COMPARED = tuple(one.name for one in fields(Article) if one.compare and one.name not in NOT_COMPARED | OF_PAGE)


def row_of(article: Article) -> dict[str, Any]:
    """Return what an article's row says in COLUMNS."""
    document = {name: part for name, part_of in PARTS.items() if (part := part_of(article))}
    return {name: value_of(article) for name, value_of in SCALARS.items()} | {"document": document}


def fields_of(article: Article) -> dict[str, Any]:
    """Return the fields by which two readings are compared, as JSON has them."""
    row = row_of(article)
    fields = {name: row[name] for name in SCALARS} | {name: row["document"].get(name, []) for name in PARTS}
    return {name: _plain(value) for name, value in fields.items() if name not in NOT_COMPARED}


def shows_same(one: Article, other: Article) -> bool:
    """Tell quickly whether two readings are equal in all that is compared: `fields_of` takes many times as long."""
    return all(getattr(one, name) == getattr(other, name) for name in COMPARED)


def pieces_of(value: Any) -> list[str]:
    """Return the pieces in which a change of a field is shown: paragraphs of a text, items of a list."""
    if isinstance(value, list):
        return [" · ".join(str(part) for part in item if part) for item in value]
    return str(value).split("\n\n") if value else []


def _plain(value: Any) -> Any:
    """Return a day or a moment in ISO 8601, moments in UTC; all else as it is."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def article_of(row: Row) -> Article:
    """Return the article of a row that has COLUMNS; raises DocumentError for one that cannot be read."""
    document = document_of(row)
    return Article(
        title=row.title,
        paragraphs=tuple(row.body.split("\n\n")) if row.body else (),
        lead=row.lead,
        date_text=row.date_text,
        attribution=Attribution(row.attribution, sources_of(document)) if row.attribution is not None else None,
        tags=tags_of(document),
        author=row.author,
        images=tuple(_items(document, "images", Image)),
        links=tuple(_items(document, "links", Link)),
        published=published_of(row),
        content_hash=row.content_hash,
        document_hash=row.document_hash,
        text_hash=row.text_hash,
        evidence=evidence_of(document),
        notes=tuple(document.get("notes", ())),
    )


def article_text_of(row: Row) -> Article:
    """Return what the columns of a row tell by themselves: title, paragraphs, and the date if it can be read."""
    try:
        published = published_of(row)
    except DocumentError:
        published = None
    return Article(row.title, tuple(row.body.split("\n\n")) if row.body else (), published=published)


def columns() -> list[Column[Any]]:
    """Return the columns that make an article."""
    return [versions.c[name] for name in COLUMNS]


def document_of(row: Row) -> Mapping[str, Any]:
    """Return the document of a row; raises DocumentError for none, and for one with a part that is not known here."""
    document = row.document
    if not isinstance(document, dict) or not all(isinstance(document.get(name, []), list) for name in LISTS):
        raise DocumentError("the document is damaged")
    if unknown := sorted(document.keys() - PARTS.keys()):
        raise DocumentError(f"the document has a part that is not known here: {', '.join(unknown)}")
    return document


def published_of(row: Row) -> Published | None:
    """Return when a version says that it was published."""
    if row.published_on is None:
        return None
    try:
        return Published(row.published_on, Precision(row.date_precision), row.published_at)
    except ValueError as error:
        raise DocumentError(f"the date is none that is known here: {error}") from error


def tags_of(document: Mapping[str, Any]) -> tuple[Tag, ...]:
    """Return the tags of a document: their names are not read again, which takes a dictionary of 20 MB."""
    return _items(document, "tags", Tag)


def sources_of(document: Mapping[str, Any]) -> tuple[Source, ...]:
    """Return the sources of a document."""
    return _items(document, "sources", Source)


def evidence_of(document: Mapping[str, Any]) -> dict[str, Evidence]:
    """Return the evidence of a document, by field."""
    stored = document.get("evidence", {})
    try:
        evidence = convert(stored, dict[str, Evidence])
    except ValidationError as error:
        raise DocumentError(f"the document has evidence that is none here: {error}") from error
    if unknown := sorted({name for found in stored.values() for name in found} - set(Evidence.__match_args__)):
        raise DocumentError(f"the document has evidence that is none here: {', '.join(unknown)}")
    return evidence


def _items(document: Mapping[str, Any], name: str, kind: type[Item]) -> tuple[Item, ...]:
    """Return the items of a part, each from the list of its values."""
    stored, names = document.get(name, ()), kind.__match_args__
    if odd := [values for values in stored if not isinstance(values, list) or len(values) > len(names)]:
        raise DocumentError(f"the document has {name} that are none here: {odd[0]}")
    try:
        return tuple(convert([dict(zip(names, values, strict=False)) for values in stored], list[kind]))  # type: ignore[valid-type]  # the table says which
    except ValidationError as error:
        raise DocumentError(f"the document has {name} that are none here: {error}") from error


def _values(part: Tag | Source | Image | Link) -> list[Any]:
    return list(_VALUES[type(part)](part))


def _evidence(found: Evidence) -> dict[str, Any]:
    """Return what is stored of a field's evidence: what is not known is left out."""
    return {name: value for name in Evidence.__match_args__ if (value := getattr(found, name)) is not None}
