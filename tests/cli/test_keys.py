"""How a page is named on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from armcrawl.analysis.page_keys import key_in, read_key
from armcrawl.errors import UsageError
from armcrawl.items import Outcome
from armcrawl.sites import PageKey
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import open_database
from armcrawl.store.ledger.ledger import claim_origin
from tests.store.conftest import answered, stored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

    from tests.forking import Finished

    Command = Callable[..., Finished]

MIRROR = "https://mirror.example.org/press"
SEVEN = PageKey("armtorg", "news", "7")


@pytest.fixture
def filled(database: str) -> str:
    """Id 7 is an article of the news and a hole in the reviews; 8 is an article of both."""
    engine = open_database(database)
    pages = [stored(7), answered(Outcome.MISSING, 7, section="reviews"), stored(8), stored(8, section="reviews")]
    write_batch(engine, pages, None)
    claim_origin(engine, "armtorg", MIRROR)
    engine.dispose()
    return database


@pytest.fixture
def engine(filled: str) -> Iterator[Engine]:
    engine = open_database(filled)
    yield engine
    engine.dispose()


@pytest.mark.parametrize(
    "text",
    ["armtorg/news/7", "https://armtorg.ru/news/7", "http://www.armtorg.ru//news/007/?utm_source=x#top"],
)
def test_a_page_is_named_by_key_or_address(text: str) -> None:
    assert read_key(text) == SEVEN


@pytest.mark.parametrize("text", ["armtorg/photo/7", "photo/7", "armtorg/news/x", ""])
def test_what_names_no_page_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="write a key"):
        read_key(text)


@pytest.mark.parametrize("text", ["7", "007", "news/7"])
def test_an_id_is_the_one_article_that_has_it(engine: Engine, text: str) -> None:
    assert key_in(engine, read_key(text)) == SEVEN


def test_an_id_that_two_sections_have_names_the_candidates(armcrawl: Command, filled: str) -> None:
    done = armcrawl("show", "8", "--database", filled)
    assert (done.code, done.err) == (
        2,
        "armcrawl: 8 may be armtorg/news/8 or armtorg/reviews/8: write which of them.\n",
    )


def test_an_id_that_no_section_has_is_not_known(engine: Engine) -> None:
    with pytest.raises(UsageError, match="does not know 9: neither armtorg/news/9 nor"):
        key_in(engine, read_key("9"))


@pytest.mark.parametrize("text", [f"{MIRROR}/news/7", "http://127.0.0.1:8000/news/7", "http://localhost/news/7?x=1"])
def test_a_mirror_s_address_names_the_page(engine: Engine, text: str) -> None:
    assert key_in(engine, read_key(text)) == SEVEN


@pytest.mark.parametrize("text", ["https://example.org/news/7", "http://127.0.0.1:x/news/7", f"{MIRROR}/about"])
def test_an_address_of_another_server_names_none(engine: Engine, text: str) -> None:
    with pytest.raises(UsageError, match="no page of a known site"):
        key_in(engine, read_key(text))
