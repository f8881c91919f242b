"""Clusters and days that are not plausible."""

from __future__ import annotations

from datetime import date

from armcrawl.checks.joining import MAX_CLUSTER, ClusterSeen, DaySeen, doubts_of, unjudged_of

DAY = date(2016, 5, 31)
USUAL = (30, 1_000)


def joined(number: int) -> tuple[str, ...]:
    return tuple(f"armtorg/news/{one}" for one in range(number))


def test_a_cluster_that_is_larger_than_plausible_is_doubted_with_its_days() -> None:
    clusters = [
        ClusterSeen("armtorg/news/1", MAX_CLUSTER, DAY, DAY),
        ClusterSeen("armtorg/news/2", 158, date(2013, 1, 1), DAY),
    ]
    assert list(doubts_of(clusters, [], USUAL)) == [
        "cluster armtorg/news/2 holds 158 articles from 2013-01-01 to 2016-05-31: texts of one template?"
    ]


def test_a_day_whose_articles_join_far_more_than_usual_is_doubted_with_examples() -> None:
    days = [DaySeen(DAY, 20, joined(14)), DaySeen(date(2016, 6, 1), 20, joined(2))]
    (doubt,) = doubts_of([], days, USUAL)
    examples = ", ".join(joined(3))
    assert doubt == f"of 20 articles of 2016-05-31 14 joined clusters, usually 3%, e.g. {examples}"


def test_with_few_earlier_articles_or_few_of_a_day_nothing_is_usual_and_that_is_said() -> None:
    busy, quiet = DaySeen(DAY, 20, joined(14)), DaySeen(DAY, 3, joined(1))
    assert not list(doubts_of([], [busy], (0, 50)))
    assert not list(doubts_of([], [quiet], USUAL))
    said = "whether more articles than usual joined clusters"
    few = "the site had 50 earlier articles, and 100 are needed"
    assert unjudged_of([busy, quiet], (0, 50)) == f"{said} (15 of 2 days): {few}"
    assert unjudged_of([quiet, busy], USUAL) == f"{said} (1 of 1 day): none of these days has 10 articles"


def test_where_nothing_joined_or_all_is_compared_nothing_is_left_unjudged() -> None:
    assert unjudged_of([DaySeen(DAY, 20, ())], (0, 0)) is None
    assert unjudged_of([DaySeen(DAY, 20, joined(14))], USUAL) is None
