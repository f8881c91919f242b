"""Pages for people: one template, whatever is reported; nothing in them comes from another host."""

from __future__ import annotations

from difflib import SequenceMatcher
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jinja2 import Environment, Template


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("armcrawl.reporting")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def template(name: str) -> Template:
    """Return a template of ours."""
    return _environment().get_template(name)


def macros(name: str) -> Any:
    """Return a template's macros, for a page that is written piece by piece."""
    return template(name).module


def changed_pieces(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield what went (`-`), what came (`+`) and what stayed (` `)."""
    for kind, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from ((" ", piece) for piece in old[first:last])
        else:
            yield from (("-", piece) for piece in old[first:last])
            yield from (("+", piece) for piece in new[start:end])
