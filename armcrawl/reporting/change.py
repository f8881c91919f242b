"""What has changed on a site, in plain words, the same on a terminal, in a report, in a mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from armcrawl.checks import plainest
from armcrawl.reporting.outcome import decisions
from armcrawl.reporting.page_lines import MAX_OF_LINE
from armcrawl.store.articles.folding import REFUSED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from armcrawl.store.queries.run_examples import Compared, Examples
    from armcrawl.store.queries.runs import RunRecord

# The role of a line and its beginning.
WIDTH = MAX_OF_LINE + 20
# By which field a reader sees a measure; what else there is, the text shows.
SHOWN_BY = {"title": "title", "dat": "date", "day": "date", "tag": "tags", "attribution": "source"}
# Seen in the lines alone, or not at all.
SHOWN_BY |= dict.fromkeys(("author", "lead", "images", "page"), "")

Lines = list[tuple[str, str]]


def change(run: RunRecord, examples: Examples, lines: Mapping[str, Lines]) -> Iterator[str]:
    """Yield in plain words what has changed, on which pages it shows, and what a person may decide."""
    if not run.breaches:
        return
    yield "What has changed:"
    yield from (f"  {breach}" for breach in plainest(run.breaches))
    yield from (f"  {one.pages} pages of the run have in their {one.field}: «{one.text}»" for one in examples.repeated)
    affected = max(breach.pages for breach in run.breaches)
    since = f", the first read {examples.named[0].read_at:%Y-%m-%d %H:%M} UTC" if examples.named else ""
    yield f"Affected: {affected} pages{since}. Withheld: all {run.withheld} articles of this run, the sound ones too."
    for page in examples.named:
        yield from _compared(page, _concerned(run))
        yield from (f"  {before:<{WIDTH}} │ {after}".rstrip() for before, after in lines.get(page.key, ()))
    if run.verdict == REFUSED:
        yield "Decide; until then later runs go on, and nothing of this one is shown:"
        yield from (f"  {decision}" for decision in decisions(run.id))


def _concerned(run: RunRecord) -> set[str]:
    """Return the fields by which a reader sees what has changed."""
    measures = [breach.measure for breach in run.breaches]
    return {next((shown for part, shown in SHOWN_BY.items() if part in measure), "text") for measure in measures}


def _compared(page: Compared, concerned: set[str]) -> Iterator[str]:
    """Yield what a page shows beside one before; of another article what has changed, as all else differs anyway."""
    yield f"{page.key} now, beside {page.beside} before:" if page.beside else f"{page.key} now:"
    if page.said:
        yield f"  shows no article: {page.said}"
        return
    for name, before, after in page.fields:
        if before != after and (page.beside in {None, page.key} or name in concerned):
            yield f"  {name + ':':<7}{before}  →  {after}"
