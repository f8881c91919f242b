"""The corpora: JSON Lines, one half written before the code, one after it by somebody who had not read it."""

from __future__ import annotations

import json
from hashlib import blake2b
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "corpora"
HALVES = ("before", "after")
CORPORA = (
    *("dates", "tags", "names", "names-fresh", "kinds", "attribution", "sources", "copies", "search"),
    "search-words",
)
DIGEST_SIZE = 8

Entry = dict[str, Any]


def path_of(corpus: str, half: str) -> Path:
    """Return where one half of a corpus is."""
    return FOLDER / f"{corpus}-{half}.jsonl"


def load(corpus: str, half: str | None = None) -> list[Entry]:
    """Return the entries of a corpus, or of one half of it."""
    paths = [path_of(corpus, one) for one in ((half,) if half else HALVES)]
    lines = [line for path in paths if path.exists() for line in path.read_text(encoding="utf-8").splitlines()]
    return [json.loads(line) for line in lines if line.strip()]


def digest(corpus: str) -> str:
    """Return a digest of both halves: whoever changes an entry changes it in the floors, too."""
    paths = [path_of(corpus, half) for half in HALVES]
    data = b"\n".join(path.read_bytes() for path in paths if path.exists())
    return blake2b(data, digest_size=DIGEST_SIZE).hexdigest()
