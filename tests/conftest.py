"""What many tests need: the sample portal over real HTTP, databases, and the command line."""

from __future__ import annotations

import gc
import os
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import make_url, text

from armcrawl.items import Attribution, Source
from armcrawl.sample.articles import load_sample
from armcrawl.sample.server import serving
from armcrawl.store.base.database import open_database, reading
from tests.compiled import share_compiled
from tests.forking import Finished, Forking, forking
from tests.levels import Purity, give_levels
from tests.postgresql import Databases, OwnServer, server, server_folder
from tests.sqlite import make_sqlite
from tests.temporary import use_memory
from tests.thoroughness import EXAMPLES, examples

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from armcrawl.sample.articles import Sample

FETCHED_AT = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
TOP = Path(__file__).parents[1]
# The slowest command crawls the whole portal in seconds, on a machine with much other work in minutes; this long only
# passes when something hangs.
COMMAND_SECONDS = 600

# A machine with other work takes half a second for what else takes milliseconds, and nothing is wrong with that.
settings.register_profile(
    "any machine", max_examples=examples(EXAMPLES), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")


IN_MEMORY: list[Path] = []


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    """Use memory before anything asks for a folder, and in all workers; whoever only imports this file does not."""
    IN_MEMORY.extend(filter(None, [use_memory()]))
    # What whoever works here has set for their own nights is not tested.
    os.environ["ARMCRAWL_CONFIG"] = os.devnull
    share_compiled()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what this machine could not test."""
    skipped = [report.longrepr for report in terminalreporter.getreports("skipped")]
    for reason in sorted({str(where[2]) for where in skipped if isinstance(where, tuple)}):
        terminalreporter.write_line(reason.removeprefix("Skipped: "), red=True, bold=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing in memory, not even what killed processes left, but the files of tests that failed."""
    failed = getattr(config.pluginmanager.get_plugin("session"), "testsfailed", 0)
    for folder in IN_MEMORY if not failed else ():
        shutil.rmtree(folder, ignore_errors=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each test its level."""
    give_levels(items)


def pytest_collection_finish() -> None:
    """Look no more for garbage among what seven thousand collected tests are made of: it lives to the end."""
    gc.collect()
    gc.freeze()


PURITY = Purity()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Watch a test that says that it is pure."""
    PURITY.is_watching = item.get_closest_marker("unit") is not None
    try:
        return (yield)
    finally:
        PURITY.is_watching = False


@pytest.fixture
def sample() -> Sample:
    return load_sample()


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/test.db"


@pytest.fixture(scope="session")
def press_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small database as an analyst meets it; nobody may write to it."""
    from tests.press import fill

    file = tmp_path_factory.mktemp("press") / "press.db"
    fill(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def sample_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample in a database of SQLite, with an edit of one article; nobody may write to it."""
    from tests.analysts import fill

    file = tmp_path_factory.mktemp("sample") / "sample.db"
    fill(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def sample_server(postgresql: Databases) -> Iterator[str]:
    """The URL of the same on PostgreSQL."""
    from tests.analysts import fill

    url = postgresql.make(postgresql.template)
    fill(url)
    yield url
    postgresql.drop(url)


@pytest.fixture(scope="session")
def press_site(press_file: Path) -> Iterator[str]:
    """The address of `armcrawl serve` over that database."""
    from tests.press import serving

    with serving(f"sqlite:///{press_file}") as address:
        yield address


@pytest.fixture(scope="session")
def press_reader(postgresql: Databases) -> Iterator[str]:
    """The URL of the same database on PostgreSQL, for a role that may only read what is published."""
    from armcrawl.store.admin.readers import grant
    from tests.press import fill

    url, role = postgresql.make(postgresql.template), "press_reader_of_tests"
    fill(url)
    engine = open_database(url)
    grant(engine, role)
    yield make_url(url).set(username=role).render_as_string(hide_password=False)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP OWNED BY {role}")
    engine.dispose()
    postgresql.drop(url)
    postgresql.execute(f"DROP ROLE {role}")


@pytest.fixture(scope="session")
def press_reader_site(press_reader: str) -> Iterator[str]:
    """The address of `armcrawl serve` over that database."""
    from tests.press import serving

    with serving(press_reader) as address:
        yield address


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Databases]:
    """A running PostgreSQL server."""
    with server_folder() as folder, server(folder) as address:
        databases = Databases(address)
        yield databases
        databases.drop(databases.template)


@pytest.fixture
def postgresql_database(postgresql: Databases) -> Iterator[str]:
    """The URL of a new database, with tables, on a real PostgreSQL."""
    url = postgresql.make(postgresql.template)
    yield url
    postgresql.drop(url)


@pytest.fixture
def own_server() -> Iterator[OwnServer]:
    """A PostgreSQL server that only this test uses, so that it may be stopped."""
    with server_folder() as folder:
        server = OwnServer(folder)
        yield server
        server.close()


@pytest.fixture
def own_database(own_server: OwnServer) -> str:
    """The URL of a new database, with tables, on the test's own server."""
    return Databases(own_server.address).template


@pytest.fixture(params=["sqlite", "postgresql"])
def each_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a new database, with tables, of either kind."""
    if request.param == "sqlite":
        return make_sqlite(tmp_path / "test.db")
    url: str = request.getfixturevalue("postgresql_database")
    return url


@pytest.fixture
def query(database: str) -> Callable[[str], list[tuple[object, ...]]]:
    """Ask the test's database in SQL."""

    def ask(sql: str) -> list[tuple[object, ...]]:
        engine = open_database(database, create=False)
        with reading(engine) as connection:
            rows = [tuple(row) for row in connection.execute(text(sql))]
        engine.dispose()
        return rows

    return ask


@pytest.fixture(scope="session")
def forks() -> Iterator[Forking]:
    """The process that commands are forks of."""
    with forking() as process:
        yield process


@pytest.fixture
def armcrawl(forks: Forking, tmp_path: Path) -> Callable[..., Finished]:
    """Run `armcrawl` as a user would, in an empty folder."""

    def run(
        *arguments: str,
        stdin: str | None = None,
        script: str | None = None,
        timeout: float = COMMAND_SECONDS,
        **environment: str,
    ) -> Finished:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("ARMCRAWL_")}
        return forks.run(
            arguments,
            folder=tmp_path,
            environment=clean | {"COLUMNS": "120"} | environment,
            timeout=timeout,
            stdin=stdin,
            script=script,
        )

    return run


@pytest.fixture
def requests() -> list[str]:
    """The targets that the portal of the test was asked for."""
    return []


@pytest.fixture
def portal(requests: list[str]) -> Iterator[str]:
    """The sample portal's base URL."""
    with serving("bootstrap", log=requests) as base_url:
        yield base_url


def attributed(line: str, name: str, address: str | None = None) -> Attribution:
    """Return an attribution to one source."""
    return Attribution(line, (Source(name, name, address=address),))
