"""MinHash in the peers' environment: `python -m benchmarks.peers.minhash rensa|datasketch`.

Three words in a row are a shingle, 128 permutations a signature, as both advise; what the index of signatures shows is
held against the estimate of Jaccard's index.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.peers.serving import memory, serve, timed

if TYPE_CHECKING:
    from collections.abc import Callable

PERMUTATIONS, WORDS, SEED = 128, 3, 42
WORD = re.compile(r"\w+")
# Bands and rows whose index shows most of what is as near as each threshold: 16 × 8 rows lose half at 0.7.
BANDS = {0.3: 64, 0.5: 32, 0.7: 16}


def by_rensa(threshold: float) -> tuple[Callable[[list[str]], Any], Any]:
    """Return how a signature is made, and an empty index."""
    from rensa import RMinHash, RMinHashLSH

    def signature(shingles: list[str]) -> Any:
        made = RMinHash(PERMUTATIONS, SEED)
        made.update(shingles)
        return made

    return signature, RMinHashLSH(threshold, PERMUTATIONS, BANDS[threshold])


def by_datasketch(threshold: float) -> tuple[Callable[[list[str]], Any], Any]:
    """Return the same of datasketch."""
    from datasketch import MinHash, MinHashLSH

    def signature(shingles: list[str]) -> Any:
        made = MinHash(num_perm=PERMUTATIONS, seed=SEED)
        made.update_batch([one.encode() for one in shingles])
        return made

    bands = BANDS[threshold]
    return signature, MinHashLSH(num_perm=PERMUTATIONS, params=(bands, PERMUTATIONS // bands))


MAKERS = {"rensa": by_rensa, "datasketch": by_datasketch}


def shingles_of(text: str) -> list[str]:
    """Return the runs of words of a text; a text of fewer words is one."""
    words = WORD.findall(text.casefold().replace("ё", "е"))
    return list({" ".join(words[at : at + WORDS]) for at in range(max(1, len(words) - WORDS + 1))})


def main() -> None:
    """Answer `alike` of two texts, and `pairs` with all pairs of a file's texts and what finding them took."""
    maker = MAKERS[sys.argv[1]]

    def alike(one: str, other: str, threshold: float) -> bool:
        signature, _ = maker(threshold)
        return bool(signature(shingles_of(one)).jaccard(signature(shingles_of(other))) >= threshold)

    def pairs(file: str, threshold: float) -> dict[str, Any]:
        texts = json.loads(Path(file).read_text(encoding="utf-8"))
        signature, index = maker(threshold)
        signatures: list[Any] = []
        found: list[tuple[int, int]] = []

        def join_all() -> None:
            for number, text in enumerate(texts):
                mine = signature(shingles_of(text))
                shown = index.query(mine)
                found.extend((other, number) for other in shown if signatures[other].jaccard(mine) >= threshold)
                index.insert(number, mine)
                signatures.append(mine)

        before = memory()
        taken = timed(join_all)
        return taken | {"pairs": found, "bytes": memory() - before}

    serve({"alike": alike, "pairs": pairs})


if __name__ == "__main__":
    main()
