"""Readers of pages: what each takes, and how right it is, on our sample's markups and on real pages.

How right on real pages is said by the judge that lies with them (`tests/quality/real_pages.py`), of all alike.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from benchmarks.pages import FETCHED_AT, Sent, own_pages, real_pages
from benchmarks.peers.asking import OURS, THEIRS, Peer
from benchmarks.peers.readers import READERS
from benchmarks.peers.rows import spread, told
from benchmarks.reading import STEP
from benchmarks.timing import Taken, in_turns
from tests.quality import pages
from tests.quality.real_pages import judged

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.peers.rows import Row

MODULE = "readers"
OUR_READERS = ("read_page", "understand")
# Five are the fewest that tell an interval; the slowest reader takes ten seconds a round.
ROUNDS = 5
MAX_ERRORS = 0.1


def reading(folder: Path) -> list[Row]:
    """Return a row for each reader; it lacks what needs real pages where their folder is not there."""
    with TemporaryDirectory() as scratch, ExitStack() as stack:
        found = {"own": own_pages(STEP), "real": real_pages("articles", folder=folder)}
        files = {kind: _written(Path(scratch) / f"{kind}.json", its) for kind, its in found.items() if its}
        peers = {name: stack.enter_context(Peer(_python(name), MODULE, name)) for name in READERS}
        rows: dict[str, Row] = {name: {"peer": name} for name in READERS}
        for kind, file in files.items():
            for name, row in _timed(peers, kind, file).items():
                rows[name] |= row
        for name, peer in peers.items():
            rows[name] |= _of_own_pages(peer)
    judge = folder / "score.py"
    if judge.exists():
        for name, row in _of_real_pages(judge).items():
            rows[name] |= row
    return list(rows.values())


def _python(name: str) -> str:
    return OURS if name in OUR_READERS else THEIRS


def _written(file: Path, found: Sequence[Sent]) -> tuple[str, int]:
    """Write pages for the peers to read; return the file's name, and how many there are."""
    pages_of = [{"html": page.text, "url": page.address, "fetched_at": page.fetched_at.isoformat()} for page in found]
    file.write_text(json.dumps(pages_of), encoding="utf-8")
    return str(file), len(pages_of)


def _timed(peers: dict[str, Peer], kind: str, pages_of: tuple[str, int]) -> dict[str, Row]:
    """Return milliseconds of processors a page. Raises ChildProcessError if a reader fails on many pages."""
    file, number = pages_of
    for name, peer in peers.items():
        # The first time caches are filled, and what is imported late is imported.
        if (errors := peer.ask("round", file=file)["errors"]) > MAX_ERRORS * number:
            raise ChildProcessError(f"{name} fails on {errors} of {number} pages.")
    sides: dict[str, Callable[[], Taken]] = {
        name: partial(peer.time, "round", file=file) for name, peer in peers.items()
    }
    taken = in_turns(ROUNDS, sides)
    return {
        name: {f"ms, {kind} pages": spread([one.processor / number * 1000 for one in its])}
        for name, its in taken.items()
    }


def _of_own_pages(peer: Peer) -> Row:
    """Return the shares that are right on our own markups, and the memory that the process has by then."""

    def read(body: bytes, address: str, charset: str) -> pages.PageRead:
        html = body.decode(charset)
        found = peer.ask("read", html=html, url=address, fetched_at=FETCHED_AT.isoformat())
        day = date.fromisoformat(found["published_on"][:10]) if found["published_on"] else None
        return pages.PageRead(found["title"] or "", day, found["body"] or "")

    shares = pages.of_pages(read, pages.STEP_OF_OTHERS)
    return {name.replace("pages", "own pages"): round(share, 4) for name, share in shares.items()} | {
        "MB": round(peer.ask("memory") / (1 << 20))
    }


def _of_real_pages(judge: Path) -> dict[str, Row]:
    """Return what the judge says of each, of the pages as they are and without what they declare of themselves."""
    ways = {"real pages": (), "undeclared": ("--strip",)}

    def said(name: str) -> Row:
        command = f"{_python(name)} -m benchmarks.peers.{MODULE} {name}"
        return {
            f"{way}, {measure}": value
            for way, arguments in ways.items()
            for measure, value in told(judged(judge, (*arguments, "--cmd", command))).items()
        }

    # Nothing is timed meanwhile.
    with ThreadPoolExecutor(2) as threads:
        return dict(zip(READERS, threads.map(said, READERS), strict=True))
