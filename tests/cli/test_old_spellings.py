"""Who writes an old spelling is told the new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from armcrawl.cli.old_spellings import OLD_COMMANDS, OLD_OPTIONS
from tests.conftest import TOP

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.forking import Finished

    Command = Callable[..., Finished]


@pytest.mark.parametrize(("old", "new"), OLD_COMMANDS.items())
def test_an_old_command_is_answered_with_the_new_one(armcrawl: Command, old: str, new: str) -> None:
    done = armcrawl(old, "armtorg/news/7")
    assert (done.code, done.err) == (2, f"armcrawl: `{old}` is called `{new}` now: write `armcrawl {new}`.\n")


@pytest.mark.parametrize(("command", "old"), OLD_OPTIONS)
def test_an_old_option_is_answered_with_the_new_one(armcrawl: Command, command: str, old: str) -> None:
    done = armcrawl(*command.split(), old)
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert done.err.startswith("armcrawl: ")
    assert (OLD_OPTIONS[command, old] or "--apply") in done.err


def test_runs_without_a_command_answers_too(armcrawl: Command) -> None:
    assert "called --limit now" in armcrawl("runs", "--most", "3").err


def test_an_option_that_never_was_is_click_s_matter(armcrawl: Command) -> None:
    done = armcrawl("search", "x", "--uniq")
    assert done.code == 2
    assert "No such option" in done.err


def test_the_changelog_has_a_row_for_each() -> None:
    changelog = (TOP / "CHANGELOG.md").read_text(encoding="utf-8")
    for old, new in OLD_COMMANDS.items():
        assert f"| `{old}` | `{new}` |" in changelog
    for (command, option), now in OLD_OPTIONS.items():
        row = f"| `{command} {option}` | `{now}` |" if now else f"| `{command} {option}` | "
        assert row in changelog
