"""`armcrawl quarantine`: a broken parser fills it, the mended one empties it, and nothing is lost between the two."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

import pytest

from armcrawl.refining.chain import STAGES
from armcrawl.sample.articles import load_sample
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import open_database
from armcrawl.store.base.lock import locking_all
from tests.rows import rows_of
from tests.store.conftest import stored

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tests.forking import Finished

    Command = Callable[..., Finished]
    Query = Callable[[str], list[tuple[object, ...]]]

CRAWL = ("crawl", "--delay", "0", "--concurrency", "8", "--section", "reviews")
# Every way into quarantine that the project has: what the reader does, each stage, each fault of an article.
READING = (
    *("the page crashes its reader", "the reader failed: Value: нет"),
    *("garbled: the page was encoded twice", "garbled: the page is in two charsets"),
)
REFINING = tuple(f"refining failed: LookupError: {stage}" for stage in STAGES)
FAULTS = (*("no title", "title longer than 500 characters", "neither a paragraph nor a picture"),)
REASONS = (*READING, *REFINING, *FAULTS)
STAGE_OF = (
    dict.fromkeys(READING, "reading") | dict(zip(REFINING, STAGES, strict=True)) | dict.fromkeys(FAULTS, "validate")
)
NUMBERS = sorted(int(key.external_id) for key in load_sample().articles if key.section == "reviews")
# Two pages for each reason; the newest of the section is left alone.
WHY = {str(number): REASONS[place // 2] for place, number in enumerate(NUMBERS[: 2 * len(REASONS)])}
BROKEN = """
from armcrawl.cli import main
from armcrawl.items import NotAnArticle, Reading, Reason
from armcrawl.reading.response import page_of
from armcrawl.refining import chain, pages
from armcrawl.processes.worker import Worker, WorkerCrashError
WHY = ...
FAULT = chain.fault_of
def stage(name, function):
    def refine(article, fetched_at):
        if WHY.get(article.external_id) == f"refining failed: LookupError: {name}":
            raise LookupError(name)
        return function(article, fetched_at)
    return refine
def fault_of(article):
    why = WHY.get(article.external_id, "")
    return FAULT(article) if ":" in why else why or FAULT(article)
CALL = Worker.call
async def call(self, function, *arguments, **named):
    if function is not pages.page_to_store:
        return await CALL(self, function, *arguments, **named)
    key, answer, *_ = arguments
    why = WHY.get(key.external_id)
    if why == "the page crashes its reader":
        raise WorkerCrashError("exit status -9")
    if why == "the reader failed: Value: нет":
        raise ValueError("нет")
    if why and why.startswith("garbled: "):
        garbled = NotAnArticle(Reason.GARBLED, why.removeprefix("garbled: "))
        return page_of(key, answer, Reading(garbled))
    # In this process, whose parser is the broken one.
    return pages.page_to_store(*arguments)
for name, function in list(chain.STAGES.items()):
    chain.STAGES[name] = stage(name, function)
chain.fault_of = fault_of
Worker.call = call
if __name__ == "__main__":
    main()
"""


def broken_by(why: Mapping[str, str]) -> str:
    """Return a program whose parser cannot cope with some pages: reasons by their ids."""
    return BROKEN.replace("...", repr(why), 1)


@pytest.fixture
def database(each_database: str) -> str:
    return each_database


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "pages"


@pytest.fixture
def options(database: str, archive: Path) -> tuple[str, ...]:
    return ("--database", database, "--archive", str(archive))


@pytest.fixture
def broken(armcrawl: Command) -> Command:
    """Run `armcrawl` with a parser that cannot cope with the pages of `WHY`."""
    return partial(armcrawl, script=broken_by(WHY))


def parted(rows: dict[str, Counter[str]]) -> dict[str, Counter[str]]:
    """Leave out what tells of the way that a page took: why a version was written, what waited, when to look again."""
    kept = {name: table for name, table in rows.items() if name not in ("quarantine", "readings")}
    dropped = ("cause", "checks", "reading_id")
    for name in ("article_versions", "pages"):
        told = [{k: v for k, v in json.loads(row).items() if k not in dropped} for row in kept[name].elements()]
        kept[name] = Counter(json.dumps(row, sort_keys=True, ensure_ascii=False) for row in told)
    del kept["captures"]  # these tell what was made of a page at first
    return kept


@pytest.mark.parametrize("is_archived", [True, False])
def test_whatever_was_quarantined_is_stored_as_if_it_never_had_been(
    armcrawl: Command,
    broken: Command,
    portal: str,
    query: Query,
    options: tuple[str, ...],
    database: str,
    tmp_path: Path,
    *,
    is_archived: bool,
) -> None:
    kind = () if is_archived else ("--no-archive",)
    done = broken(*CRAWL, "--base-url", portal, *options, *kind)
    assert "Traceback" not in done.err
    # No page shows an article: the run is refused, and a person says that it is not the site's fault.
    assert done.code == 3
    assert armcrawl("runs", "accept", "1", *options[:2]).code == 0
    waiting = query("SELECT p.external_id, q.stage, q.reason FROM quarantine q JOIN pages p ON p.id = q.page_id")
    assert sorted(waiting) == sorted((number, STAGE_OF[why], why) for number, why in WHY.items())
    captures = query("SELECT page_id, fetched_at, digest, archive_file, archive_offset FROM captures ORDER BY id")
    shown = query("SELECT count(*) FROM v_articles")

    done = armcrawl("quarantine", "replay", *options)
    assert (done.code, done.out.splitlines()[0]) == (0, f"Pages: stored {len(WHY)}."), done.err
    assert "Nothing is written yet" in done.out
    assert query("SELECT count(*) FROM quarantine WHERE resolved_at IS NULL") == [(len(WHY),)]
    assert query("SELECT count(*) FROM runs WHERE kind = 'replay'") == [(0,)]
    assert query("SELECT count(*) FROM v_articles") == shown

    done = armcrawl("quarantine", "replay", "--apply", *options)
    assert (done.code, done.err) == (0, "")
    assert query("SELECT count(*) FROM quarantine WHERE resolved_at IS NULL") == [(0,)]
    assert query("SELECT cause, count(*) FROM article_versions WHERE cause <> 'fetch' GROUP BY cause") == [
        ("re-extraction", len(WHY))
    ]
    assert query("SELECT outcome, exit_code FROM runs WHERE kind = 'replay'") == [("done", 0)]
    assert captures == query(
        "SELECT page_id, fetched_at, digest, archive_file, archive_offset FROM captures ORDER BY id"
    )
    shown_keys = {row[0] for row in query("SELECT key FROM v_articles")}
    assert {f"armtorg/reviews/{number}" for number in WHY} <= shown_keys

    undisturbed = f"sqlite:///{tmp_path}/undisturbed.db"
    done = armcrawl(*CRAWL, "--base-url", portal, "--database", undisturbed, *kind)
    assert done.code == 0, done.err
    assert armcrawl("quarantine", "list", *options[:2]).out == "Quarantine is empty.\n"
    assert parted(rows_of(database)) == parted(rows_of(undisturbed))


@pytest.fixture
def filled(broken: Command, portal: str, options: tuple[str, ...]) -> tuple[str, ...]:
    """The options for a database whose quarantine a broken parser has filled."""
    broken(*CRAWL, "--base-url", portal, *options)
    return options


def test_it_is_listed_shown_and_replayed_by_reason(
    armcrawl: Command, filled: tuple[str, ...], archive: Path, query: Query
) -> None:
    told = json.loads(armcrawl("quarantine", "list", "--json", *filled[:2]).out)
    assert {group["reason"]: (group["stage"], group["pages"]) for group in told} == {
        why: (STAGE_OF[why], number) for why, number in Counter(WHY.values()).items()
    }
    assert "two charsets" in armcrawl("quarantine", "list", *filled[:2]).out
    pages = json.loads(armcrawl("quarantine", "list", "--reason", "garbled: ", "--json", *filled[:2]).out)
    garbled = [number for number, why in WHY.items() if why.startswith("garbled: ")]
    assert {page["key"] for page in pages} == {f"armtorg/reviews/{number}" for number in garbled}
    assert ".warc.gz at" in armcrawl("quarantine", "list", "--reason", "garbled: ", *filled[:2]).out

    key = f"armtorg/reviews/{garbled[0]}"
    done = armcrawl("quarantine", "show", key, *filled)
    assert done.out.startswith(f"{key} · quarantined · https://armtorg.ru/reviews/{garbled[0]}\n")
    assert f"reason         {WHY[garbled[0]]}\n" in done.out
    raw = armcrawl("quarantine", "show", key, "--raw", *filled).out
    assert raw == armcrawl("archive", "cat", key, *filled).out
    assert "<h1" in raw
    shutil.move(archive, archive.with_name("elsewhere"))
    assert armcrawl("quarantine", "show", key, "--raw", *filled).out == raw

    done = armcrawl("quarantine", "replay", "--reason", "garbled: ", "--apply", *filled)
    assert done.out.startswith(f"Pages: stored {len(garbled)}.\n"), done.err
    assert query("SELECT count(*) FROM quarantine WHERE resolved_at IS NULL") == [(len(WHY) - len(garbled),)]
    assert "understood at  " in armcrawl("quarantine", "show", key, *filled).out
    done = armcrawl("quarantine", "replay", "--reason", "garbled: ", "--apply", *filled)
    assert (done.code, done.err.count("\n")) == (2, 1)


def test_a_page_that_is_not_there_is_a_usage_error(armcrawl: Command, database: str) -> None:
    engine = open_database(database)
    write_batch(engine, [stored(7)], None)
    engine.dispose()
    done = armcrawl("quarantine", "show", "armtorg/news/7", "--database", database)
    assert (done.code, done.err) == (
        2,
        "armcrawl: armtorg/news/7 is not in quarantine: `armcrawl quarantine list` tells what is.\n",
    )
    assert armcrawl("quarantine", "list", "--json", "--database", database).out == "[]\n"
    assert armcrawl("quarantine", "replay", "--database", database).out == "Quarantine is empty.\n"


def test_one_run_at_a_time(armcrawl: Command, database: str) -> None:
    open_database(database).dispose()
    with locking_all(database, "reparse"):
        done = armcrawl("quarantine", "replay", "--apply", "--database", database)
        assert done.code == 4
        assert "Another run works on this database (reparse" in done.err
        assert armcrawl("quarantine", "replay", "--database", database).code == 0
