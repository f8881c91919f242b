"""What a run leaves for its operator: record, report, metrics, logs, and a command for failures."""

from __future__ import annotations

import json
import os
import re
import signal
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from shutil import copytree
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from aiohttp import web
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import make_url, text
from warcio.archiveiterator import ArchiveIterator

from armcrawl.checks.joining import MAX_CLUSTER
from armcrawl.sample.portal import Portal
from armcrawl.sample.server import serving, serving_handler
from armcrawl.stats import PATTERN, PREFIX
from armcrawl.store.base.database import open_database
from tests.cli.conftest import starting
from tests.conftest import COMMAND_SECONDS, TODAY
from tests.templates import same_note, serving_notes
from tests.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from armcrawl.sample.articles import Sample
    from tests.forking import Finished, Forking

    Run = Callable[..., Finished]

NOBODY = "http://127.0.0.1:9"
# More than half of what is served, with reprints among them.
REQUESTS = 170
SECRET = "geheim-wort"  # noqa: S105 - the test's own
CATCH = "cat > on-failure.json; env > on-failure.env"


@dataclass
class Reported:
    """A crawl of a part of the sample portal, and what it left in its folder."""

    forks: Forking
    folder: Path
    out: str

    def runs(self, *arguments: str) -> str:
        told = ("runs", *arguments, "--database", "sqlite:///test.db")
        done = self.forks.run(told, folder=self.folder, environment=os.environ, timeout=COMMAND_SECONDS)
        assert done.code == 0, done.err
        return done.out

    @cached_property
    def record(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.runs("1", "--json"))
        return found


@pytest.fixture(scope="session")
def reported(forks: Forking, half: Sample, tmp_path_factory: pytest.TempPathFactory) -> Reported:
    folder = tmp_path_factory.mktemp("reported")
    files = ("--report", "report.html", "--metrics", "armcrawl.prom", "--on-failure", "touch called")
    with serving("bootstrap", today=lambda: TODAY, sample=half) as url:
        fast = ("--delay", "0", "--concurrency", "8", "--max-requests", str(REQUESTS))
        crawl = starting(forks, "--base-url", url, "--database", "sqlite:///test.db", *fast, *files, folder=folder)
        out, err = crawl.communicate(timeout=COMMAND_SECONDS)
    assert crawl.returncode == 0, err
    return Reported(forks, folder, out)


def test_the_record_tells_what_went_over_the_network(reported: Reported) -> None:
    run = reported.record
    assert sum(run["statuses"].values()) == run["requests"]
    assert run["statuses"]["200"] > REQUESTS / 2
    assert run["received"] > 10**6
    assert 0 <= run["delays"]["shortest"] <= run["delays"]["mean"] <= run["delays"]["longest"]


def test_the_record_tells_what_became_of_articles(reported: Reported) -> None:
    run = reported.record
    assert run["articles"]["new"] == run["counts"]["stored"]
    assert run["articles"]["duplicate"] > 0
    assert run["articles"]["quarantined"] == run["counts"].get("quarantined", 0)


def test_a_crawl_leaves_no_stat_of_ours_that_is_not_documented(reported: Reported) -> None:
    ours = {name.removeprefix(PREFIX) for name in reported.record["stats"] if name.startswith(PREFIX)}
    assert {"lead/repeats_title", "requests/sent", "articles/new"} <= ours
    assert {name for name in ours if not PATTERN.fullmatch(name)} == set()


def test_runs_shows_the_same_figures(reported: Reported) -> None:
    shown = reported.runs("1")
    assert f"new {reported.record['articles']['new']}, changed 0" in shown
    assert f"200 × {reported.record['statuses']['200']}" in shown


def test_the_summary_is_short(reported: Reported) -> None:
    assert reported.out.startswith(f"Requests: {reported.record['requests']}. Pages: missing ")
    assert len(reported.out.splitlines()) == 3


def test_the_page_needs_nothing_from_another_host(reported: Reported) -> None:
    page = (reported.folder / "report.html").read_text(encoding="utf-8")
    assert not re.search(r"<(?:script|img|link|iframe|object|base)\b|@import|url\(|\bsrc=", page)
    assert {address.split("/")[2] for address in re.findall(r'href="([^"]*)"', page)} == {"armtorg.ru"}
    assert page.count("<html") == page.count("</html>") == 1


def test_the_page_of_an_earlier_run_is_the_same(reported: Reported) -> None:
    reported.runs("1", "--report", "later.html")
    assert (reported.folder / "later.html").read_bytes() == (reported.folder / "report.html").read_bytes()


def test_metrics_are_what_prometheus_reads(reported: Reported) -> None:
    text = (reported.folder / "armcrawl.prom").read_text(encoding="utf-8")
    samples = {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    own = ("kind", "crawl"), ("site", "armtorg")
    run = reported.record
    assert samples["armcrawl_run_exit_code", *own] == 0
    assert samples["armcrawl_run_requests", *own] == run["requests"]
    assert samples["armcrawl_run_answers", *own, ("status", "200")] == run["statuses"]["200"]
    new = ("kind", "crawl"), ("result", "new"), ("site", "armtorg")
    assert samples["armcrawl_run_articles", *new] == run["articles"]["new"]
    finished = samples["armcrawl_run_finished_timestamp_seconds", *own]
    assert samples["armcrawl_run_last_success_timestamp_seconds", *own] == finished


def test_a_report_may_go_to_standard_output(armcrawl: Run, portal: str, database: str) -> None:
    where = ("--base-url", portal, "--delay", "0", "--max-requests", "5", "--database", database)
    done = armcrawl("crawl", *where, "--report", "-")
    assert json.loads(done.out)["id"] == 1
    assert "Requests: 5." in done.err
    assert json.loads(armcrawl("runs", "1", "--report", "-", "--database", database).out)["id"] == 1


def test_a_run_that_makes_one_text_of_too_many_pages_says_so_wherever_it_is_reported(
    armcrawl: Run, database: str, tmp_path: Path
) -> None:
    files = ("--report", "r.html", "--metrics", "m.prom", "--database", database)
    with serving_notes(MAX_CLUSTER + 1, same_note) as url:
        done = armcrawl("crawl", "--base-url", url, "--delay", "0", "--concurrency", "8", *files)
    doubt = f"cluster armtorg/news/1 holds {MAX_CLUSTER + 1} articles"
    assert done.code == 0, done.err
    assert f"Doubts: {doubt} from " in done.out
    assert "Not judged: whether more articles than usual joined clusters (51 of 13 days): the site had 0 " in done.out
    assert doubt in (tmp_path / "r.html").read_text(encoding="utf-8")
    assert f'result="duplicate",site="armtorg"}} {MAX_CLUSTER + 1}.0' in (tmp_path / "m.prom").read_text(
        encoding="utf-8"
    )
    told = json.loads(armcrawl("runs", "1", "--json", "--database", database).out)
    assert str(told["stats"]["armcrawl/clusters/doubts"]).startswith(doubt)


def test_a_good_run_calls_nobody(reported: Reported) -> None:
    assert not (reported.folder / "called").exists()


def test_a_run_that_fails_calls_the_command_and_logs_json_only(armcrawl: Run, tmp_path: Path) -> None:
    told = (
        "--on-failure",
        f"{CATCH}; exit 9",
        "--report",
        "r.json",
        "--metrics",
        "m.prom",
        "--log-format",
        "json",
        "-v",
    )
    done = armcrawl("crawl", "--base-url", NOBODY, "--delay", "0", "--database", "sqlite:///test.db", *told)
    assert done.code == 1
    lines = [json.loads(line) for line in done.err.splitlines()]
    assert {line["logger"].partition(".")[0] for line in lines} >= {"scrapy", "armcrawl"}
    assert any("--on-failure ended with exit code 9" in line["message"] for line in lines)
    report = json.loads((tmp_path / "on-failure.json").read_text(encoding="utf-8"))
    assert report == json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert "ARMCRAWL_EXIT_CODE=1\n" in (tmp_path / "on-failure.env").read_text(encoding="utf-8")
    assert 'armcrawl_run_exit_code{kind="crawl",site="armtorg"} 1.0' in (tmp_path / "m.prom").read_text(
        encoding="utf-8"
    )


@pytest.mark.parametrize("every", [(), ("--all",)])
def test_a_good_run_whose_log_is_json_says_nothing_else(
    armcrawl: Run, portal: str, tmp_path: Path, every: tuple[str, ...]
) -> None:
    (tmp_path / "armcrawl.toml").write_text(f'[site.armtorg]\nbase_url = "{portal}"\ndelay = 0.0\n', encoding="utf-8")
    told = ("--database", "sqlite:///test.db", "--max-requests", "9", "--log-format", "json")
    done = armcrawl("crawl", *every, *told, ARMCRAWL_CONFIG=str(tmp_path / "armcrawl.toml"))
    assert (done.code, done.out) == (0, ""), done.err
    said = [json.loads(line)["message"] for line in done.err.splitlines()]
    assert any(line.startswith("Requests: 9.") for line in said)
    assert any("The budget of 9 requests is spent" in line for line in said)


def test_a_run_that_cannot_begin_calls_the_command(armcrawl: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    unusable = ("--database", "sqlite:///file/x.db")
    done = armcrawl("crawl", "--base-url", NOBODY, "--delay", "0", *unusable, "--on-failure", CATCH)
    assert done.code == 1
    told = json.loads((tmp_path / "on-failure.json").read_text(encoding="utf-8"))
    assert (told["id"], told["exit_code"]) == (None, 1)
    assert "file" in told["sentence"]


@pytest.mark.parametrize(
    "options", [("--metrics", "gone/m.prom"), ("--section", "no-such-section"), ("--delay", "0", "--base-url", "x")]
)
def test_a_run_whose_settings_do_not_fit_calls_the_command(
    armcrawl: Run, tmp_path: Path, options: tuple[str, ...]
) -> None:
    done = armcrawl("crawl", *options, "--report", "r.json", "--on-failure", CATCH)
    assert done.code == 2
    told = json.loads((tmp_path / "on-failure.json").read_text(encoding="utf-8"))
    assert (told["id"], told["exit_code"]) == (None, 2)
    assert told["sentence"] in done.err
    assert not (tmp_path / "r.json").exists()


def test_an_interrupted_run_calls_the_command(
    forks: Forking, slow_portal: str, asked: list[str], tmp_path: Path
) -> None:
    options = ("--base-url", slow_portal, "--database", "sqlite:///test.db", "--delay", "0", "--on-failure", CATCH)
    crawl = starting(forks, *options, folder=tmp_path)
    wait_for(lambda: len(asked) > 20)
    crawl.send_signal(signal.SIGTERM)
    _, err = crawl.communicate(timeout=COMMAND_SECONDS)
    assert crawl.returncode == 143, err
    told = json.loads((tmp_path / "on-failure.json").read_text(encoding="utf-8"))
    assert (told["outcome"], told["exit_code"], told["kind"]) == ("interrupted", 143, "crawl")


def test_plain_scrapy_reports_in_the_same_way(scrapy: Run, database: str, tmp_path: Path) -> None:
    settings = {
        "DATABASE": database,
        "REPORT": f"{tmp_path}/r.html",
        "METRICS": f"{tmp_path}/m.prom",
        "ON_FAILURE": f"cat > {tmp_path}/told.json",
        "LOG_FORMAT": "json",
        "BASE_URL": NOBODY,
    }
    given = [part for name, value in settings.items() for part in ("-s", f"ARMCRAWL_{name}={value}")]
    done = scrapy("armtorg", *given, "-s", "DOWNLOAD_DELAY=0")
    assert done.code == 1
    assert len([json.loads(line) for line in done.err.splitlines()]) > 5
    assert json.loads((tmp_path / "told.json").read_text(encoding="utf-8"))["exit_code"] == 1
    assert "robots.txt cannot be read" in (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "armcrawl_run_exit_code" in (tmp_path / "m.prom").read_text(encoding="utf-8")


def test_a_check_that_breaks_fails_the_run_and_shows_nothing(reported: Reported, armcrawl: Run, tmp_path: Path) -> None:
    copytree(reported.folder, tmp_path, dirs_exist_ok=True)
    database = "sqlite:///test.db"
    engine = open_database(database.replace("test.db", f"{tmp_path}/test.db"), create=False)
    shown = "SELECT count(*) FROM v_articles"
    with engine.begin() as connection:
        connection.execute(text("UPDATE runs SET picture = '{\"pages\": 1}'"))
        before = connection.execute(text(shown)).scalar()
    with serving("bootstrap", today=lambda: TODAY) as url:
        options = ("--base-url", url, "--mixed-origin", "--delay", "0", "--max-requests", "40", "--on-failure", CATCH)
        done = armcrawl("crawl", *options, "--database", database)
    assert done.code == 5, done.err
    assert done.err == "The checks of the run broke, so nothing that it stored is shown: KeyError: 'strata'\n"
    with engine.begin() as connection:
        assert connection.execute(text(shown)).scalar() == before
        assert connection.execute(text("SELECT count(*) > 0 FROM article_versions WHERE state = 'withheld'")).scalar()
    engine.dispose()
    told = json.loads((tmp_path / "on-failure.json").read_text(encoding="utf-8"))
    assert (told["outcome"], told["exit_code"], told["verdict"]) == ("unchecked", 5, None)


@dataclass
class Proxy:
    """A proxy that asks for a password, and after some pages to be left alone."""

    quiet: int = 30
    authorized: int = 0

    async def handle(self, request: web.Request) -> web.Response:
        if "Proxy-Authorization" not in request.headers:
            return web.Response(status=407)
        self.authorized += 1
        if self.authorized > self.quiet:
            return web.Response(status=429, headers={"Retry-After": "7200"})
        answer = Portal("bootstrap").respond(request.url.raw_path_qs, TODAY)
        headers = {"Content-Type": answer.content_type} | ({"Location": answer.location} if answer.location else {})
        return web.Response(status=answer.status, body=answer.body, headers=headers)


@contextmanager
def proxying() -> Iterator[tuple[Proxy, str]]:
    proxy = Proxy()
    with serving_handler(proxy.handle) as url:
        yield proxy, url.replace("://", f"://me:{SECRET}@")


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_no_password_is_told_anywhere(armcrawl: Run, postgresql_database: str, tmp_path: Path, log_format: str) -> None:
    url = make_url(postgresql_database)
    database = url.set(password=SECRET, query={**url.query, "application_name": "armcrawl"})
    told = ("--report", "r.html", "--metrics", "m.prom", "--on-failure", CATCH, "--log-format", log_format)
    with proxying() as (proxy, proxy_url):
        done = armcrawl(
            "crawl", "--base-url", "http://portal.test", "--delay", "0", "--impolite", "-v", *told,
            ARMCRAWL_DATABASE_URL=database.render_as_string(hide_password=False),
            ARMCRAWL_CONTACT="crawler@press.test",
            http_proxy=proxy_url,
            no_proxy="",
            PGPASSWORD=SECRET,
        )  # fmt: skip
    assert done.code == 3, done.err
    assert proxy.authorized > proxy.quiet
    shown = armcrawl("runs", "1", "--json", "--database", database.render_as_string(hide_password=False))
    assert json.loads(shown.out)["outcome"] == "blocked"
    page = armcrawl("runs", "1", "--report", "r.json", "--database", database.render_as_string(hide_password=False))
    written = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.glob("*.*") if path.is_file()}
    assert written.keys() >= {"r.html", "r.json", "m.prom", "on-failure.json", "on-failure.env"}
    archived = "".join(_requests(tmp_path))
    assert "User-Agent: armcrawl" in archived
    for told_text in (*written.values(), archived, done.out, done.err, shown.out, page.out):
        assert SECRET not in told_text
        assert "Basic " not in told_text
        assert quote(SECRET) not in told_text


def _requests(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*.warc.gz"):
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                if record.rec_type in {"request", "warcinfo"}:
                    yield f"{record.http_headers or ''}{record.content_stream().read().decode()}"
