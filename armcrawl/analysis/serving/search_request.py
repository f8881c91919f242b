"""What an address asks for: words, a choice, a page of hits."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from armcrawl.errors import UsageError
from armcrawl.store.queries.faceted_search import Choice

if TYPE_CHECKING:
    from collections.abc import Callable

# To find the excerpts is half of the work of a search.
HITS_A_PAGE = 10
# As deep as `armcrawl search` goes.
MAX_PAGES = 100
# No name of a tag is longer, and no search is.
MAX_LENGTH = 1_000


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search as its address has it; `page` counts from 1."""

    words: str
    choice: Choice
    page: int = 1

    @property
    def first(self) -> int:
        """How many hits are on the pages before this one."""
        return (self.page - 1) * HITS_A_PAGE

    @property
    def chosen(self) -> dict[str, str | int]:
        """To what it is narrowed, which other words do not change."""
        return {name: value for name, value in asdict(self.choice).items() if value}

    def with_page(self, page: int) -> str:
        """Return the address of another page of the same hits."""
        return self._path(self.choice, page)

    def with_value(self, facet: str, value: str | int | None) -> str:
        """Return the address of what is found with another section, source, tag or year, or with none."""
        return self._path(Choice(**asdict(self.choice) | {facet: value}))

    def _path(self, choice: Choice, page: int = 1) -> str:
        given = {
            "q": self.words,
            "section": choice.section,
            "source": choice.source,
            "tag": choice.tag,
            "year": choice.year,
            "page": page if page > 1 else None,
        }
        return "/search?" + urlencode({name: value for name, value in given.items() if value})


def read_request(get: Callable[[str], str | None]) -> SearchRequest:
    """Read an address by its arguments; raises UsageError for what makes no sense."""
    values = {name: (get(name) or "").strip() for name in ("q", "section", "source", "tag", "year", "page")}
    if any(len(value) > MAX_LENGTH for value in values.values()):
        raise UsageError(f"Слишком длинно: поиск берёт не больше {MAX_LENGTH} знаков.")
    return SearchRequest(
        values["q"],
        Choice(
            values["section"] or None, values["source"] or None, values["tag"] or None, _number(values, "year", 9999)
        ),
        _number(values, "page", MAX_PAGES) or 1,
    )


def _number(values: dict[str, str], name: str, most: int) -> int | None:
    value = values[name]
    if not value:
        return None
    if not (value.isascii() and value.isdecimal() and len(value) < 9 and 1 <= int(value) <= most):
        raise UsageError(f"{name}: нужно число от 1 до {most}.")
    return int(value)
