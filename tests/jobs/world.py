"""A small archive and its database, for takedowns."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import text

from armcrawl.archive.imported_files import captures_in
from armcrawl.archive.reading import Captured
from armcrawl.archive.writing import ArchiveTarget, ArchiveWriter
from armcrawl.jobs import removing
from armcrawl.jobs.importing import Import
from armcrawl.sites import PageKey, site_named
from armcrawl.store.articles.returning import wipe_returned
from armcrawl.store.base.database import reading
from armcrawl.store.base.enumerations import FETCH, IMPORT
from armcrawl.store.runs import run_record
from tests.archive.conftest import exchange
from tests.conftest import FETCHED_AT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import Any

    from sqlalchemy import Engine

    from armcrawl.archive.storage import Storage, StoredFile

KEY = PageKey("armtorg", "news", "433")
TITLE = "Курганский завод остановил печь номер два"
SENTENCES = (
    "Вторая плавильная печь Курганского завода остановлена на внеплановый ремонт до середины сентября.",
    "О причинах остановки предприятие не сообщает, но поставщики огнеупоров получили новые заявки.",
)
OTHER = (
    "На Пензенском заводе начали сборку шаровых кранов большого диаметра для северных месторождений.",
    "Первую партию из сорока изделий отгрузят заказчику в ноябре, сообщили в отделе сбыта.",
)


def html(title: str = TITLE, sentences: tuple[str, ...] = SENTENCES, more: str = "", charset: str = "utf-8") -> bytes:
    """Return a page as a site of the trade shows it."""
    paragraphs = "".join(f"<p>{one}</p>" for one in sentences)
    page = f"""<!DOCTYPE html><html><head><meta charset="{charset}"><title>{title}</title></head><body>
        <article><h1>{title}</h1><time datetime="2016-05-31">31 мая 2016</time>{paragraphs}</article>{more}
        </body></html>"""
    return page.encode(charset)


@dataclass
class World:
    """A database, its archive, and what fills both."""

    engine: Engine
    storage: Storage

    @property
    def folder(self) -> Path:
        return self.storage.local

    def record(self, url: str, body: bytes, *, days: int = 0, **fields: Any) -> None:
        """Put an answer into a file of its own of the archive, which no database names yet."""
        writer = ArchiveWriter(ArchiveTarget(self.storage, f"file{len(self.storage.files())}"))
        moment = FETCHED_AT + timedelta(days=days)
        writer.write(exchange(url=url, body=body, fetched_at=moment, **{"address": url} | fields))
        writer.close()

    def read(self) -> dict[str, int]:
        """Bring what the archive holds into the database, as it was fetched."""
        return self.bring(self.storage.files(), FETCH)

    def bring(self, files: Sequence[Path | StoredFile], cause: str = IMPORT) -> dict[str, int]:
        """Import files, as `backfill --warc` does."""
        site = site_named("armtorg")
        writer = ArchiveWriter(ArchiveTarget(self.storage, "import"))
        work = Import(self.engine, self.storage, site, writer, cause)
        found = work.scan(files, None, [one.name for one in site.sections])
        pages: dict[str, int] = {}
        for batch in work.run(found, run_record.begin_run(self.engine, "armtorg", "import", {})):
            for outcome, number in batch.pages.items():
                pages[outcome] = pages.get(outcome, 0) + number
        wipe_returned(self.engine, self.storage)
        return pages | {f"import/{name}": number for name, number in work.totals.items() if number}

    def remove(self, key: PageKey = KEY) -> removing.Plan:
        """Take a page down, as `armcrawl remove` does."""
        found = removing.plan(self.engine, self.storage, key, "по просьбе автора")
        removing.carry_out(self.engine, self.storage, found)
        return found

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the database in SQL."""
        with reading(self.engine) as connection:
            return [tuple(row) for row in connection.execute(text(sql))]

    def captured(self) -> list[Captured]:
        """Return all answers that the archive holds."""
        found = [one for file in self.storage.files() for one in captures_in(file)]
        return [one for one in found if isinstance(one, Captured)]


URL = "https://armtorg.ru/news/433"


def plain_files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the bytes of all files, and what each gzip member in them unpacks to, with what lies behind it."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        data = path.read_bytes()
        yield path.name, data
        while data.startswith(b"\x1f\x8b"):
            unpacking = zlib.decompressobj(16 + zlib.MAX_WBITS)
            yield path.name, unpacking.decompress(data)
            data = unpacking.unused_data
