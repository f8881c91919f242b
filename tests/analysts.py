"""The statements of docs/analysts.md and what they say; `python -m tests.analysts` writes their outputs anew."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sqlalchemy import text

from armcrawl.items import Outcome, Page
from armcrawl.reading.page import read_page
from armcrawl.refining.chain import refine
from armcrawl.sample.articles import load_sample
from armcrawl.sample.portal import Portal
from armcrawl.sites import PageKey, address_of
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import open_database, reading
from armcrawl.store.runs.publishing import join_waiting
from tests.conftest import FETCHED_AT, TOP
from tests.store.conftest import answered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from armcrawl.items import Article
    from armcrawl.sample.articles import SampleArticle

PAGE = TOP / "docs" / "analysts.md"
ANSWERED = re.compile(r"(```sql\n(.*?)```\n\n```text\n)(.*?)(?=```)", re.DOTALL)
ADDED = "Поставщики, которые не успели продлить записи, смогут сделать это до конца января без повторной проверки."
# Articles that are edited, and days after the crawl that finds all.
EDITED = {PageKey("armtorg", "news", "431"): 1, PageKey("armtorg", "news", "433"): 2}
# An old page, as an archive has it: its header printed the rates of these days.
LOOKED_AT = PageKey("armtorg", "news", "1")
LOOKS = [datetime(2021, 8, day, 7, 0, tzinfo=UTC) for day in (20, 24, 27)]
LOOKS += [datetime(2022, 3, day, 7, 0, tzinfo=UTC) for day in (5, 14)]


def fill(url: str) -> None:
    """Store the sample as some looks at a page and a crawl of all do, and two edits days later."""
    sample, portal = load_sample(), Portal("bootstrap")
    pages = [read(portal, article, FETCHED_AT) for article in sample.articles.values()]
    for section in ("news", "reviews", "articles"):
        shown = {article.number for article in sample.of_section(section)}
        holes = set(range(1, max(shown) + 1)) - shown
        pages += [answered(Outcome.MISSING, number, section=section) for number in sorted(holes)]
    engine = open_database(url)
    for moment in LOOKS:
        write_batch(engine, [read(portal, sample.articles[LOOKED_AT], moment)], None)
    write_batch(engine, pages, None)
    for key, days in EDITED.items():
        article = sample.articles[key]
        edited = replace(article, title=f"Обновлено: {article.title}", marked=(*article.marked, ADDED))
        write_batch(engine, [read(portal, edited, FETCHED_AT + timedelta(days))], None)
    join_waiting(engine)
    engine.dispose()


def read(portal: Portal, article: SampleArticle, fetched_at: datetime) -> Page:
    """Read an article as the portal shows it."""
    found = read_page(portal.render_article(article, fetched_at.date()), address_of(article.key), fetched_at)
    refined = refine(_article(found.result), fetched_at).article
    return Page(
        article.key,
        address_of(article.key),
        fetched_at,
        Outcome.STORED,
        article=refined,
        http_status=200,
        digest=refined.content_hash,
        rates=found.rates,
    )


def _article(result: object) -> Article:
    from armcrawl.items import Article

    assert isinstance(result, Article)
    return result


def statements() -> list[tuple[str, str]]:
    """Return the statements of the document with their outputs."""
    return [(match[2], match[3]) for match in ANSWERED.finditer(PAGE.read_text(encoding="utf-8"))]


def answer(engine: Engine, statement: str) -> str:
    """Return what a database says, as columns of text."""
    with reading(engine) as connection:
        found = connection.execute(text(statement))
        rows = [list(found.keys()), *([_cell(value) for value in row] for row in found)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "".join(f"{line}\n" for line in _lines(rows, widths))


def _lines(rows: list[list[str]], widths: list[int]) -> Iterator[str]:
    for number, row in enumerate(rows):
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        if number == 0:
            yield "  ".join("-" * width for width in widths)


def _cell(value: object) -> str:
    # A list is the text that SQLite has.
    value = json.dumps(value, ensure_ascii=False, separators=(",", ":")) if isinstance(value, list) else value
    return "" if value is None else str(value)


def main() -> None:
    """Write all outputs anew."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'sample.db'}"
        fill(url)
        engine = open_database(url)
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(ANSWERED.sub(lambda match: match[1] + answer(engine, match[2]), page), encoding="utf-8")
        engine.dispose()


if __name__ == "__main__":
    main()
