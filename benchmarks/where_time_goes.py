"""Where a page's time goes, stage by stage: `python -m benchmarks.where_time_goes`.

Each stage is timed by a stopwatch around the functions that begin it. A stage that runs inside another one stops the
other's watch, so that the times add up to the whole. A page passes some twenty watches, which take it longer by less
than a fiftieth; cProfile, which watches every call, would double its time, and that of small functions most.
"""

from __future__ import annotations

import functools
from contextlib import ExitStack, contextmanager
from importlib import import_module
from inspect import isgeneratorfunction
from statistics import median
from time import process_time
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest.mock import patch

from armcrawl.reading.response import SiteResponse
from armcrawl.refining.chain import STAGES
from armcrawl.refining.pages import understand
from benchmarks.pages import NO_REAL_PAGES, Sent, own_pages, real_pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# As in `benchmarks.reading`.
STEP = 20
ROUNDS = 15
MICROSECONDS = 1_000_000
# What belongs to no stage: making the result, and freeing what the page took.
REST = "the rest"
READING = "armcrawl.reading"
# The names by which each stage's functions are called, in the modules that call them.
WATCHED: dict[str, tuple[str, ...]] = {
    "bytes to text": (f"{READING}.page.decode",),
    "HTML parser": (f"{READING}.layout.layout.simplified", f"{READING}.layout.layout.LexborHTMLParser"),
    "walk of the tree, lines": (f"{READING}.page.parse",),
    "rates of the header": (f"{READING}.page.find_rates",),
    "declared metadata": (f"{READING}.page.declared",),
    "title": (f"{READING}.page.find_title", f"{READING}.page.title_above_body"),
    "roles of the lines": (f"{READING}.page.roles_of",),
    "tags": (f"{READING}.page.tag_groups", f"{READING}.page.tags_of"),
    "entries of lists": (f"{READING}.body.roles.find_entries",),
    "body": (f"{READING}.page.find_body",),
    "no article?": tuple(
        f"{READING}.not_article.{name}" for name in ("before_parsing", "challenge", "after_layout", "without_text")
    ),
    "date": (f"{READING}.page.find_date_text",),
    "other fields": (f"{READING}.page._article", f"{READING}.page._images"),
}


class Row(NamedTuple):
    """What one stage takes of a page: microseconds of processor time, and its share of all stages (0 to 1)."""

    stage: str
    microseconds: float
    share: float


class Stopwatches:
    """One watch for each stage, of which only the innermost one runs at a time."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.running: list[str] = []
        self.since = 0.0

    def enter(self, stage: str) -> None:
        """Stop the watch that runs, and start that of a stage."""
        now = process_time()
        if self.running:
            self._add(now)
        self.running.append(stage)
        self.since = now

    def leave(self) -> None:
        """Stop the watch that runs, and start the one that ran before."""
        now = process_time()
        self._add(now)
        self.running.pop()
        self.since = now

    def _add(self, now: float) -> None:
        stage = self.running[-1]
        self.seconds[stage] = self.seconds.get(stage, 0.0) + now - self.since

    def around(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that does the same while the stage's watch runs."""

        def called(*arguments: Any, **named: Any) -> Any:
            self.enter(stage)
            try:
                return function(*arguments, **named)
            finally:
                self.leave()

        def generated(*arguments: Any, **named: Any) -> Iterator[Any]:
            found = function(*arguments, **named)
            end = object()
            while True:
                self.enter(stage)
                try:
                    one = next(found, end)
                finally:
                    self.leave()
                if one is end:
                    return
                yield one

        return functools.wraps(function)(generated if isgeneratorfunction(function) else called)


def where_time_goes(pages: list[Sent]) -> list[Row]:
    """Return what each stage of reading and refining takes of a page, in the median over rounds."""
    responses = [SiteResponse(page.address, 200, page.fetched_at, page.body, "text/html") for page in pages]
    rounds: list[dict[str, float]] = []
    # The first round fills caches and imports what is imported late.
    for _ in range(ROUNDS + 1):
        watches = Stopwatches()
        with _watched(watches):
            for response in responses:
                watches.enter(REST)
                understand(response)
                watches.leave()
        rounds.append(watches.seconds)
    stages = [*WATCHED, *(f"refining: {name}" for name in STAGES), REST]
    middle = {stage: median(one.get(stage, 0.0) for one in rounds[1:]) for stage in stages}
    total = sum(middle.values())
    return [Row(stage, taken / len(pages) * MICROSECONDS, taken / total) for stage, taken in middle.items()]


@contextmanager
def _watched(watches: Stopwatches) -> Iterator[None]:
    """Put the watches around the stages' functions, as long as the context lasts."""
    with ExitStack() as stack:
        for stage, names in WATCHED.items():
            for name in names:
                module, _, attribute = name.rpartition(".")
                owner = import_module(module)
                function = watches.around(stage, getattr(owner, attribute))
                stack.enter_context(patch.object(owner, attribute, function))
        refining = {name: watches.around(f"refining: {name}", stage) for name, stage in STAGES.items()}
        stack.enter_context(patch.dict(STAGES, refining))
        yield


def main() -> None:
    """Print a table for the sample's pages and one for real articles."""
    for what, pages in (("The sample's pages", own_pages(STEP)), ("Real articles", real_pages("articles"))):
        if not pages:
            print(f"{what}: NOT MEASURED, as {NO_REAL_PAGES}.")
            continue
        rows = where_time_goes(pages)
        total = sum(row.microseconds for row in rows)
        print(
            f"{what}: {len(pages)}, of {sum(len(page.body) for page in pages) / len(pages) / 1000:.0f} kB in the mean"
        )
        for row in rows:
            print(f"  {row.stage:24} {row.microseconds:7.0f} µs a page {row.share:6.1%}")
        print(f"  {'together':24} {total:7.0f} µs a page")


if __name__ == "__main__":
    main()
