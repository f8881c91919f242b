"""Packages of other people, as far as a test needs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def write_package(folder: Path, code: str) -> None:
    """Write an installed package with one module, which registers its class `Listed` as the discovery `listed`."""
    (folder / "listed_discovery.py").write_text(code, encoding="utf-8")
    told = folder / "listed_discovery-1.0.dist-info"
    told.mkdir()
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: listed-discovery\nVersion: 1.0\n", encoding="utf-8")
    (told / "entry_points.txt").write_text("[armcrawl.discovery]\nlisted = listed_discovery:Listed\n", encoding="utf-8")
