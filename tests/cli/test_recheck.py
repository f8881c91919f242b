"""`armcrawl recheck`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Undisturbed
    from tests.forking import Finished

    Command = Callable[..., Finished]

pytestmark = pytest.mark.usefixtures("crawled")


def test_a_page_to_recheck_is_asked_for_by_the_next_run(
    armcrawl: Command, undisturbed: Undisturbed, database: str
) -> None:
    done = armcrawl("recheck", "armtorg/news/102", f"{undisturbed.url}/news/103", "--database", database)
    assert (done.code, done.out) == (0, "The next run asks for 2 pages again.\n")
    options = ("--base-url", undisturbed.url, "--delay", "0", "--concurrency", "4")
    done = armcrawl("crawl", *options, "--database", database)
    assert "Pages: stored 2." in done.out


def test_an_unknown_key_does_not_cancel_the_rest(armcrawl: Command, database: str) -> None:
    done = armcrawl("recheck", "news/9999", "non/sense", "news/102", "--database", database)
    assert (done.code, done.out) == (1, "The next run asks for 1 page again.\n")
    nonsense, unknown = done.err.splitlines()
    assert "'non/sense' is no page" in nonsense
    assert unknown == "armcrawl: The database does not know armtorg/news/9999."


def test_ids_of_a_section_are_rechecked(armcrawl: Command, database: str) -> None:
    done = armcrawl("recheck", "--ids", "101-103,110", "--section", "news", "--database", database)
    assert (done.code, done.out) == (0, "The next run asks for 4 pages again.\n")


@pytest.mark.parametrize("arguments", [(), ("--section", "photo"), ("--ids", "x"), ("--site", "nowhere", "--ids", "1")])
def test_what_chooses_nothing_is_a_usage_error(armcrawl: Command, database: str, arguments: tuple[str, ...]) -> None:
    done = armcrawl("recheck", *arguments, "--database", database)
    assert (done.code, done.err.count("\n")) == (2, 1)
