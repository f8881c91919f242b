"""One run at a time: locks between processes, killed holders, lost connections, on both databases."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import make_url

from armcrawl.errors import LockedError
from armcrawl.store.base import lock as lock_module
from armcrawl.store.base.database import connect
from armcrawl.store.base.lock import holder_of, lock_site, locking_all, locking_jobs, waiting_for_all
from tests.conftest import COMMAND_SECONDS
from tests.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.postgresql import Databases, OwnServer

HOLD = """
import sys, time
from armcrawl.store.base.lock import lock_site
lock = lock_site(sys.argv[1], "armtorg", "crawl", print)
print("held", flush=True)
time.sleep(600)
"""


@pytest.fixture
def database(each_database: str) -> str:
    return each_database


@pytest.fixture
def other_process(database: str) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lock of armtorg."""
    with subprocess.Popen([sys.executable, "-c", HOLD, database], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def ignore(sentence: str) -> None:
    """Hear that a lock is lost, where it does not matter."""


def test_a_second_process_is_refused_with_the_holder(database: str, other_process: subprocess.Popen[str]) -> None:
    with pytest.raises(LockedError, match=f"crawl of armtorg, process {other_process.pid} "):
        lock_site(database, "armtorg", "crawl", ignore)


def test_another_site_has_a_lock_of_its_own(database: str, other_process: subprocess.Popen[str]) -> None:
    assert other_process.poll() is None
    lock_site(database, "another", "crawl", ignore).release()


def test_a_killed_holder_holds_nothing(database: str, other_process: subprocess.Popen[str]) -> None:
    other_process.kill()
    other_process.wait()

    def is_free() -> bool:
        try:
            lock_site(database, "armtorg", "crawl", ignore).release()
        except LockedError:
            return False
        return True

    # PostgreSQL notices within moments that its client is gone.
    wait_for(is_free)


def test_a_released_lock_is_free(database: str) -> None:
    lock_site(database, "armtorg", "crawl", ignore).release()
    lock_site(database, "armtorg", "crawl", ignore).release()


def test_nobody_rewrites_a_database_while_a_run_goes_on(database: str, other_process: subprocess.Popen[str]) -> None:
    with (
        pytest.raises(LockedError, match=f"crawl of armtorg, process {other_process.pid} "),
        locking_all(database, "create"),
    ):
        pass


def test_no_run_begins_while_a_database_is_rewritten(database: str) -> None:
    with locking_all(database, "create"), pytest.raises(LockedError, match="create, process"):
        lock_site(database, "armtorg", "crawl", ignore)


def test_work_in_pieces_goes_on_beside_runs_and_one_job_at_a_time(database: str) -> None:
    run = lock_site(database, "armtorg", "crawl", ignore)
    with locking_jobs(database, "rebuild"):
        lock_site(database, "another", "crawl", ignore).release()
        with pytest.raises(LockedError, match="rebuild, process"), locking_jobs(database, "reparse"):
            pass
        with pytest.raises(LockedError), locking_all(database, "create"):
            pass
    run.release()
    with locking_all(database, "create"), pytest.raises(LockedError), locking_jobs(database, "reparse"):
        pass


def test_who_waits_for_a_whole_database_has_it_when_the_last_run_has_ended(database: str) -> None:
    run, heard = lock_site(database, "armtorg", "crawl", ignore), []

    def hear(why: str) -> None:
        heard.append(why)
        run.release()

    with locking_all(database, "remove", hear), pytest.raises(LockedError, match="remove, process"):
        lock_site(database, "armtorg", "crawl", ignore)
    assert len(heard) == 1
    assert "crawl of armtorg" in heard[0]
    lock_site(database, "armtorg", "crawl", ignore).release()


def test_a_database_under_two_names_has_one_lock(tmp_path: Path) -> None:
    (tmp_path / "press.db").touch()
    (tmp_path / "link.db").symlink_to("press.db")
    lock = lock_site(f"sqlite:///{tmp_path}/press.db", "armtorg", "crawl", ignore)
    with pytest.raises(LockedError, match="crawl of armtorg"):
        lock_site(f"sqlite:///{tmp_path}/link.db", "armtorg", "crawl", ignore)
    lock.release()


def throw_out(postgresql: Databases, url: str) -> None:
    """End every session of a database, as a restart of the server does."""
    postgresql.execute(
        f"SELECT pg_terminate_backend(pid, {COMMAND_SECONDS * 1000}) FROM pg_stat_activity "
        f"WHERE datname = '{make_url(url).database}' AND pid <> pg_backend_pid()"
    )


def test_a_lock_whose_connection_is_lost_is_taken_again(
    postgresql: Databases, postgresql_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock_module, "PING_SECONDS", 0.1)
    lost: list[str] = []
    lock = lock_site(postgresql_database, "armtorg", "crawl", lost.append)
    held = postgresql.locks(postgresql_database)
    throw_out(postgresql, postgresql_database)
    wait_for(lambda: postgresql.locks(postgresql_database) == held)
    wait_for(lambda: lock.is_held)
    with pytest.raises(LockedError, match="crawl of armtorg"):
        lock_site(postgresql_database, "armtorg", "crawl", ignore)
    assert lost == []
    lock.release()


def test_a_run_whose_lock_another_run_took_hears_of_it(
    postgresql: Databases, postgresql_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock_module, "PING_SECONDS", 0.1)
    is_taken = threading.Event()
    kind = lock_module._AdvisoryLock  # noqa: SLF001 - what happens in its thread must wait
    take_again = kind._take_again  # noqa: SLF001 - as above

    def take_again_later(lock: Any) -> None:
        assert is_taken.wait(COMMAND_SECONDS), "waited for the other run to take the lock"
        take_again(lock)

    monkeypatch.setattr(kind, "_take_again", take_again_later)
    lost: list[str] = []
    lock = lock_site(postgresql_database, "armtorg", "crawl", lost.append)
    throw_out(postgresql, postgresql_database)
    other = lock_site(postgresql_database, "armtorg", "backfill", ignore)
    is_taken.set()
    wait_for(lambda: lost)
    assert ["backfill of armtorg" in sentence for sentence in lost] == [True]
    lock.release()
    other.release()


def test_a_lock_is_doubted_as_soon_as_the_server_goes_and_until_it_is_taken_again(
    own_server: OwnServer, own_database: str
) -> None:
    lock = lock_site(own_database, "armtorg", "crawl", ignore)
    assert lock.is_held
    own_server.stop()
    wait_for(lambda: not lock.is_held)  # at once: longer than PING_SECONDS nobody would wait for it
    own_server.start()
    wait_for(lambda: lock.is_held)
    lock.release()


def test_a_lock_that_was_not_seen_for_long_is_doubted(
    postgresql_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = lock_site(postgresql_database, "armtorg", "crawl", ignore)
    monkeypatch.setattr(lock_module, "SURE_SECONDS", 0.0)  # as if its server had not answered since
    assert not lock.is_held
    monkeypatch.undo()
    assert lock.is_held
    lock.release()


def test_others_are_told_who_waits_for_the_whole_database(postgresql_database: str) -> None:
    engine = connect(postgresql_database)
    run, told = lock_site(postgresql_database, "ventil", "crawl", ignore), list[str | None]()

    def hear(_: str) -> None:
        told.append(waiting_for_all(engine))
        run.release()

    assert waiting_for_all(engine) is None
    with locking_all(postgresql_database, "remove", hear):
        pass
    assert "remove, process" in (told[0] or "")
    assert waiting_for_all(engine) is None
    engine.dispose()


def test_who_holds_the_lock_of_a_site_or_its_server_is_told(postgresql_database: str) -> None:
    engine = connect(postgresql_database)
    lock = lock_site(postgresql_database, "ventil", "crawl", ignore, ["ventil.example"])
    for site, servers in (("ventil", []), ("klapan", ["ventil.example"])):
        assert "crawl of ventil" in (holder_of(engine, site, servers) or "")
    assert holder_of(engine, "klapan", ["klapan.example"]) is None
    lock.release()
    assert holder_of(engine, "ventil", ["ventil.example"]) is None
    engine.dispose()


def test_two_sites_of_one_server_exclude_each_other_on_postgresql(postgresql_database: str) -> None:
    lock = lock_site(postgresql_database, "ventil", "crawl", ignore, ["ventil.example", "klapan.example"])
    with pytest.raises(LockedError, match="crawl of ventil"):
        lock_site(postgresql_database, "klapan", "backfill", ignore, ["klapan.example"])
    lock_site(postgresql_database, "zadvizhka", "crawl", ignore, ["zadvizhka.example"]).release()
    lock.release()
    lock_site(postgresql_database, "klapan", "backfill", ignore, ["klapan.example"]).release()
