"""What has changed on a site, in plain words, the same on a terminal, in a report, in a mail."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from armcrawl.checks import plainest
from armcrawl.reporting.outcome import decisions
from armcrawl.reporting.page_lines import MAX_OF_LINE, Beside
from armcrawl.store.base.enumerations import REFUSED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from armcrawl.store.queries.run_examples import Compared, Examples
    from armcrawl.store.queries.runs import RunRecord

# The role of a line and its beginning.
WIDTH = MAX_OF_LINE + 20
# By which field a reader sees a measure; the rest shows in the lines alone, or not at all.
SHOWN_BY = {
    **dict.fromkeys(("title", "title of other pages", "title letters"), "title"),
    **dict.fromkeys(("date", "day of most other pages", "date out of the order of ids"), "date"),
    "dated on the day of the fetch": "date",
    **dict.fromkeys(("tags", "label without tags", "links of tags"), "tags"),
    "attribution": "source",
    **dict.fromkeys(("text", "text of other pages", "text cut off", "text in a wrong charset"), "text"),
    **dict.fromkeys(("body", "words", "paragraphs", "prose left out", "header in the text"), "text"),
    **dict.fromkeys(("a paragraph twice", "a paragraph of other pages"), "text"),
}
# What stands before the name of a field.
OF_FIELD = re.compile(r"^(method|second witness|number) of ")


def change(run: RunRecord, examples: Examples, lines: Mapping[str, Beside]) -> Iterator[str]:
    """Yield in plain words what has changed, on which pages it shows, and what a person may decide."""
    if not run.breaches:
        return
    yield "What has changed:"
    yield from (f"  {breach}" for breach in plainest(run.breaches))
    for one in examples.repeated:
        yield f"  {one.pages} of the last {one.of} articles of the run have in their {one.field}: «{one.text}»"
    yield f"{_affected(run, examples)}{_withheld(run)}"
    for page in examples.named:
        yield from _compared(page, _concerned(run))
        beside = lines.get(page.key, Beside())
        yield from (f"  {before:<{WIDTH}} │ {after}".rstrip() for before, after in beside.pairs)
        if beside.missing:
            yield f"  Not line by line: {beside.missing}."
    if run.verdict == REFUSED:
        yield "Decide; until then later runs go on, and nothing of this one is shown:"
        yield from (f"  {decision}" for decision in decisions(run.id))


def _affected(run: RunRecord, examples: Examples) -> str:
    """Return on how many pages the change shows, empty for one of requests; other pages may show another sign of it."""
    pages = [breach.pages for breach in run.breaches if breach.first]
    if not pages:
        return ""
    least = "at least " if len(pages) > 1 else ""
    since = f", the first read {examples.named[0].read_at:%Y-%m-%d %H:%M} UTC" if examples.named else ""
    return f"Affected: {least}{max(pages)} pages{since}. "


def _withheld(run: RunRecord) -> str:
    if run.verdict != REFUSED:
        rest = f"; {run.withheld} of its articles wait for `armcrawl runs publish`" if run.withheld else ""
        return f"The run is {run.verdict} by now{rest}."
    if not run.withheld:
        return "Withheld: nothing, as this run stored no article."
    return f"Withheld: all {run.withheld} articles of this run, the sound ones too."


def _concerned(run: RunRecord) -> set[str]:
    """Return the fields by which a reader sees what has changed."""
    measures = {OF_FIELD.sub("", breach.measure) for breach in run.breaches}
    return {SHOWN_BY[measure] for measure in measures if measure in SHOWN_BY}


def _compared(page: Compared, concerned: set[str]) -> Iterator[str]:
    """Yield what a page shows beside one before; of another article what has changed, as all else differs anyway."""
    yield f"{page.key} now, beside {page.beside} before:" if page.beside else f"{page.key} now:"
    if page.said:
        yield f"  shows no article: {page.said}"
        return
    for name, before, after in page.fields:
        if before != after and (page.beside in {None, page.key} or name in concerned):
            yield f"  {name + ':':<8}{before}  →  {after}"
