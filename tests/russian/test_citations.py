"""A source that is named inside a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from armcrawl.items import SourceKind
from armcrawl.russian.attribution import read_attribution, read_attribution_line
from armcrawl.russian.citations import find_citation


@pytest.mark.parametrize(
    ("paragraph", "source", "kind"),
    [
        (
            "Завод отгрузил сто задвижек, сообщает пресс-служба АО «Салют».",
            "пресс-служба АО «Салют»",
            SourceKind.PRESS_SERVICE,
        ),
        ("Как передаёт корреспондент ИА «Девон», цех откроют в мае.", "ИА «Девон»", SourceKind.AGENCY),
        ("Об этом сообщили в Минпромторге России.", "Минпромторг России", SourceKind.MINISTRY),
        ("По данным Росстата, выпуск арматуры вырос.", "Росстат", SourceKind.MINISTRY),
        ("Цены выросли на треть, пишет журнал «Арматура».", "журнал «Арматура»", SourceKind.JOURNAL),
        (
            "«Цех откроют в мае», – говорится в сообщении портала «Энергетика».",
            "портал «Энергетика»",
            SourceKind.WEB_SITE,
        ),
        ("Об этом говорится на сайте компании «Салют».", "сайт компании «Салют»", SourceKind.WEB_SITE),
    ],
)
def test_a_text_names_whom_it_tells_after(paragraph: str, source: str, kind: SourceKind) -> None:
    found = read_attribution(paragraph)
    assert found is not None
    assert (found.source, found.kind) == (source, kind)
    assert found.line in paragraph
    assert read_attribution_line(paragraph) is None


def test_who_refers_to_another_names_two_sources() -> None:
    found = find_citation("Завод продан, передаёт ТАСС со ссылкой на Минэнерго.")
    assert found is not None
    assert [source.name for source in found.sources] == ["ТАСС", "Минэнерго"]


@pytest.mark.parametrize(
    "paragraph",
    [
        "По данным на 1 мая, завод выпустил сто задвижек.",
        "Завод сообщает покупателям сроки по телефону.",
        "О планах сообщил генеральный директор Иван Петров.",
        "Станок передаёт усилие на шток.",
        "Об этом сообщает пресс-служба МЦ Armtorg.",
        "Ток передаёт Иван Петров.",
    ],
)
def test_who_speaks_is_no_source_of_the_text(paragraph: str) -> None:
    assert find_citation(paragraph, own_names=("Armtorg",)) is None


@given(st.text(max_size=80))
def test_any_text_may_name_a_source_or_not(text: str) -> None:
    found = find_citation(text)
    assert found is None or found.sources
