"""`armcrawl db rebuild`: all that follows from the articles, made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rows import rows_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Undisturbed
    from tests.forking import Finished

    Command = Callable[..., Finished]


def test_the_rebuild_of_a_portal_changes_nothing(armcrawl: Command, undisturbed: Undisturbed, crawled: Path) -> None:
    database = f"sqlite:///{crawled}"
    done = armcrawl("db", "rebuild", "--database", database)
    assert done.code == 0, done.err
    assert f"Articles: {len(undisturbed.rows['articles'])}." in done.out
    assert rows_of(database) == undisturbed.rows
