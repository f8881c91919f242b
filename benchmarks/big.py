"""A million articles in a database of each kind, made once for all benchmarks that want them: some ten minutes.

They take thirty gigabytes of the folder for temporary files until the program ends.
"""

from __future__ import annotations

import atexit
from contextlib import ExitStack
from functools import cache
from typing import TYPE_CHECKING

from armcrawl.store.base.database import open_database
from benchmarks.databases import each_kind
from benchmarks.press import COPIED, copy_up_to, fill
from benchmarks.timing import Stopwatch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

MILLION = 1_000_000
# Of these so many go through the store: that takes most of the time.
WRITTEN = 5_000
# What views read of an article, and what tells its clusters.
TABLES = (*COPIED, "captures")

_made: dict[str, str] = {}


def big_databases() -> Iterator[tuple[str, Engine]]:
    """Yield each kind of database with an engine for a million articles; who changes them comes last."""
    for kind in _kinds():
        engine = open_database(_made[kind]) if kind in _made else _growing(kind)
        if kind not in _made:
            _grow(engine, kind, WRITTEN, MILLION)
        yield kind, engine
        engine.dispose()


def while_growing(sizes: tuple[int, ...], look: Callable[[str, Engine, int], None]) -> None:
    """Fill a database of each kind anew up to a million articles, and look at it at some sizes on the way."""
    for kind in _kinds():
        engine, before = _growing(kind), WRITTEN
        for size in sizes:
            _grow(engine, kind, before, size)
            look(kind, engine, size)
            before = size
        engine.dispose()


@cache
def _kinds() -> dict[str, Callable[[], str]]:
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(each_kind())


def _growing(kind: str) -> Engine:
    engine = open_database(_kinds()[kind]())
    fill(engine, WRITTEN)
    return engine


def _grow(engine: Engine, kind: str, before: int, articles: int) -> None:
    watch = Stopwatch()
    copy_up_to(engine, before, articles, WRITTEN, TABLES)
    print(f"  {kind}: from {before:,} to {articles:,} articles in {watch.taken().wall:.0f} s", flush=True)
    if articles == MILLION:
        _made[kind] = engine.url.render_as_string(hide_password=False)
