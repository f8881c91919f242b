"""How much two texts have in common."""

from __future__ import annotations

from itertools import pairwise, product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from armcrawl.fingerprints import Grade, similarity
from armcrawl.fingerprints.comparing import Rule, compare
from armcrawl.fingerprints.passages import shared_passages
from armcrawl.fingerprints.shingles import SKETCH_OF_FACTS, SKETCH_OF_SHINGLES, shingled, sketch
from armcrawl.sample.articles import load_sample

if TYPE_CHECKING:
    from armcrawl.sample.articles import SampleArticle

ARTICLES = [article for article in load_sample().articles.values() if len(article.paragraphs) >= 4][:40]
wild_texts = st.text(alphabet="абв где ёЁ 1.2-«»\n", max_size=60)


def text(paragraphs: tuple[str, ...], title: str = "Заголовок") -> str:
    return "\n\n".join((title, *paragraphs))


@pytest.mark.parametrize("article", ARTICLES[:5])
def test_a_text_is_the_same_however_quotes_and_spaces_are_printed(article: SampleArticle) -> None:
    paragraphs = text(article.paragraphs)
    other = paragraphs.replace("«", '"').replace("»", '"').replace("ё", "е").replace(" ", "\u00a0")
    assert similarity(paragraphs, other).grade is Grade.SAME


def test_another_title_and_a_short_introduction_make_a_near_copy() -> None:
    for article in ARTICLES:
        copy = text(("Подробности сообщили на заводе.", *article.paragraphs), "Совсем другой заголовок")
        assert similarity(text(article.paragraphs, article.title), copy).grade is Grade.NEAR, article.key


NEWS = (
    "Вчера на площадку доставили вторую партию оборудования: девять платформ пришли с опозданием на двое суток из-за "
    "снежных заносов. Разгрузку вели всю ночь двумя кранами, и к утру подъездной путь освободили."
)


def test_news_of_its_own_above_the_same_background_makes_no_copy() -> None:
    for article in ARTICLES[1:]:
        follow_up = text((NEWS, *article.paragraphs[1:]), "Прибыла вторая партия")
        assert similarity(text(article.paragraphs, article.title), follow_up).grade is not Grade.NEAR, article.key


def test_news_above_a_whole_older_text_makes_no_copy_of_it() -> None:
    for article in ARTICLES:
        follow_up = text((NEWS, *article.paragraphs), "Прибыла вторая партия")
        assert similarity(text(article.paragraphs, article.title), follow_up).grade is Grade.EXCERPT, article.key


def test_news_of_their_own_above_a_short_background_that_both_print_make_no_copies() -> None:
    background = (
        "Фабрика основана в 1964 году и держит 800 тысяч кур-несушек. Корма делают здесь же, из своего зерна.",
        "Ветеринарный врач Тамара Кольцова не скрывает, что с болезнями борются чистотой: птичники моют трижды в год.",
        "Продукцию берут сети Урала, часть уходит в Казахстан. На предприятии работают 640 человек.",
    )
    cheaper = (
        "С первого марта фабрика «Снежинка» снизила цену десятка на четыре рубля: перед постом спрос падает всегда."
    )
    newer = "Фабрика «Снежинка» вырастила бройлеров без антибиотиков, партию из сорока тысяч голов раскупили за неделю."
    one, other = text((cheaper, *background), "Яйцо подешевело"), text((newer, *background), "Птица без лекарств")
    assert (similarity(one, other).grade, similarity(one, other).rule) == (Grade.DIFFERENT, Rule.NEWS)


TEMPLATE = (
    "Редакция сообщает читателям, как было заведено ещё нашими предшественниками: {}. За этим, как и всегда, стоит "
    "большой труд многих людей: {}. Мы не раз писали о том, как это важно для всей отрасли и для каждого из нас: {}. "
    "Присылайте вопросы и предложения, лучшие из них мы напечатаем: {}. Следующий выпуск рубрики появится через неделю."
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("12 мая", "41 320", "39 870", "плюс 1,4 %"), ("19 мая", "44 915", "38 240", "плюс 2,8 %")),
        (
            ("завод «Титан»", "инженер Лосев", "г. Пермь", "Лосев"),
            ("завод «Салют»", "инженер Белов", "г. Курск", "Белов"),
        ),
    ],
)
def test_one_template_with_other_numbers_or_names_is_another_text(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    found = similarity(TEMPLATE.format(*one), TEMPLATE.format(*other))
    assert (found.grade, found.rule) == (Grade.DIFFERENT, Rule.RECURRING)


def test_a_part_of_a_text_is_an_excerpt() -> None:
    for one, other in pairwise(ARTICLES):
        joined = text((*one.paragraphs, *other.paragraphs, *other.paragraphs[:1]), "Дайджест")
        found = similarity(text(one.paragraphs[:2], one.title), joined)
        assert found.grade is Grade.EXCERPT, one.key
        assert found.containment_a > found.containment_b


def test_articles_on_one_subject_are_different() -> None:
    for index, one in enumerate(ARTICLES):
        for other in ARTICLES[index + 1 :]:
            assert similarity(text(one.paragraphs), text(other.paragraphs)).grade is Grade.DIFFERENT


def test_containment_is_told_of_each_text() -> None:
    whole = text(ARTICLES[0].paragraphs)
    found = similarity("\n".join(ARTICLES[0].paragraphs[:2]), whole)
    assert found.containment_a == 1.0
    assert 0.1 < found.containment_b < 0.9
    assert found.jaccard == pytest.approx(found.containment_b)


@given(wild_texts, wild_texts)
def test_any_two_texts_can_be_compared_in_either_order(one: str, other: str) -> None:
    there, back = similarity(one, other), similarity(other, one)
    assert (there.containment_a, there.containment_b, there.grade) == (
        back.containment_b,
        back.containment_a,
        back.grade,
    )
    assert 0 <= there.jaccard <= min(there.containment_a, there.containment_b) <= 1


def test_of_two_texts_of_one_length_it_does_not_matter_which_one_has_the_numbers() -> None:
    words = [one + other for one, other in product("абвгдежзикл", repeat=2)][:120]
    # Every seventh word is a number in the other one, so that they share 0.42 of their runs: as an edited copy may.
    with_numbers = [str(1_000 + place) if place % 7 == 3 else word for place, word in enumerate(words)]
    one, other = shingled(" ".join(words)), shingled(" ".join(with_numbers))
    assert compare(one, other).grade == compare(other, one).grade


def test_a_copy_shares_most_of_its_sketch() -> None:
    whole = text(ARTICLES[0].paragraphs)
    ours, theirs = sketch(shingled(whole)), sketch(shingled(f"Другой лид. {whole}"))
    assert len(ours) == SKETCH_OF_SHINGLES + SKETCH_OF_FACTS
    assert len(ours & theirs) > len(ours) / 2


def test_of_a_template_with_other_numbers_less_than_two_thirds_of_the_sketch_are_shared() -> None:
    numbers = (("12 мая", "41 320", "9", "8"), ("5 июня", "7 111", "3", "4"))
    ours, theirs = (sketch(shingled(TEMPLATE.format(*some))) for some in numbers)
    assert 3 * len(ours & theirs) < 2 * min(len(ours), len(theirs))


def test_shared_passages_are_told_as_each_text_prints_them() -> None:
    [passage] = shared_passages(
        "Вчера завод отгрузил сто клиновых задвижек.", "Заводу отгрузили сто клиновых задвижек, но не все."
    )
    assert (passage.in_a, passage.in_b, passage.words) == (
        "завод отгрузил сто клиновых задвижек",
        "Заводу отгрузили сто клиновых задвижек",
        5,
    )
