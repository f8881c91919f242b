"""restic and borg keep our backups, as docs/operations.md tells, and what they give back is restored.

Both must be on the machine: `apt-get install restic borgbackup`.
"""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from armcrawl.jobs.backing_up import back_up
from armcrawl.jobs.restoring import restore
from tests.jobs.conftest import bodies_of, kept, make_press, new, press_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from armcrawl.archive.folder import Folder
    from tests.jobs.conftest import Press

__all__ = ["kept", "make_press", "new", "press_file"]


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., str]:
    """Run a program whose repository and secret are in its environment."""
    (tmp_path / "secret").write_text("открой\n", encoding="utf-8")
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path),
        "RESTIC_REPOSITORY": str(tmp_path / "restic"),
        "RESTIC_PASSWORD_FILE": str(tmp_path / "secret"),
        "BORG_REPO": str(tmp_path / "borg"),
        "BORG_PASSCOMMAND": f"cat {tmp_path}/secret",
    }

    def carry_out(*command: str | Path, cwd: Path | None = None) -> str:
        return subprocess.run(
            command, env=environment, cwd=cwd or tmp_path, check=True, capture_output=True, text=True
        ).stdout

    return carry_out


def test_restic_gives_back_what_it_was_given(
    press_file: Press, kept: Path, new: tuple[str, Folder], run: Callable[..., str], tmp_path: Path
) -> None:
    run("restic", "init")
    for number in (3, 4):
        press_file.publish(number)
        back_up(press_file.url, press_file.storage, kept)
        run("restic", "backup", kept)
    run("restic", "forget", "--keep-daily", "7", "--keep-weekly", "5", "--keep-monthly", "12", "--prune")
    run("restic", "restore", "latest", "--target", tmp_path / "restored")
    restore(tmp_path / "restored" / kept.relative_to("/"), *new)
    assert len(bodies_of(*new)) == 4


def test_borg_gives_back_what_it_was_given(
    press_file: Press, kept: Path, new: tuple[str, Folder], run: Callable[..., str], tmp_path: Path
) -> None:
    run("borg", "init", "--encryption=repokey")
    for number in (3, 4):
        press_file.publish(number)
        back_up(press_file.url, press_file.storage, kept)
        run("borg", "create", f"::{number}", kept)
    run("borg", "prune", "--keep-daily", "7", "--keep-weekly", "5", "--keep-monthly", "12")
    run("borg", "compact")
    (tmp_path / "restored").mkdir()
    run("borg", "extract", "::4", cwd=tmp_path / "restored")
    restore(tmp_path / "restored" / kept.relative_to("/"), *new)
    assert len(bodies_of(*new)) == 4
