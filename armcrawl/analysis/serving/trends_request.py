"""What the address of a trend asks for: up to six series, and from which month to which."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from armcrawl.analysis.trends import Asked, SeriesKind, Step
from armcrawl.errors import UsageError
from armcrawl.russian.dates import read_span

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from starlette.datastructures import QueryParams

# As many colours as can be told apart, and lines that are not a tangle.
MAX_SERIES = 6
# No query and no name is longer.
MAX_LENGTH = 1_000
PARAMETERS = {"q": SeriesKind.WORDS, "entity": SeriesKind.ENTITY, "source": SeriesKind.SOURCE}


@dataclass(frozen=True, slots=True)
class TrendsRequest:
    """Trends as their address has them; months as `2016-05`, empty where none is given, as is the step."""

    asked: tuple[Asked, ...]
    first: str
    last: str
    step: Step | None = None

    def of(self, parameter: str) -> str:
        """Return what is asked for by a parameter, a line each, as its field shows it."""
        return "\n".join(one.text for one in self.asked if one.kind is PARAMETERS[parameter])

    def path(self, suffix: str = "") -> str:
        """Return the address of the same as a file of another kind."""
        names = {kind: name for name, kind in PARAMETERS.items()}
        given = [(names[one.kind], one.text) for one in self.asked]
        given += [(name, one) for name, one in (("from", self.first), ("to", self.last), ("step", self.step)) if one]
        return f"/trends{suffix}?{urlencode(given, errors='replace')}"

    def with_step(self, step: Step) -> TrendsRequest:
        """Return the same in other steps."""
        return replace(self, step=step)

    def in_whole_years(self) -> TrendsRequest:
        """Return the same from January to December."""
        first, last = (f"{month[:4]}-{end}" if month else "" for month, end in ((self.first, "01"), (self.last, "12")))
        return replace(self, first=first, last=last)


def read_trends(given: QueryParams, now: datetime) -> TrendsRequest:
    """Read an address by its arguments; raises UsageError for what makes no sense.

    Months are written as days of a search are; of a year the first or the last one is meant.
    """
    asked = [Asked(kind, text) for name, kind in PARAMETERS.items() for text in _lines(given.getlist(name))]
    asked = list(dict.fromkeys(asked))
    if any(len(one.text) > MAX_LENGTH for one in asked):
        raise UsageError(f"Слишком длинно: строка берёт не больше {MAX_LENGTH} знаков.")
    if len(asked) > MAX_SERIES:
        raise UsageError(f"Рядом видно не больше {MAX_SERIES} рядов, а здесь их {len(asked)}: уберите лишние строки.")
    first, last = (_month(given.get(name, "").strip(), now, end) for end, name in enumerate(("from", "to")))
    if first and last and first > last:
        raise UsageError(f"Начало {first} позже конца {last}: поменяйте их местами.")
    return TrendsRequest(tuple(asked), first, last, _step(given.get("step", "").strip()))


def _lines(values: Sequence[str]) -> list[str]:
    return [line.strip() for value in values for line in value.splitlines() if line.strip()]


def _month(written: str, now: datetime, end: int) -> str:
    """Return the first or the last month of what is written, as `2016-05`."""
    if not written:
        return ""
    span = read_span(written[:MAX_LENGTH], now)
    if span is None:
        raise UsageError(f"«{written[:MAX_LENGTH]}» — не месяц и не год: напишите май 2016, 2016-05 или 2016.")
    return span[end].isoformat()[:7]


def _step(written: str) -> Step | None:
    if written and written not in [*Step]:
        raise UsageError(f"«{written[:MAX_LENGTH]}» — не шаг: month показывает по месяцам, year — по годам.")
    return Step(written) if written else None
