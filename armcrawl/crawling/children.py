"""The child processes of a run, and what each imports: no more than its work takes.

They are named here by their modules only, so that a command starts them before it imports Scrapy.
"""

from __future__ import annotations

from armcrawl.processes.ahead import start_ahead

READER = ("armcrawl.refining.pages", "armcrawl.refining.chain", "armcrawl.reading.page")
DATABASE = (
    "armcrawl.store.base.database_worker",
    "armcrawl.store.ledger.walks",
    "armcrawl.store.runs.drift_guard",
    "armcrawl.store.runs.publishing",
)
ARCHIVE = ("armcrawl.archive.writer_process",)


def start_children(*, is_archived: bool) -> None:
    """Start the children of a run that will soon begin."""
    # The run waits for the first of them before it asks for anything.
    start_ahead(*DATABASE)
    start_ahead(*READER)
    if is_archived:
        start_ahead(*ARCHIVE)
