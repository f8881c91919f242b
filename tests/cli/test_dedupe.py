"""`armcrawl dedupe`, and what `show` says of a cluster."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from armcrawl.store.admin.reclustering import rebuild_clusters
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import open_database
from armcrawl.store.clusters.clustering import number_unjoined
from tests.conftest import COMMAND_SECONDS
from tests.rows import engine_rows
from tests.store.conftest import stored
from tests.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.forking import Finished, Forking

    Command = Callable[..., Finished]

NOTE = (
    "За неделю средняя цена задвижки на складах составила {} рублей, а поворотного затвора {} рублей за штуку.",
    "Поставщики объясняют это сезонным спросом и тем, что склады пополнялись весной с запасом на лето.",
)


# A command that comes to a stand in its second piece, when relations are written and clusters are not yet.
HANGING = """
import time
from pathlib import Path
from armcrawl.cli import main
from armcrawl.store.clusters import clustering
clustering.JOINED_AT_ONCE = 20
regroup = clustering.regroup
def regroup_once(*arguments):
    if Path("begun").exists():
        Path("hangs").touch()
        time.sleep(600)
    Path("begun").touch()
    regroup(*arguments)
clustering.regroup = regroup_once
main()
"""
TABLES = ("texts", "shingle_postings", "relations", "clusters", "cluster_members", "unjoined")


@pytest.fixture
def filled(database: str) -> str:
    """Eight articles with one text and two notes of a series, which nobody has joined yet."""
    engine = open_database(database)
    notes = [(9, ("41 350", "8 270")), (10, ("39 915", "7 844"))]
    pages = [stored(number) for number in range(1, 9)]
    pages += [
        stored(number, title="Цены недели", paragraphs=tuple(one.format(*prices) for one in NOTE))
        for number, prices in notes
    ]
    with patch("armcrawl.store.articles.writing.join_after_batch"):
        write_batch(engine, pages, None)
    engine.dispose()
    return database


def test_what_waits_is_said_joins_and_is_shown_with_five_others_and_their_number(
    armcrawl: Command, filled: str
) -> None:
    assert "10 articles wait to be compared with others" in armcrawl("status", "--database", filled).out
    assert "It waits to be compared with others" in armcrawl("show", "1", "--database", filled).out
    assert "10 articles waited to be compared" in armcrawl("dedupe", "rebuild", "--database", filled).out
    done = armcrawl("dedupe", "join", "--database", filled)
    assert (done.code, done.out) == (0, "10 articles compared with others.\n")
    others = ", ".join(f"armtorg/news/{number}" for number in range(2, 7))
    shown = armcrawl("show", "1", "--database", filled).out
    assert f"The same text in {others} and 2 more; first: a tie." in shown
    assert "waits" not in shown


def test_what_decided_about_two_articles_is_told_with_its_evidence(armcrawl: Command, filled: str) -> None:
    armcrawl("dedupe", "join", "--database", filled)
    done = armcrawl("dedupe", "explain", "9", "10", "--database", filled)
    assert "different: " in done.out
    assert "Decided by: one template, other numbers or names." in done.out
    only = "only armtorg/news/9 has 41, 350, 8, 270; only armtorg/news/10 has 39, 915, 7, 844"
    assert f"Of the numbers {only}." in done.out
    assert "In the same places stand (as stems): «" in done.out
    assert "Neither is in a cluster." in done.out
    found = json.loads(armcrawl("dedupe", "explain", "1", "2", "--json", "--database", filled).out)
    assert (found["grade"], found["rule"]) == ("same", "equal in normal form")
    of_one = {"cluster": "armtorg/news/1", "earliest": "armtorg/news/1", "waiting": False}
    assert found["clusters"] == {"armtorg/news/1": of_one, "armtorg/news/2": of_one}


def test_articles_of_one_cluster_are_told_by_its_earliest(armcrawl: Command, filled: str) -> None:
    armcrawl("dedupe", "join", "--database", filled)
    done = armcrawl("dedupe", "explain", "2", "3", "--database", filled)
    cluster = "the cluster armtorg/news/1 of 8 articles, the earliest of which is armtorg/news/1"
    assert f"Both are in {cluster}." in done.out
    assert "armtorg/news/3 and armtorg/news/1: same, as equal in normal form." in done.out


def test_articles_that_share_nothing_and_one_that_waits_are_told_as_such(armcrawl: Command, filled: str) -> None:
    done = armcrawl("dedupe", "explain", "1", "9", "--database", filled)
    assert "armtorg/news/9 waits to be compared with others: `armcrawl dedupe join`." in done.out
    assert done.out.endswith("They share no passage of four words.\n")


@pytest.mark.parametrize(
    ("other", "said"), [("1", "armtorg/news/1 is named twice"), ("news/404", "has no article armtorg/news/404")]
)
def test_what_cannot_be_compared_is_a_usage_error(armcrawl: Command, filled: str, other: str, said: str) -> None:
    done = armcrawl("dedupe", "explain", "1", other, "--database", filled)
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert said in done.err


def test_a_join_that_is_killed_in_its_midst_goes_on_where_it_was_and_ends_as_a_rebuild(
    armcrawl: Command, forks: Forking, each_database: str, tmp_path: Path
) -> None:
    engine = open_database(each_database)
    with patch("armcrawl.store.articles.writing.join_after_batch"):
        write_batch(engine, [stored(number, paragraphs=text_of(number % 25)) for number in range(1, 61)], None)
    told = ("dedupe", "join", "--database", each_database)
    process = forks.start(told, folder=tmp_path, environment=os.environ, script=HANGING)
    wait_for((tmp_path / "hangs").exists)
    process.kill()
    process.communicate(COMMAND_SECONDS)
    assert number_unjoined(engine) == 40
    assert armcrawl(*told).out == "40 articles compared with others.\n"
    joined = engine_rows(engine)
    rebuild_clusters(engine)
    rebuilt = engine_rows(engine)
    assert len(joined["clusters"]) == 25
    assert [joined[table] for table in TABLES] == [rebuilt[table] for table in TABLES]
    engine.dispose()


def text_of(number: int) -> tuple[str, ...]:
    """Return a text of its own."""
    return (" ".join(f"слово{number * 100 + place}" for place in range(40)),)
