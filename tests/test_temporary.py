"""The tests' own files in memory: only for tests, and not for ever."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

import pytest

from tests.conftest import TOP
from tests.temporary import PREFIX, use_memory

if TYPE_CHECKING:
    from pathlib import Path

# Linux gives no process so high a number.
NOBODY = 1 << 30


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in the place of memory, for a run that has none yet."""
    monkeypatch.setattr("tests.temporary.MEMORY", tmp_path)
    monkeypatch.setattr("tests.temporary.ROOM_BYTES", 0)
    monkeypatch.setattr(tempfile, "tempdir", tempfile.tempdir)
    # First set, so that it is put back.
    monkeypatch.setenv("TMPDIR", "x")
    monkeypatch.delenv("TMPDIR")
    return tmp_path


def test_a_run_has_a_folder_of_its_own_and_its_workers_have_the_same(memory: Path) -> None:
    folder = use_memory()
    assert folder is not None
    assert folder.name.startswith(f"{PREFIX}{os.getpid()}-")
    assert tempfile.gettempdir() == str(folder)
    assert use_memory() is None
    assert list(memory.iterdir()) == [folder]


def test_what_dead_runs_left_goes_and_what_others_have_stays(memory: Path) -> None:
    dead, alive = memory / f"{PREFIX}{NOBODY}-a", memory / f"{PREFIX}{os.getppid()}-a"
    for folder in (dead, alive):
        (folder / "pytest").mkdir(parents=True)
    use_memory()
    assert not dead.exists()
    assert alive.exists()


@pytest.mark.store
def test_whoever_only_imports_what_tests_share_has_no_folder_in_memory() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "TMPDIR"}
    code = "import os, tests.conftest; print(os.environ.get('TMPDIR'))"
    done = subprocess.run([sys.executable, "-c", code], cwd=TOP, env=environment, capture_output=True, check=True)
    assert done.stdout == b"None\n"
