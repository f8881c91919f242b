"""What a worker sees before it begins a job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from armcrawl.archive.folder import Folder
from armcrawl.fleet.engine import Pace
from armcrawl.fleet.working import Crawler

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from sqlalchemy import Engine


def test_a_machine_whose_armcrawl_toml_does_not_fit_begins_no_job(
    engine: Engine, postgresql_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else each job of each site would end there with exit code 2, and none of them is tried again."""
    file = tmp_path / "armcrawl.toml"
    monkeypatch.setenv("ARMCRAWL_CONFIG", str(file))
    crawler = Crawler(engine, postgresql_database, Folder(tmp_path / "shared"), Pace(), "worker")
    file.write_text("delay = 3.0\n", encoding="utf-8")
    assert crawler.fault() is None
    file.write_text("[site.gone]\ndelay = 3.0\n", encoding="utf-8")
    assert "there is no site 'gone'" in (crawler.fault() or "")
    file.unlink()
    assert "cannot be read" in (crawler.fault() or "")
