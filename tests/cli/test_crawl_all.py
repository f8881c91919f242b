"""`crawl --all`: the sites that are set up here, one after another."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from armcrawl.cli.collect.crawl_all import sites_set_up
from armcrawl.errors import worst
from armcrawl.items import Outcome
from armcrawl.sample.server import serving_handler
from armcrawl.sites import PageKey
from armcrawl.sites.known import forget_sites
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import open_database
from armcrawl.store.runs.run_record import begin_run
from tests.cli.test_sites import NEWEST, VENTIL, answering
from tests.conftest import COMMAND_SECONDS
from tests.store.conftest import answered
from tests.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from aiohttp import web

    from armcrawl.sample.server import Handler
    from tests.forking import Finished, Forking

    Command = Callable[..., Finished]
    Query = Callable[[str], list[tuple[object, ...]]]

NOBODY = "http://127.0.0.1:9"


def set_up(folder: Path, **servers: str) -> dict[str, str]:
    """Declare sites, each with a server that stands in for it; return the environment in which they count."""
    (folder / "sites").mkdir()
    lines = ["delay = 0.0"]
    for name, server in servers.items():
        declared = VENTIL.replace("ventil", name)
        (folder / "sites" / f"{name}.toml").write_text(declared, encoding="utf-8")
        lines.append(f'[site.{name}]\nbase_url = "{server}"')
    (folder / "armcrawl.toml").write_text("\n".join(lines), encoding="utf-8")
    return {"ARMCRAWL_CONFIG": str(folder / "armcrawl.toml")}


@pytest.fixture
def server() -> Iterator[str]:
    with serving_handler(answering(NEWEST)) as url:
        yield url


def test_each_site_is_crawled_whatever_becomes_of_the_others(
    armcrawl: Command, server: str, database: str, query: Query, tmp_path: Path
) -> None:
    told = set_up(tmp_path, klapan=NOBODY, ventil=server)
    done = armcrawl("crawl", "--all", "--database", database, "--report", "night.json", **told)
    assert done.code == 1
    assert query("SELECT site, outcome FROM runs ORDER BY id") == [("klapan", "failed"), ("ventil", "done")]
    assert query("SELECT count(*) FROM articles") == [(NEWEST,)]
    assert "did not begin" not in done.out
    reports = [json.loads((tmp_path / f"night-{site}.json").read_text("utf-8")) for site in ("klapan", "ventil")]
    assert [(report["site"], report["exit_code"]) for report in reports] == [("klapan", 1), ("ventil", 0)]
    assert not (tmp_path / "night.json").exists()


@pytest.mark.parametrize(
    "fault",
    ["name = ", 'name = "klapan"\n', VENTIL.replace('name = "ventil"', 'name = "klapan"')],
    ids=["no TOML", "no hosts", "the host of another"],
)
def test_a_declaration_with_a_fault_stops_no_other_site(
    armcrawl: Command, server: str, database: str, query: Query, tmp_path: Path, fault: str
) -> None:
    told = set_up(tmp_path, klapan=NOBODY, ventil=server, zadvizhka=server)
    (tmp_path / "sites" / "klapan.toml").write_text(fault, encoding="utf-8")
    done = armcrawl("crawl", "--all", "--database", database, **told)
    assert done.code == 2
    assert "klapan" in done.err
    assert ("zadvizhka", "done") in query("SELECT site, outcome FROM runs")
    named = armcrawl("crawl", "klapan", "--database", database, **told)
    assert (named.code, "Traceback" in named.err) == (2, False)
    other = armcrawl("crawl", "zadvizhka", "--database", database, **told)
    assert other.code == 0, other.err


def test_a_site_counts_as_set_up_when_somebody_has_told_of_it(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ARMCRAWL_CONFIG", str(tmp_path / "armcrawl.toml"))
    (tmp_path / "armcrawl.toml").write_text("", encoding="utf-8")
    forget_sites()
    assert sites_set_up(database) == (["armtorg"], [])  # what `crawl` means without a name
    engine = open_database(database)
    page = replace(answered(Outcome.MISSING, 1), key=PageKey("valverus", "news", "1"))
    write_batch(engine, [page], begin_run(engine, "valverus", "crawl", {}))
    engine.dispose()
    assert sites_set_up(database) == (["valverus"], [])
    set_up(tmp_path, ventil=NOBODY, armavest=NOBODY)
    (tmp_path / "sites" / "armavest.toml").unlink()  # so that its table alone tells of it
    forget_sites()
    assert sites_set_up(database) == (["armavest", "valverus", "ventil"], [])
    gone = tmp_path / "sites" / "klapan.toml"
    gone.write_text(VENTIL.replace("ventil", "klapan"), encoding="utf-8")
    forget_sites()
    engine = open_database(database)
    page = replace(answered(Outcome.MISSING, 1), key=PageKey("klapan", "news", "1"))
    write_batch(engine, [page], begin_run(engine, "klapan", "crawl", {}))
    engine.dispose()
    gone.unlink()
    forget_sites()
    assert sites_set_up(database) == (["armavest", "valverus", "ventil"], ["klapan"])
    monkeypatch.undo()
    forget_sites()


@pytest.mark.parametrize("wrong", [("ventil",), ("--section", "news"), ("--base-url", NOBODY)])
def test_what_is_of_one_site_does_not_go_with_all(armcrawl: Command, tmp_path: Path, wrong: tuple[str, ...]) -> None:
    done = armcrawl("crawl", *wrong, "--all", **set_up(tmp_path, ventil=NOBODY))
    assert done.code == 2
    assert (
        ("--all means every site" in done.err) if wrong == ("ventil",) else (f"{wrong[0]} is of one site" in done.err)
    )


def slowly(asked: list[str]) -> Handler:
    """Return what never answers but for robots.txt and the pages that lead to articles."""
    usual = answering(NEWEST)

    async def respond(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        if request.path.rpartition("/")[2].isdecimal():
            await asyncio.sleep(COMMAND_SECONDS)
        return await usual(request)

    return respond


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_site_at_work_and_begins_no_other(
    forks: Forking, database: str, query: Query, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    asked = list[str]()
    with serving_handler(slowly(asked)) as url:
        told = set_up(tmp_path, klapan=url, ventil=url)
        arguments = ("crawl", "--all", "--database", database)
        crawl = forks.start(arguments, folder=tmp_path, environment=os.environ | told)
        wait_for(lambda: f"/novosti/{NEWEST}" in asked)
        crawl.send_signal(number)
        _, err = crawl.communicate(timeout=COMMAND_SECONDS)
    assert crawl.returncode == code, err
    assert "Traceback" not in err
    assert query("SELECT site, outcome FROM runs") == [("klapan", "interrupted")]


def test_the_worst_exit_code_is_that_of_what_a_person_must_do() -> None:
    assert worst([]) == 0
    assert worst([4, 0, 1]) == 1
    assert worst([3, 1, 2]) == 3
    assert worst([3, 137, 0]) == 137
