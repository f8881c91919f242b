"""Measure others beside us, and write it to data/peers.json: `python -m benchmarks.peers [SUBJECT …]`.

Real pages and pairs are measured where they lie, beside the checkout or in the folder that `--real` names.
"""

from __future__ import annotations

import json
import subprocess
from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.peers.asking import THEIRS, TOP
from benchmarks.peers.copies import copies
from benchmarks.peers.reading import reading
from benchmarks.peers.search import search
from benchmarks.peers.stages import stages
from benchmarks.record import Record
from benchmarks.timing import Stopwatch
from tests.quality.real_pages import FOLDER

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.peers.rows import Row

# Nine minutes together on two quiet cores.
SUBJECTS: dict[str, Callable[[Path], list[Row]]] = {
    "reading": lambda folder: reading(folder / "real-pages"),
    "stages": lambda folder: stages(folder / "real-pages"),
    "search": lambda _: search(),
    "copies": lambda folder: copies(folder / "trials" / "pairs" / "pairs.jsonl.gz"),
}
FILE, LIST = TOP / "data" / "peers.json", Path(__file__).parent / "requirements.txt"
VERSIONS = """
import json, sys
from importlib.metadata import version
print(json.dumps({name: version(name) for name in sys.argv[1:]}))
"""


def main() -> None:
    """Print every row, and record it."""
    parser = ArgumentParser(prog="python -m benchmarks.peers")
    parser.add_argument("subjects", nargs="*", metavar="SUBJECT", help=", ".join(SUBJECTS))
    parser.add_argument("--real", metavar="FOLDER", type=Path, default=FOLDER.parent, help="default: %(default)s")
    arguments = parser.parse_args()
    given = arguments.subjects or list(SUBJECTS)
    if unknown := set(given) - set(SUBJECTS):
        parser.error(f"there is no subject {', '.join(sorted(unknown))}")
    record, versions = Record(FILE), _versions()
    for name in given:
        watch = Stopwatch()
        rows = SUBJECTS[name](arguments.real)
        record.put(name, rows, watch.taken(), versions)
        print(f"{name}:", *(json.dumps(row, ensure_ascii=False) for row in rows), sep="\n", flush=True)
        print(f"     {watch.taken().wall:.0f} s", flush=True)


def _versions() -> dict[str, str]:
    """Return the versions of what the peers' list names."""
    names = [line.partition("==")[0] for line in LIST.read_text(encoding="utf-8").splitlines() if "==" in line]
    done = subprocess.run([THEIRS, "-c", VERSIONS, *names], capture_output=True, check=True)
    found: dict[str, str] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    main()
