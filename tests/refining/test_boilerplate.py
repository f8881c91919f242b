"""What a page prints around or twice inside its text leaves the paragraphs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from armcrawl.items import Article, Attribution
from armcrawl.refining.boilerplate import strip_boilerplate
from armcrawl.refining.context import Context
from tests.conftest import FETCHED_AT, attributed

CONTEXT = Context(FETCHED_AT, own_names=("Armtorg", "Армторг"))

TITLE = "Завод «Салют» открыл новый цех приводов"
FIRST = "Новый цех рассчитан на три тысячи электроприводов в год."
SECOND = "В оборудование вложено 400 млн рублей, создано 85 рабочих мест."
THIRD = "Первую партию получат нефтяники Западной Сибири."
CREDIT = "Пресс-служба МЦ Armtorg по материалам АО «Салют»"
SHORT_TEXTS = st.lists(st.sampled_from([TITLE, FIRST, SECOND, CREDIT, "Фото: Пётр Сомов", "Читайте также", ""]))


def stripped(*paragraphs: str, title: str = TITLE, attribution: Attribution | None = None) -> Article:
    return strip_boilerplate(Article(title, paragraphs, attribution=attribution), CONTEXT)


def test_a_clean_article_stays_as_it_is() -> None:
    article = stripped(FIRST, SECOND)
    assert (article.paragraphs, article.notes) == ((FIRST, SECOND), ())


def test_the_lead_is_the_first_block() -> None:
    assert stripped(FIRST, SECOND).lead == FIRST


@pytest.mark.parametrize(
    "printed",
    [
        TITLE,
        TITLE + ".",
        TITLE.upper(),
        'Завод "Салют" открыл новый цех приводов',
        "Завод  «Салют» открыл\u00a0новый цех приво\u00adдов",
    ],
)
def test_a_title_printed_again_leaves_the_body(printed: str) -> None:
    article = stripped(printed, FIRST, SECOND)
    assert (article.paragraphs, article.notes) == ((FIRST, SECOND), ("lead/repeats_title",))


def test_the_lead_after_a_repeated_title_is_the_next_block() -> None:
    assert stripped(TITLE, FIRST, SECOND).lead == FIRST


def test_a_title_printed_twice_more_leaves_the_body() -> None:
    assert stripped(TITLE, TITLE, FIRST).paragraphs == (FIRST,)


def test_a_title_in_the_middle_of_the_text_stays() -> None:
    assert stripped(FIRST, TITLE, SECOND).paragraphs == (FIRST, TITLE, SECOND)


def test_a_first_paragraph_that_only_begins_like_the_title_stays() -> None:
    longer = TITLE + " в Кургане."
    assert stripped(longer, SECOND).paragraphs == (longer, SECOND)


@pytest.mark.parametrize("later", [(FIRST, SECOND), (SECOND, FIRST), (SECOND, FIRST.upper(), THIRD)])
def test_a_lead_printed_again_below_leaves_the_body(later: tuple[str, ...]) -> None:
    article = stripped(FIRST, *later)
    assert (article.paragraphs, article.notes) == (later, ("lead/repeats_paragraph",))


def test_a_lead_with_which_a_later_paragraph_only_begins_stays() -> None:
    assert stripped(FIRST, SECOND, f"{FIRST} {THIRD}").paragraphs == (FIRST, SECOND, f"{FIRST} {THIRD}")


def test_a_repeated_lead_is_still_the_lead() -> None:
    assert stripped(FIRST, SECOND, FIRST).lead == FIRST


def test_title_and_lead_may_both_be_printed_again() -> None:
    article = stripped(TITLE, FIRST, FIRST, SECOND)
    assert (article.paragraphs, article.lead) == ((FIRST, SECOND), FIRST)


def test_a_later_paragraph_that_occurs_twice_stays_twice() -> None:
    refrain = "– Да."
    assert stripped(FIRST, refrain, SECOND, refrain).paragraphs == (FIRST, refrain, SECOND, refrain)


def test_an_attribution_at_the_end_becomes_the_articles() -> None:
    article = stripped(FIRST, SECOND, CREDIT)
    assert article.paragraphs == (FIRST, SECOND)
    assert article.attribution == attributed(CREDIT, "АО «Салют»")
    assert article.notes == ("attribution/taken_from_body",)


def test_an_attribution_that_was_read_already_wins() -> None:
    known = attributed("Источник: ТАСС", "ТАСС", "https://tass.ru/")
    assert stripped(FIRST, CREDIT, attribution=known).attribution == known


def test_an_attribution_leaves_the_body_even_if_it_is_known() -> None:
    assert stripped(FIRST, CREDIT, attribution=attributed(CREDIT, "АО «Салют»")).paragraphs == (FIRST,)


def test_a_sentence_that_names_a_source_stays() -> None:
    sentence = "По материалам дела суд установил, что завод нарушил срок поставки."
    article = stripped(FIRST, sentence)
    assert (article.paragraphs, article.attribution) == ((FIRST, sentence), None)


@pytest.mark.parametrize(
    "line",
    [
        "Фото: Пётр Сомов",
        "Фото предоставлено АО «Салют»",
        "Поделиться",
        "Поделиться новостью",
        "Подписывайтесь на наш канал в Telegram!",
        "Читайте также: Завод отгрузил задвижки для АЭС",
        "Смотрите также:",
        "Смотрите также",
        "Версия для печати",
        "(Предложить книгу)",
        "© Armtorg, 2007–2026",
        "При перепечатке материалов ссылка на портал обязательна.",
    ],
)
@pytest.mark.parametrize("position", [0, 1, 2])
def test_a_line_of_the_page_leaves_the_body_wherever_it_stands(line: str, position: int) -> None:
    paragraphs = [FIRST, SECOND]
    paragraphs.insert(position, line)
    article = stripped(*paragraphs)
    assert (article.paragraphs, article.notes) == ((FIRST, SECOND), ("body/boilerplate_removed",))


def test_an_attribution_above_a_photo_credit_is_found() -> None:
    article = stripped(FIRST, SECOND, CREDIT, "Фото: Пётр Сомов")
    assert article.paragraphs == (FIRST, SECOND)
    assert article.attribution == attributed(CREDIT, "АО «Салют»")


@pytest.mark.parametrize(
    "sentence",
    [
        "Мы используем только российскую сталь, поэтому сроки не растут.",
        "Как сообщил губернатор в Telegram-канале, завод выпустит 300 задвижек.",
        "При использовании материалов с высокой стойкостью срок службы затвора растёт вдвое.",
        "Поделитесь, пожалуйста, опытом: как проходила модернизация цеха?",
        "Мы в этом году освоили три новых изделия:",
        "Все материалы проходят входной контроль;",
    ],
)
def test_a_paragraph_of_the_newsroom_is_never_dropped(sentence: str) -> None:
    assert stripped(FIRST, sentence, SECOND).paragraphs == (FIRST, sentence, SECOND)


def test_an_article_without_text_stays_without() -> None:
    article = stripped()
    assert (article.paragraphs, article.lead, article.notes) == ((), None, ())


def test_a_body_that_was_only_the_title_is_empty() -> None:
    article = stripped(TITLE)
    assert (article.paragraphs, article.lead) == ((), None)


@given(SHORT_TEXTS)
def test_no_leading_block_is_left_that_is_printed_again(paragraphs: list[str]) -> None:
    left = stripped(*paragraphs).paragraphs
    assert not left or left[0] not in {TITLE, *left[1:]}


@given(st.text(), st.lists(st.text()))
def test_any_strings_keep_their_order(title: str, paragraphs: list[str]) -> None:
    rest = iter(paragraphs)
    assert all(text in rest for text in stripped(*paragraphs, title=title).paragraphs)
