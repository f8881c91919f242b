"""Sites that exist for a test only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from armcrawl.sites.known import forget_sites

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

VENTIL = """
name = "ventil"
hosts = ["ventil.example", "www.ventil.example"]
zone = "Asia/Yekaterinburg"
own_names = ["Вентиль"]

[[sections]]
name = "news"
listing = "/novosti/"
addresses = ["/novosti/{id:int}"]
"""


@pytest.fixture
def declare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Path]]:
    """Declare a site in a folder outside the package; it is forgotten with the test."""
    monkeypatch.setenv("ARMCRAWL_SITES", str(tmp_path))
    forget_sites()

    def write(text: str = VENTIL, name: str = "ventil") -> Path:
        path = tmp_path / f"{name}.toml"
        path.write_text(text, encoding="utf-8")
        forget_sites()
        return path

    yield write
    monkeypatch.undo()
    forget_sites()
