"""How peers are asked, and what is made of their answers."""

from __future__ import annotations

import pytest

from benchmarks.peers.asking import OURS, Peer
from benchmarks.peers.minhash import shingles_of
from benchmarks.peers.rows import spread, told

PAGE = "<html><title>Кран</title><body><h1>Кран</h1><p>31 мая 2016</p><p>Завод выпустил новый шаровой кран.</p></body>"


def test_a_judges_line_is_told_in_shares() -> None:
    line = (
        "title 0.974  date nan  recall 1.000  leak 0.007  tags 0.5  articles refused 0/38  others 21/24  34 ms a page"
    )
    assert told(line) == {
        "title": 0.974,
        "recall": 1.0,
        "leak": 0.007,
        "tags": 0.5,
        "articles refused": 0.0,
        "others": 0.875,
    }


def test_rounds_become_a_median_and_its_interval() -> None:
    assert spread([3, 1, 2, 5, 4]) == {"median": 3, "low": 1, "high": 5}


def test_a_text_of_two_words_is_one_run() -> None:
    assert shingles_of("Новый кран") == ["новый кран"]
    assert sorted(shingles_of("Ещё один новый кран")) == ["еще один новый", "один новый кран"]


@pytest.mark.e2e
def test_a_peer_answers_with_what_it_read_until_its_block_ends() -> None:
    with Peer(OURS, "readers", "understand") as peer:
        found = peer.ask("read", html=PAGE, url="https://armtorg.ru/news/1", fetched_at="2016-06-01T12:00:00+03:00")
    assert (found["title"], found["published_on"]) == ("Кран", "2016-05-31")
    assert peer.process.returncode is not None


@pytest.mark.e2e
def test_a_peer_that_ends_instead_of_answering_is_an_error() -> None:
    with Peer(OURS, "readers", "nobody") as peer, pytest.raises(ChildProcessError, match="nobody"):
        peer.ask("read", html=PAGE, url="https://armtorg.ru/news/1", fetched_at="2016-06-01T12:00:00+03:00")
