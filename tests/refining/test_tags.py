"""A printed tag gets its name, its key and a slug."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from armcrawl.items import Article, Tag
from armcrawl.refining.context import Context
from armcrawl.refining.tags import normalise_tags
from tests.conftest import FETCHED_AT

CONTEXT = Context(FETCHED_AT)


def tagged(*printed: str) -> Article:
    tags = tuple(Tag(text, f"https://armtorg.ru/tags/{number}") for number, text in enumerate(printed))
    return normalise_tags(Article("Завод открыл цех", tags=tags), CONTEXT)


def test_a_tag_gets_name_key_and_slug() -> None:
    (tag,) = tagged(" Минпромторг  РФ,").tags
    assert (tag.name, tag.key, tag.slug) == ("Минпромторг РФ", "минпромторг рф", "minpromtorg-rf")


def test_the_printed_form_and_the_address_stay() -> None:
    (tag,) = tagged("Ассоциацией кластеров и технопарков").tags
    assert (tag.printed, tag.address) == ("Ассоциацией кластеров и технопарков", "https://armtorg.ru/tags/0")


def test_tags_stay_in_the_order_of_the_page() -> None:
    printed = ("Минпромторг РФ", "Олег Радионов", "Андрей Шпиленко", "E.S.T.E.R")
    assert tuple(tag.printed for tag in tagged(*printed).tags) == printed


def test_a_tag_printed_twice_is_kept_once_as_first_printed() -> None:
    article = tagged("С-400", "арматура", "C-400")
    assert [tag.printed for tag in article.tags] == ["С-400", "арматура"]


def test_a_repeated_tag_is_noted() -> None:
    assert tagged("арматура", "Арматура").notes == ("tags/repeated_or_empty",)


@pytest.mark.parametrize("printed", ["", " ", "«»", ","])
def test_an_empty_tag_is_left_out_and_noted(printed: str) -> None:
    article = tagged(printed, "арматура")
    assert [tag.printed for tag in article.tags] == ["арматура"]
    assert article.notes == ("tags/repeated_or_empty",)


def test_different_tags_note_nothing() -> None:
    assert tagged("объект", "обект").notes == ()


@pytest.mark.parametrize("printed", ["№", "—", "100 %", "中国", "E.S.T.E.R"])
def test_every_tag_has_a_slug_for_addresses(printed: str) -> None:
    (tag,) = tagged(printed).tags
    assert tag.slug
    assert tag.slug.isascii()


@given(st.lists(st.text()))
def test_any_strings_become_tags_with_different_keys(printed: list[str]) -> None:
    keys = [tag.key for tag in tagged(*printed).tags]
    assert all(keys)
    assert len(set(keys)) == len(keys)
