"""Copies: ours against MinHash as rensa and datasketch have it.

What is right is known of pairs of texts that people wrote (`tests/quality/reprints.py`), of real pairs where they lie
beside the checkout, and of generated texts, of which every fifth is made of the one before it.
"""

from __future__ import annotations

import gzip
import json
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sqlalchemy import text

from armcrawl.store.base.database import open_database, reading
from armcrawl.store.clusters.texts import number_of
from benchmarks.peers.asking import THEIRS, Peer
from benchmarks.recalling import OF_COPIES, related, worded
from benchmarks.timing import Stopwatch
from tests.quality import reprints
from tests.quality.corpus import load

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from armcrawl.store.clusters.relations import Pair
    from benchmarks.peers.rows import Row
    from tests.quality.corpus import Entry

    Judge = Callable[[str, str], bool]

TEXTS = 5_000
PEERS, THRESHOLDS = ("rensa", "datasketch"), (0.3, 0.5, 0.7)
# Of the real pairs: one text, and what two people may call either.
COPIES, LEFT_OUT = ("reprint", "same_url"), "rewrite"
SIZE = "SELECT sum(pgsize) FROM dbstat WHERE name IN ('texts', 'shingle_postings')"


def copies(real: Path, number: int = TEXTS) -> list[Row]:
    """Return a row for ours, and for each peer with each threshold; `real` is a file of real pairs, if it is there."""
    made = list(worded(number))
    texts = {number_of(one): one for one in made}
    gold = {_pair(*map(number_of, made[place - 1 : place + 1])) for place in range(OF_COPIES, len(made), OF_COPIES)}
    gold = {pair for pair in gold if len(set(pair)) > 1}  # a copy that is equal is found by everybody
    judged = partial(_of_corpora, load("copies"), _real(real))
    rows = [{"peer": "armcrawl, SQLite"} | judged(reprints.our_merge) | _ours(texts, gold)]
    with TemporaryDirectory() as folder:
        file = Path(folder) / "texts.json"
        file.write_text(json.dumps(list(texts.values())), encoding="utf-8")
        for name in PEERS:
            for threshold in THRESHOLDS:
                with Peer(THEIRS, "minhash", name) as peer:
                    told = peer.ask("pairs", file=str(file), threshold=threshold)
                    numbers = list(texts)
                    found = {_pair(numbers[one], numbers[other]) for one, other in told["pairs"]}
                    row: Row = {"peer": name, "threshold": threshold}
                    row |= judged(partial(_alike, peer, threshold))
                    rows.append(row | _told(told["processor"], told["bytes"], len(texts), found, gold))
    return [{"texts": len(texts), "known pairs": len(gold)} | row for row in rows]


def _alike(peer: Peer, threshold: float, one: str, other: str) -> bool:
    return bool(peer.ask("alike", one=one, other=other, threshold=threshold))


def _pair(one: int, other: int) -> Pair:
    return (min(one, other), max(one, other))


def _real(file: Path) -> list[Entry]:
    """Return the real pairs as the corpus writes its own; none where the file is missing."""
    if not file.exists():
        return []
    found = [json.loads(line) for line in gzip.decompress(file.read_bytes()).decode().splitlines()]
    return [
        {"kind": "copy" if one["label"] in COPIES else "other", "a": _whole(one, "a"), "b": _whole(one, "b")}
        for one in found
        if one["label"] != LEFT_OUT
    ]


def _whole(pair: Entry, side: str) -> str:
    return f"{pair[f'title_{side}']}\n{pair[f'text_{side}']}"


def _of_corpora(written: Sequence[Entry], real: Sequence[Entry], is_copy: Judge) -> Row:
    """Return F1 on either corpus, and the share of the look-alikes that would be merged."""
    shares = reprints.of_copies(written, is_copy)
    alike = [entry for entry in written if entry["kind"] != "copy"]
    row: Row = {
        "written pairs, F1": round(shares["copies, F1"], 4),
        "look-alikes merged": round(sum(is_copy(one["a"], one["b"]) for one in alike) / len(alike), 4),
    }
    return row | ({"real pairs, F1": round(reprints.of_copies(real, is_copy)["copies, F1"], 4)} if real else {})


def _ours(texts: Mapping[int, str], gold: set[Pair]) -> Row:
    with TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{folder}/texts.db")
        watch = Stopwatch()
        found = related(engine, texts)
        taken = watch.taken()
        with reading(engine) as connection:
            size: int = connection.execute(text(SIZE)).scalar_one()
        engine.dispose()
    return _told(taken.processor, size, len(texts), found, gold)


def _told(seconds: float, size: int, number: int, found: set[Pair], gold: set[Pair]) -> Row:
    return {
        "found": round(len(found & gold) / len(gold), 4),
        "false pairs": len(found - gold),
        "ms a text": round(seconds * 1000 / number, 3),
        "bytes a text": round(size / number),
    }
