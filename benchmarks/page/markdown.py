"""Tables and numbers of a page in Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

NOT_MEASURED = "not measured"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table whose first column is text and whose others are numbers."""
    lines = [head, ["---", *("--:" for _ in head[1:])], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def folded(name: str, text: str) -> str:
    """Return a text that is shown when its name is clicked."""
    return f"<details><summary>{name}</summary>\n\n{text}\n\n</details>"


def number(value: float) -> str:
    """Return a number with three digits that say something."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    text = f"{value:.3g}"
    return "0" if float(text) == 0 else text


def figure(found: Mapping[str, float] | float | None) -> str:
    """Return a figure of a peer: the median alone, as the record has its interval."""
    if found is None:
        return NOT_MEASURED
    return number(found if isinstance(found, (int, float)) else found["median"])


def share(row: Mapping[str, Any], name: str) -> str:
    """Return a share from 0 to 1."""
    return f"{row[name]:.2f}" if name in row else NOT_MEASURED
