"""The stock themes of content systems: title and date of three posts in each."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from armcrawl.items import Article
from armcrawl.reading.page import read_page
from armcrawl.refining.chain import refine
from tests.reading.posts import FOLDER, HOST, POSTS, THEMES, Post, page

FETCHED_AT = datetime(2026, 10, 2, 12, tzinfo=UTC)
WITH_TAGS = [theme for theme in THEMES if "{tags}" in (FOLDER / f"{theme}.html").read_text("utf-8")]
CASES = [pytest.param(theme, post, id=f"{theme} {post.day:%Y}") for theme in THEMES for post in POSTS]


def read(theme: str, post: Post) -> Article:
    result = read_page(page(theme, post).encode(), HOST + post.path, FETCHED_AT).result
    assert isinstance(result, Article), result
    return refine(result, FETCHED_AT).article


@pytest.mark.parametrize(("theme", "post"), CASES)
def test_the_title_is_the_posts(theme: str, post: Post) -> None:
    assert read(theme, post).title == post.title


@pytest.mark.parametrize(("theme", "post"), CASES)
def test_the_date_is_the_day_on_which_it_came_out(theme: str, post: Post) -> None:
    published = read(theme, post).published
    assert published is not None
    assert published.date == post.day.date()


@pytest.mark.parametrize(("theme", "post"), CASES)
def test_no_paragraph_is_lost(theme: str, post: Post) -> None:
    assert set(post.paragraphs) <= set(read(theme, post).paragraphs)


@pytest.mark.parametrize("theme", WITH_TAGS)
@pytest.mark.parametrize("post", POSTS, ids=lambda post: str(post.day.year))
def test_the_tags_are_the_posts(theme: str, post: Post) -> None:
    assert tuple(tag.printed for tag in read(theme, post).tags) == post.tags
