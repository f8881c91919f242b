"""SQL that SQLAlchemy compiled for one engine serves the next one of its kind.

An engine keeps what it compiled, and tests open one after another: each would compile the same fifty statements anew,
which took a third of a small test of the store.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine

from armcrawl.store.base import database

if TYPE_CHECKING:
    from collections.abc import Hashable

    from sqlalchemy.sql.compiler import Compiled

# More than all tests together compile: some thousand.
MOST = 20_000


class Shared(dict[Any, "Compiled"]):
    """What was compiled, by kind of database and statement.

    A key begins with the dialect, of which each engine has one of its own. Those of a kind compile alike, as all are
    made in one place.
    """

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:
        """Return what any engine of the kind compiled."""
        return super().get(_shared(key), default)

    def __setitem__(self, key: tuple[Any, ...], compiled: Compiled) -> None:
        if len(self) >= MOST:
            self.clear()
        super().__setitem__(_shared(key), compiled)


def _shared(key: tuple[Any, ...]) -> tuple[Hashable, ...]:
    dialect, *statement = key
    return (type(dialect), getattr(dialect, "_json_serializer", None), *statement)


def share_compiled() -> None:
    """Let all engines that this process and its forks open share what they compile."""
    shared = partial(create_engine, execution_options={"compiled_cache": Shared()})
    database.create_engine = shared  # type: ignore[attr-defined]  # the name that the module imported
