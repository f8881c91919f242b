"""DuckDB's full text, in the peers' environment: `python -m benchmarks.peers.full_text DATABASE`.

Its extension `fts` lies in a package of its own, so nothing is downloaded. Set up for Russian: Snowball's stems, no
stop words, and Cyrillic letters, which its usual setting ignores. It knows no phrases: all words must be there.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
from duckdb_extensions import import_extension

from benchmarks.peers.serving import serve, timed

INDEXED = """PRAGMA create_fts_index('texts', 'id', 'text',
    stemmer = 'russian', stopwords = 'none', ignore = '[^0-9a-zа-яё]+', strip_accents = 0, overwrite = 1)"""
FOUND = "FROM (SELECT id, fts_main_texts.match_bm25(id, ?, conjunctive := 1) AS rank FROM texts) WHERE rank IS NOT NULL"
PAGE = f"SELECT id {FOUND} ORDER BY rank DESC LIMIT 20"
COUNT = f"SELECT count(*) {FOUND}"
ALL = f"SELECT id {FOUND}"


def main() -> None:
    """Answer `index` with times and bytes, `find` with the numbers of texts, `page` with the time of a first page."""
    import_extension("fts")
    file = Path(sys.argv[1])
    connection = duckdb.connect(str(file))
    connection.load_extension("fts")

    def size() -> int:
        connection.execute("CHECKPOINT")
        return file.stat().st_size

    def index(texts: str) -> dict[str, float]:
        connection.execute("CREATE OR REPLACE TABLE texts (id bigint, text varchar)")
        connection.execute("INSERT INTO texts SELECT id, text FROM read_json(?)", [texts])
        before = size()
        taken = timed(lambda: connection.execute(INDEXED))
        return taken | {"bytes": size() - before}

    def find(text: str) -> list[int]:
        return [number for (number,) in connection.execute(ALL, [text]).fetchall()]

    def page(text: str) -> dict[str, float]:
        return timed(
            lambda: (connection.execute(PAGE, [text]).fetchall(), connection.execute(COUNT, [text]).fetchall())
        )

    serve({"index": index, "find": find, "page": page})


if __name__ == "__main__":
    main()
