"""The revisions of the chain: what a release has of them is never changed.

`python -m tests.chain` writes the tables as they are now into the first one, until that is released; `python -m
tests.chain --release` notes the digests of all revisions, which hold from then on.
"""

from __future__ import annotations

import re
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import create_mock_engine

from armcrawl.store.base import fts
from armcrawl.store.base.schema import metadata
from armcrawl.store.base.upgrading import CHAIN

REVISIONS = CHAIN / "versions"
FIRST = REVISIONS / "0001_first.py"
# As `sha256sum` writes it: a digest and a file on each line.
RELEASED = Path(__file__).parent / "store" / "base" / "released_revisions.sha256"


def statements(dialect: str) -> list[str]:
    """Return what makes the tables of today on a kind of database; what stands in no order is sorted."""
    made: list[str] = []

    def note(statement: Any, *_: object) -> None:
        made.append(str(statement.compile(dialect=engine.dialect)).strip())

    engine = create_mock_engine(f"{dialect}://", note)
    metadata.create_all(engine, checkfirst=False)
    tables = [statement for statement in made if statement.startswith("CREATE TABLE")]
    return [*tables, *sorted(set(made).difference(tables)), *(fts.STATEMENTS if dialect == "sqlite" else ())]


def digests() -> dict[str, str]:
    """Return the digest of each file of the chain."""
    files = sorted([*REVISIONS.glob("*.py"), *REVISIONS.glob("*.sql")])
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in files}


def released() -> dict[str, str]:
    """Return the digests that were noted for a release; none before the first one."""
    lines = RELEASED.read_text(encoding="utf-8").splitlines() if RELEASED.exists() else []
    return {name: digest for digest, name in map(str.split, lines)}


def main() -> None:
    if sys.argv[1:] == ["--release"]:
        RELEASED.write_text("".join(f"{digest}  {name}\n" for name, digest in digests().items()), encoding="utf-8")
        return
    if released():
        sys.exit("The first revision is released, and databases were made by it: write a further revision.")
    for dialect in ("sqlite", "postgresql"):
        text = re.sub(" +$", "", "\n\n".join(statements(dialect)), flags=re.MULTILINE)
        FIRST.with_suffix(f".{dialect}.sql").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
