"""The first revision of the chain, until 1.0.0 is out: `python -m tests.chain` writes the tables as they are now."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import create_mock_engine

from armcrawl.store.base import fts
from armcrawl.store.base.schema import metadata
from armcrawl.store.base.upgrading import CHAIN

FIRST = CHAIN / "versions" / "0001_first.py"


def statements(dialect: str) -> list[str]:
    """Return what makes the tables of today on a kind of database; what stands in no order is sorted."""
    made: list[str] = []

    def note(statement: Any, *_: object) -> None:
        made.append(str(statement.compile(dialect=engine.dialect)).strip())

    engine = create_mock_engine(f"{dialect}://", note)
    metadata.create_all(engine, checkfirst=False)
    tables = [statement for statement in made if statement.startswith("CREATE TABLE")]
    return [*tables, *sorted(set(made).difference(tables)), *(fts.STATEMENTS if dialect == "sqlite" else ())]


def main() -> None:
    for dialect in ("sqlite", "postgresql"):
        text = re.sub(" +$", "", "\n\n".join(statements(dialect)), flags=re.MULTILINE)
        FIRST.with_suffix(f".{dialect}.sql").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
