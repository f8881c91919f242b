"""What a backfill is told to bring."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from armcrawl.discovery.goal import Goal, goal_of
from armcrawl.errors import UsageError
from armcrawl.sites import site_named

if TYPE_CHECKING:
    from pathlib import Path


ARMTORG = site_named("armtorg")


def test_a_plain_crawl_has_no_goal() -> None:
    assert goal_of({}, ARMTORG) is None


@pytest.mark.parametrize(
    ("settings", "goal", "words"),
    [
        ({"ARMCRAWL_IDS": "7"}, Goal(ids=((7, 7),)), "ids 7-7"),
        ({"ARMCRAWL_IDS": "1-30, 50"}, Goal(ids=((1, 30), (50, 50))), "ids 1-30, 50-50"),
        ({"ARMCRAWL_ALL": "true"}, Goal(), "all"),
        ({"ARMCRAWL_SINCE": "2016-05-31"}, Goal(first_day=date(2016, 5, 31)), "since 2016-05-31"),
        (
            {"ARMCRAWL_SINCE": "2016-01-01", "ARMCRAWL_UNTIL": "2016-12-31"},
            Goal(first_day=date(2016, 1, 1), last_day=date(2016, 12, 31)),
            "since 2016-01-01 until 2016-12-31",
        ),
    ],
)
def test_goals_are_read(settings: dict[str, Any], goal: Goal, words: str) -> None:
    read = goal_of(settings, ARMTORG)
    assert read == goal
    assert read is not None
    assert read.in_words() == words


@pytest.mark.parametrize(
    "settings",
    [{"ARMCRAWL_IDS": text} for text in ("0", "9-3", "a", "1-", "-5", "1--2", "1,,2", "٣", "9" * 19, "1.5")]
    + [{"ARMCRAWL_SINCE": "2016-02-30"}, {"ARMCRAWL_UNTIL": "31.05.2016"}]
    + [{"ARMCRAWL_SINCE": "2016-02-02", "ARMCRAWL_UNTIL": "2016-02-01"}],
)
def test_what_is_no_goal_is_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        goal_of(settings, ARMTORG)


def test_a_list_of_addresses_is_read(tmp_path: Path) -> None:
    path = tmp_path / "urls"
    path.write_text("https://armtorg.ru/news/7\n\n# старое\nhttp://www.armtorg.ru/news/7/?a=1\n", encoding="utf-8-sig")
    goal = goal_of({"ARMCRAWL_URLS": str(path)}, ARMTORG)
    assert goal is not None
    assert [str(key) for key in goal.keys] == ["armtorg/news/7"]
    assert goal.in_words() == "1 addresses"


@pytest.mark.parametrize("text", ["", "# nothing\n", "https://armtorg.ru/news/7\nhttps://example.org/\n"])
def test_a_list_without_articles_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "urls"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError):
        goal_of({"ARMCRAWL_URLS": str(path)}, ARMTORG)


def test_a_list_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "urls"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="no UTF-8"):
        goal_of({"ARMCRAWL_URLS": str(path)}, ARMTORG)
