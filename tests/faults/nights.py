"""A night's crawl of the faulty server, the healthy one after it, and what they made."""

from __future__ import annotations

import os
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from click.testing import CliRunner
from sqlalchemy import text

from armcrawl.cli import main
from armcrawl.store.base.database import open_database, reading
from tests.clock import AT_TIME
from tests.conftest import COMMAND_SECONDS
from tests.faults.faults import TRIES, VICTIM, Fault
from tests.faults.server import FaultyServer, serving_faults
from tests.sqlite import make_sqlite

if TYPE_CHECKING:
    from pathlib import Path

    from tests.forking import Finished, Forking

FIRST_NIGHT = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
# A server that is not silent is never given up by a test, however busy the machine.
LONG = "600"
# A loopback server answers in milliseconds; the silent one is given up after this. `make soak` has the usual time.
SHORT = os.environ.get("ARMCRAWL_TEST_TIMEOUT", "3")
# Where an operator reads on after a night.
TOLD = (("status",), ("quarantine", "list"))
CONTENT = """SELECT a.key, v.title, v.body, v.published_on, v.attribution,
  (SELECT group_concat(form, '|') FROM (SELECT f.form FROM article_tags t JOIN entity_forms f ON f.id = t.form_id
    WHERE t.article_id = a.id ORDER BY position))
FROM articles a JOIN article_versions v ON v.article_id = a.id AND v.number = a.current_version"""

Content = dict[str, tuple[object, ...]]


@dataclass(frozen=True)
class Row:
    """What came of a fault."""

    ledger: str
    requests: int
    right: int
    healed: int
    versions: int
    code: int
    said: str


@dataclass
class Nights:
    """Crawls of one server into one database, a day apart."""

    forks: Forking
    folder: Path
    night: int = 0
    timeout: str = LONG

    def __post_init__(self) -> None:
        self.database = make_sqlite(self.folder / "faults.db")

    def crawl(self, url: str) -> Finished:
        """Crawl as if it were a day later than the last time."""
        moment = FIRST_NIGHT + timedelta(days=self.night)
        self.night += 1
        options = ("--section", "news", "--delay", "0", "--concurrency", "1", "--timeout", self.timeout)
        where = ("--base-url", url, "--database", self.database)
        return self.forks.run(
            (moment.isoformat(), "crawl", *where, *options),
            folder=self.folder,
            environment=os.environ,
            timeout=COMMAND_SECONDS + TRIES * float(self.timeout),
            script=AT_TIME,
        )

    def query(self, sql: str) -> list[tuple[object, ...]]:
        engine = open_database(self.database, create=False)
        with closing(engine.raw_connection()), reading(engine) as connection:
            rows = [tuple(row) for row in connection.execute(text(sql))]
        engine.dispose()
        return rows

    def content(self) -> Content:
        """Return what is stored of each article."""
        return {str(key): tuple(rest) for key, *rest in self.query(CONTENT)}


def suffer(fault: Fault, gold: Content, forks: Forking, folder: Path) -> Row:
    """Crawl before, during and after a fault."""
    server, nights = FaultyServer(fault.take), Nights(forks, folder, timeout=SHORT if fault.is_silent else LONG)
    with serving_faults(server) as url:
        for _ in range(fault.nights_before):
            assert nights.crawl(url).code == 0
        server.night = 1
        server.asked.clear()
        done = nights.crawl(url)
        told = [CliRunner().invoke(main, [*about, "--database", nights.database]).output for about in TOLD]
        ledger = nights.query(f"SELECT outcome FROM pages WHERE address LIKE '%{VICTIM}'")
        requests = nights.query("SELECT requests FROM runs ORDER BY id DESC LIMIT 1")[0][0]
        right = right_of(nights.content(), gold)
        server.night, nights.timeout = 2, LONG
        after = nights.crawl(url)
        assert after.code == 0, after.err
    return Row(
        ledger=str(ledger[0][0]) if ledger else "",
        requests=int(str(requests)),
        right=right,
        healed=right_of(nights.content(), gold),
        versions=len(nights.query("SELECT 1 FROM article_versions")),
        code=done.code,
        said=done.out + done.err + "".join(told),
    )


def right_of(found: Content, gold: Content) -> int:
    """Count the articles that are as they should be."""
    assert found.keys() <= gold.keys()
    return sum(found[key] == gold[key] for key in found)
