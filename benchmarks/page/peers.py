"""Tables of peers' figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.page.markdown import NOT_MEASURED, figure, number, share, table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Row = Mapping[str, Any]

# Readers that look for no day.
DAYLESS = ("read_page", "readability-lxml", "resiliparse")
# Columns of shares, by their names in the record.
OF_READERS = {
    "title": "real pages, title",
    "day": "real pages, date",
    "text": "real pages, recall",
    "leak": "real pages, leak",
    "title, bare": "undeclared, title",
    "day, bare": "undeclared, date",
    "refused": "real pages, homes refused",
}
OF_SEARCHES = {"recall": "search, recall", "precision": "search, precision", "recall, hard forms": "words, recall"}
OF_COPIES = {
    "F1, written": "written pairs, F1",
    "look-alikes joined": "look-alikes merged",
    "F1, real": "real pairs, F1",
}
KINDS = ("ms, one word", "ms, two words", "ms, a rare word", "ms, a phrase")


def readers(rows: Sequence[Row]) -> str:
    """Return the table of readers."""
    head = ("reader", "ms, own page", "ms, real page", "MB", *OF_READERS)
    return table(head, [_reader(row) for row in rows])


def _reader(row: Row) -> tuple[str, ...]:
    shares = (
        "–" if name.endswith("date") and row["peer"] in DAYLESS else share(row, name) for name in OF_READERS.values()
    )
    times = (figure(row.get(name)) for name in ("ms, own pages", "ms, real pages"))
    return (row["peer"], *times, number(row["MB"]), *shares)


def stages(rows: Sequence[Row]) -> str:
    """Return the table of the stages of our own reader."""
    head = ("stage", "µs, own page", "share", "µs, real page", "share")
    return table(head, [_stage(row) for row in rows])


def _stage(row: Row) -> tuple[str, ...]:
    told = ((row.get(f"µs, {kind} pages"), row.get(f"share, {kind} pages")) for kind in ("own", "real"))
    return (row["stage"], *(text for taken, part in told for text in (figure(taken), _percent(part))))


def _percent(part: float | None) -> str:
    return NOT_MEASURED if part is None else f"{part:.0%}"


def searches(rows: Sequence[Row]) -> str:
    """Return the table of searches."""
    head = ("search", *OF_SEARCHES, *KINDS, "ms to index", "bytes")
    return table(head, [_search(row) for row in rows])


def _search(row: Row) -> tuple[str, ...]:
    shares = (share(row, name) for name in OF_SEARCHES.values())
    times = (figure(row[kind]) if kind in row else "–" for kind in KINDS)
    return (row["peer"], *shares, *times, number(row["ms an article, indexing"]), number(row["bytes an article"]))


def copies(rows: Sequence[Row]) -> str:
    """Return the table of finders of copies."""
    head = ("finder", "found", "false pairs", *OF_COPIES, "ms a text", "bytes a text")
    return table(head, [_copies(row) for row in rows])


def _copies(row: Row) -> tuple[str, ...]:
    name = f"{row['peer']} at {row['threshold']}" if "threshold" in row else row["peer"]
    shares = (share(row, name) for name in OF_COPIES.values())
    return (
        name,
        share(row, "found"),
        str(row["false pairs"]),
        *shares,
        number(row["ms a text"]),
        number(row["bytes a text"]),
    )
