"""Writing a batch of pages: articles, their links and the ledger, all in one transaction."""

from __future__ import annotations

import zlib
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, case, exists, func, insert, literal_column, select, update

from armcrawl import PARSER_VERSION
from armcrawl.items import Outcome, Page
from armcrawl.russian.tags import tag_key
from armcrawl.store import schema
from armcrawl.store.search import index_articles
from armcrawl.store.upsert import ids_of, insert_for, upsert

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import BindParameter, Connection, Engine

    from armcrawl.addresses import PageKey
    from armcrawl.items import Article


@dataclass(slots=True)
class Written:
    """What a batch did: pages by outcome, and articles new, changed and unchanged."""

    pages: Counter[str] = field(default_factory=Counter)
    new: int = 0
    changed: int = 0
    unchanged: int = 0


def write_batch(engine: Engine, pages: Sequence[Page], run_id: int | None) -> Written:
    """Store a batch of pages; either all of it is in the database afterwards, or nothing.

    Of two answers for one page in a batch the later one counts; a failure says less than any answer.
    """
    latest: dict[PageKey, Page] = {}
    for page in pages:
        if page.key not in latest or page.outcome is not Outcome.FAILED:
            latest[page.key] = page
    if not latest:
        return Written()
    with engine.begin() as connection:
        return _Batch(connection, list(latest.values()), run_id).write()


class _Batch:
    def __init__(self, connection: Connection, pages: list[Page], run_id: int | None) -> None:
        self.connection = connection
        self.pages = pages
        self.run_id = run_id
        self.page_ids: dict[tuple[str, str, str], int] = {}
        self.capture_ids: dict[int, int] = {}

    def write(self) -> Written:
        self._write_ledger()
        self._write_captures()
        self._write_quarantine()
        self._write_rates()
        return self._write_articles()

    def _page_id(self, page: Page) -> int:
        return self.page_ids[page.key.site, page.key.section, page.key.external_id]

    def _write_ledger(self) -> None:
        pages = schema.pages
        statement = insert_for(self.connection, pages)
        new = statement.excluded
        # Written out: SQLAlchemy would take pages.c.id for another look at the whole table.
        was_stored = exists().where(schema.articles.c.page_id == literal_column("pages.id"))
        is_failure = new.outcome == Outcome.FAILED
        # A failure says nothing of the page: what we knew of it stays, and it is asked for again.
        known = is_failure & (pages.c.outcome != Outcome.FAILED)
        columns = {
            "outcome": case(
                (was_stored & (new.outcome == Outcome.MISSING), Outcome.GONE.value),
                (known, pages.c.outcome),
                else_=new.outcome,
            ),
            "reason": case((known, pages.c.reason), else_=new.reason),
            "attempts": case((is_failure, pages.c.attempts + 1), else_=0),
            "last_error": new.last_error,
            "http_status": new.http_status,
            "fetched_at": new.fetched_at,
            "next_check_at": new.next_check_at,
        }
        for name in ("etag", "last_modified", "digest"):
            columns[name] = case((new[name].is_not(None), new[name]), else_=pages.c[name])
        statement = statement.on_conflict_do_update(index_elements=["site", "section", "external_id"], set_=columns)
        self.connection.execute(statement, [_ledger_row(page) for page in self.pages])
        sections: dict[tuple[str, str], list[str]] = {}
        for page in self.pages:
            sections.setdefault((page.key.site, page.key.section), []).append(page.key.external_id)
        for (site, section), external_ids in sections.items():
            # Written into the statement: with parameters PostgreSQL comes to a plan that reads the whole section.
            ids: BindParameter[str] = bindparam("external_ids", external_ids, expanding=True, literal_execute=True)
            query = select(pages.c.external_id, pages.c.id).where(
                pages.c.site == site, pages.c.section == section, pages.c.external_id.in_(ids)
            )
            for row in self.connection.execute(query):
                self.page_ids[site, section, row.external_id] = row.id

    def _write_captures(self) -> None:
        answered = [page for page in self.pages if page.digest is not None]
        rows = [
            {
                "page_id": self._page_id(page),
                "fetched_at": page.fetched_at,
                "http_status": page.http_status,
                "digest": page.digest,
            }
            for page in answered
        ]
        upsert(self.connection, schema.captures, rows, ("page_id", "fetched_at"), ("http_status", "digest"))
        captures = schema.captures
        query = (
            select(captures.c.page_id, func.max(captures.c.id).label("id"))
            .where(captures.c.page_id.in_([row["page_id"] for row in rows]))
            .group_by(captures.c.page_id)
        )
        self.capture_ids = {row.page_id: row.id for row in self.connection.execute(query)}

    def _insert(self, table: Any, rows: Sequence[Mapping[str, Any]]) -> list[int]:
        """Insert rows and return their ids in the same order."""
        if not rows:
            return []
        statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
        return list(self.connection.execute(statement, list(rows)).scalars())

    def _write_quarantine(self) -> None:
        rows = [
            {
                "page_id": self._page_id(page),
                "stage": page.stage or "reading",
                "reason": page.reason or "unknown",
                "capture_id": self.capture_ids.get(self._page_id(page)),
                "body": zlib.compress(page.body),
                "content_type": page.content_type,
                "created_at": page.fetched_at,
                "resolved_at": None,
            }
            for page in self.pages
            if page.outcome is Outcome.QUARANTINED
        ]
        replaced = ("reason", "capture_id", "body", "content_type", "created_at", "resolved_at")
        upsert(self.connection, schema.quarantine, rows, ("page_id", "stage"), replaced)
        understood = [self._page_id(page) for page in self.pages if page.outcome is Outcome.STORED]
        if understood:
            table = schema.quarantine
            waiting = table.c.page_id.in_(understood) & table.c.resolved_at.is_(None)
            now = max(page.fetched_at for page in self.pages)
            self.connection.execute(update(table).where(waiting).values(resolved_at=now))

    def _write_rates(self) -> None:
        rows = {
            (page.key.site, page.rates.day): {"site": page.key.site, **asdict(page.rates)}
            for page in self.pages
            if page.rates is not None
        }
        upsert(self.connection, schema.exchange_rates, list(rows.values()), ("site", "day"))

    def _write_articles(self) -> Written:
        read = {
            self._page_id(page): (page, page.article)
            for page in self.pages
            if page.article is not None and page.outcome is Outcome.STORED
        }
        stored = self._stored_hashes(list(read))
        written = Written(Counter(page.outcome.value for page in self.pages))
        fresh: list[tuple[int, int, Page, Article]] = []
        new_pages = [page_id for page_id in read if page_id not in stored]
        rows = [
            {"page_id": page_id, "key": str(read[page_id][0].key), "current_version": 1, "published_version": 1}
            for page_id in new_pages
        ]
        for page_id, article_id in zip(new_pages, self._insert(schema.articles, rows), strict=True):
            fresh.append((article_id, 1, *read[page_id]))
            written.new += 1
        for page_id, (article_id, number, content_hash) in stored.items():
            page, article = read[page_id]
            if article.content_hash == content_hash:
                written.unchanged += 1
                continue
            fresh.append((article_id, number + 1, page, article))
            written.changed += 1
        self._write_versions(fresh)
        return written

    def _stored_hashes(self, page_ids: list[int]) -> dict[int, tuple[int, int, str]]:
        """Return article id, version number and content hash by page, for articles that we hold."""
        articles, versions = schema.articles, schema.article_versions
        query = (
            select(articles.c.page_id, articles.c.id, articles.c.current_version, versions.c.content_hash)
            .join(
                versions,
                (versions.c.article_id == articles.c.id) & (versions.c.number == articles.c.current_version),
            )
            .where(articles.c.page_id.in_(page_ids))
        )
        return {row[0]: (row[1], row[2], row[3]) for row in self.connection.execute(query)}

    def _write_versions(self, fresh: Sequence[tuple[int, int, Page, Article]]) -> None:
        if not fresh:
            return
        rows = [
            {
                "article_id": article_id,
                "number": number,
                "run_id": self.run_id,
                "cause": "fetch",
                "capture_id": self.capture_ids.get(self._page_id(page)),
                "parser_version": PARSER_VERSION,
                "created_at": page.fetched_at,
                **_version_row(article),
            }
            for article_id, number, page, article in fresh
        ]
        self.connection.execute(insert(schema.article_versions), rows)
        changed = [(article_id, number) for article_id, number, _, _ in fresh if number > 1]
        articles = schema.articles
        for article_id, number in changed:
            self.connection.execute(
                update(articles)
                .where(articles.c.id == article_id)
                .values(current_version=number, published_version=number)
            )
        self._unlink([article_id for article_id, _ in changed])
        links = [(article_id, article) for article_id, _, _, article in fresh]
        self._link_tags(links)
        self._link_sources(links)
        self._link_images(links)
        index_articles(
            self.connection,
            [
                (
                    article_id,
                    page.key,
                    article.published.date if article.published else None,
                    article.title,
                    article.body,
                )
                for article_id, _, page, article in fresh
            ],
        )

    def _unlink(self, article_ids: list[int]) -> None:
        """Take away what belonged to an older version."""
        if not article_ids:
            return
        for table in (schema.article_tags, schema.article_sources, schema.images, schema.article_links):
            self.connection.execute(table.delete().where(table.c.article_id.in_(article_ids)))

    def _link_tags(self, links: Sequence[tuple[int, Article]]) -> None:
        forms = {tag.printed: tag for _, article in links for tag in article.tags}
        known = schema.tag_forms
        query = select(known.c.form, known.c.tag_id).where(known.c.form.in_(list(forms)))
        tag_of = {row[0]: row[1] for row in self.connection.execute(query)}
        unknown = [tag for printed, tag in forms.items() if printed not in tag_of]
        rows = [{"key": tag.key, "name": tag.name, "slug": tag.slug} for tag in unknown]
        upsert(self.connection, schema.tags, rows, ("key",))
        ids = ids_of(self.connection, schema.tags, "key", (tag.key for tag in unknown))
        tag_of |= {tag.printed: ids[tag.key] for tag in unknown}
        upsert(
            self.connection,
            known,
            [{"form": tag.printed, "tag_id": ids[tag.key]} for tag in unknown],
            ("form",),
        )
        self._insert_links(
            schema.article_tags,
            [
                {
                    "article_id": article_id,
                    "position": position,
                    "tag_id": tag_of[tag.printed],
                    "form": tag.printed,
                    "address": tag.address,
                }
                for article_id, article in links
                for position, tag in enumerate(article.tags)
            ],
        )

    def _link_sources(self, links: Sequence[tuple[int, Article]]) -> None:
        named = [
            (article_id, line, line.source)
            for article_id, article in links
            if (line := article.attribution) is not None and line.source
        ]
        rows = {tag_key(source): {"key": tag_key(source), "name": source} for _, _, source in named}
        upsert(self.connection, schema.sources, list(rows.values()), ("key",))
        ids = ids_of(self.connection, schema.sources, "key", rows)
        self._insert_links(
            schema.article_sources,
            [
                {
                    "article_id": article_id,
                    "position": 0,
                    "source_id": ids[tag_key(source)],
                    "form": source,
                    "address": line.address,
                }
                for article_id, line, source in named
            ],
        )

    def _link_images(self, links: Sequence[tuple[int, Article]]) -> None:
        for table, of in ((schema.images, "images"), (schema.article_links, "links")):
            rows = [
                {"article_id": article_id, "position": position, **asdict(item)}
                for article_id, article in links
                for position, item in enumerate(getattr(article, of))
            ]
            self._insert_links(table, rows)

    def _insert_links(self, table: Any, rows: list[dict[str, Any]]) -> None:
        if rows:
            self.connection.execute(insert(table), rows)


def _ledger_row(page: Page) -> dict[str, Any]:
    failed = page.outcome is Outcome.FAILED
    return {
        "site": page.key.site,
        "section": page.key.section,
        "external_id": page.key.external_id,
        "number": page.key.number,
        "address": page.key.address,
        "outcome": page.outcome.value,
        "reason": page.reason,
        "http_status": page.http_status,
        "etag": page.etag,
        "last_modified": page.last_modified,
        "digest": page.digest,
        "first_seen_at": page.fetched_at,
        "fetched_at": page.fetched_at,
        "next_check_at": None,
        "attempts": int(failed),
        "last_error": page.reason if failed else None,
    }


def _version_row(article: Article) -> dict[str, Any]:
    published = article.published
    return {
        "evidence": {field: asdict(found) for field, found in article.evidence.items()},
        "title": article.title,
        "lead": article.lead,
        "body": article.body,
        "published_on": published.date if published else None,
        "date_precision": published.precision.value if published else None,
        "published_at": published.time if published else None,
        "date_text": article.date_text,
        "attribution": article.attribution.line if article.attribution else None,
        "author": article.author,
        "word_count": article.word_count,
        "content_hash": article.content_hash,
        "text_hash": article.text_hash,
    }
