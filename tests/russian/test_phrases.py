"""A line may be a fixed phrase of the page by its opening words; a sentence of the article never is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from armcrawl.russian.phrases import BLOCKED, CONSENT, MAX_PHRASE_LENGTH, NOT_FOUND, Phrase, byline_name, phrase_of

PIECES = (
    "Метки",
    "Читайте также",
    "Фото",
    "Автор",
    ":",
    " ",
    "\n",
    "—",
    "©",
    "подпишитесь на",
    "(",
    ")",
    ".",
    "«",
    "1",
)
wild_lines = st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join))


@pytest.mark.parametrize(
    ("line", "phrase"),
    [
        ("Метки", Phrase.TAGS),
        ("Метки:", Phrase.TAGS),
        ("Теги: задвижки", Phrase.TAGS),
        ("Ключевые слова: арматура, приводы", Phrase.TAGS),
        ("Смотрите также", Phrase.RELATED),
        ("Последние добавления библиотеки", Phrase.RELATED),
        ("Похожие новости", Phrase.RELATED),
        ("Новости по теме", Phrase.RELATED),
        ("Смотрите также:", Phrase.READ_ALSO),
        ("Читайте также: Завод открыл новый цех", Phrase.READ_ALSO),
        ("Следующая новость »", Phrase.READ_ALSO),
        ("Комментарии (3)", Phrase.COMMENTS),
        ("Комментарии", Phrase.COMMENTS),
        ("Добавить комментарий", Phrase.COMMENTS),
        ("Поделиться", Phrase.CALL),
        ("Версия для печати", Phrase.CALL),
        ("(Предложить книгу)", Phrase.CALL),
        ("Мы в Telegram", Phrase.CALL),
        ("Подписывайтесь на наш канал в Telegram!", Phrase.CALL),
        ("Самые важные новости отрасли — в нашем Telegram-канале.", Phrase.CALL),
        ("Если вы нашли ошибку, выделите её и нажмите Ctrl+Enter.", Phrase.CALL),
        ("Просмотров: 393", Phrase.COUNTER),
        ("1 234 просмотра", Phrase.COUNTER),
        ("393", Phrase.COUNTER),
        ("Автор: Ирина Селезнёва", Phrase.BYLINE),
        ("Беседовала: Ирина Селезнёва", Phrase.BYLINE),
        ("Фото: Пётр Сомов", Phrase.CREDIT),
        ("Фото предоставлено заводом", Phrase.CREDIT),
        ("© Armtorg, 2007–2026", Phrase.LEGAL),
        ("Все права защищены.", Phrase.LEGAL),
        ("Перепечатка возможна только со ссылкой на портал.", Phrase.LEGAL),
        ("При использовании материалов ссылка на портал обязательна.", Phrase.LEGAL),
        ("Мы используем cookie", Phrase.LEGAL),
        ("При полном или частичном использовании материалов активная ссылка на сайт обязательна.", Phrase.LEGAL),
        ("Копирование материалов сайта без согласия редакции запрещено.", Phrase.LEGAL),
        ("Любое использование текстов допускается с письменного разрешения правообладателя.", Phrase.LEGAL),
        ("Использование материалов разрешено только со ссылкой на сайт.", Phrase.LEGAL),
        ("Свидетельство о регистрации СМИ ЭЛ № ФС 77-00000", Phrase.LEGAL),
        ("Главный редактор: Лапина И. А.", Phrase.LEGAL),
        ("Назад к списку новостей", Phrase.CALL),
        ("Возврат к списку", Phrase.CALL),
        ("Вернуться", Phrase.CALL),
        ("Вернуться на главную", Phrase.CALL),
        ("Оцените статью", Phrase.CALL),
        ("Оцените:", Phrase.CALL),
        ("Подписка на новости", Phrase.CALL),
        ("Реклама. ООО «Ромашка», ИНН 7700000000", Phrase.CALL),
        ("Новые материалы", Phrase.RELATED),
        ("Новые материалы раздела", Phrase.RELATED),
        ("Популярное за неделю", Phrase.RELATED),
        ("Популярные статьи", Phrase.RELATED),
        ("Категория: Новости", Phrase.COUNTER),
        ("Обновлено: 12.03.2026", Phrase.COUNTER),
        ("Комментарий (1)", Phrase.COMMENTS),
    ],
)
def test_a_fixed_phrase_is_known(line: str, phrase: Phrase) -> None:
    assert phrase_of(line) is phrase


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Завод отгрузил партию задвижек для нефтепровода.",
        "Следующая встреча пройдёт в мае.",
        "Метки нанесены на корпус каждой задвижки.",
        "Последние новости с завода радуют: портфель заказов вырос вдвое.",
        "Фото недели: задвижка диаметром два метра",
        "Комментарии экспертов разделились.",
        "Печать деталей из металла заняла неделю.",
        "Рекомендуем проверять арматуру каждые полгода.",
        "Скачать чертёж нельзя: он хранится под грифом.",
        "Подписано соглашение о поставках на три года",
        "1 200 задвижек завод отгрузит в мае",
        "Возврат конденсата",
        "Назад к чугуну",
        "Вернуться к старой марке стали завод не может",
        "Оцените ресурс клапана",
        "Популярные на рынке решения",
        "Новые материалы на основе графита",
        "Категория: взрывозащищённое исполнение",
        "Обновлено оборудование цеха",
        "Изменено уплотнение штока",
        "Подписка на обновления прошивки привода",
        "Комментарий:",
        "Комментарий технолога",
        "Свидетельство о регистрации товарного знака",
    ],
)
def test_ordinary_text_is_no_phrase(line: str) -> None:
    assert phrase_of(line) is None


@pytest.mark.parametrize(
    "line",
    [
        "Как сообщил губернатор в Telegram-канале, завод выпустит 300 задвижек.",
        "Об этом глава концерна написал в телеграм-канале.",
        "Мы используем только российскую сталь, поэтому сроки не растут.",
        "При использовании материалов с высокой стойкостью срок службы затвора растёт вдвое.",
        "При использовании задвижек с приводом обязательна настройка ограничителя момента.",
        "При использовании пара от стороннего источника клапан подбирают с запасом по расходу.",
        "При копировании деталей обязательно проверяют твёрдость.",
        "Использование материалов только российского производства снизило цену.",
        "Использование информации только из паспорта изделия недопустимо.",
        "Перепечатка чертежей заняла у архива целую зиму.",
        "Продолжая использовать импортную сталь, предприятие рисковало сроками.",
        "Видео — главный помощник в обучении монтажников, считает Ирина Селезнёва.",
    ],
)
def test_a_sentence_of_the_newsroom_is_no_phrase(line: str) -> None:
    assert phrase_of(line) is None


@pytest.mark.parametrize(
    "line",
    [
        "Поделитесь, пожалуйста, опытом: как проходила модернизация цеха?",
        "Корреспондент: Как прошёл год?",
        "Автор: А кадры?",
        "Главный редактор: Как прошёл год?",
        "Оцените долю импорта в ваших закупках?",
        "Смотрите ли вы в сторону новых рынков?",
        "Ваш комментарий к итогам года: чем он запомнился заводу?",
    ],
)
def test_a_question_of_an_interview_is_no_phrase(line: str) -> None:
    assert phrase_of(line) is None


@pytest.mark.parametrize(
    "line",
    [
        "Мы в этом году освоили три новых изделия:",
        "Все материалы проходят входной контроль;",
        "Новые материалы корпусов, стойкие к сероводороду;",
        "Мы в первую очередь думаем о качестве, — сказал директор",
    ],
)
def test_a_paragraph_that_ends_without_a_stop_is_no_phrase(line: str) -> None:
    assert phrase_of(line) is None


def test_a_long_paragraph_is_no_phrase() -> None:
    assert phrase_of("Читайте также: " + "завод " * MAX_PHRASE_LENGTH) is None


@given(wild_lines)
def test_any_string_may_be_a_phrase_or_not(line: str) -> None:
    phrase = phrase_of(line)
    assert phrase is None or phrase in Phrase


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Автор: Ирина Селезнёва", "Ирина Селезнёва"),
        ("Текст: Пётр Сомов.", "Пётр Сомов"),
        ("Автор статьи — Ирина Селезнёва", "Ирина Селезнёва"),
        ("Подготовила: Ирина Селезнёва", "Ирина Селезнёва"),
    ],
)
def test_a_byline_names_its_author(line: str, name: str) -> None:
    assert byline_name(line) == name


@pytest.mark.parametrize(
    "line",
    ["Автор проекта получил премию.", "Автор:", "Автор — конструктор Пётр Сомов, который пришёл на завод в 1985 году."],
)
def test_a_line_about_an_author_is_no_byline(line: str) -> None:
    assert byline_name(line) is None


@given(wild_lines)
def test_any_string_may_be_a_byline_or_not(line: str) -> None:
    name = byline_name(line)
    assert name is None or name in line


@pytest.mark.parametrize(
    "line",
    [
        "Страница не найдена",
        "Ошибка 404",
        "404",
        "Новость удалена",
        "Запрашиваемая страница не существует",
        "Page not found",
    ],
)
def test_a_page_that_says_it_is_missing_is_understood(line: str) -> None:
    assert NOT_FOUND.search(line.lower())


@pytest.mark.parametrize(
    "line", ["Найден новый поставщик задвижек", "Цех № 404 сдан в срок", "На заводе открыта страница истории"]
)
def test_a_headline_is_no_missing_page(line: str) -> None:
    assert NOT_FOUND.search(line.lower()) is None


@pytest.mark.parametrize(
    "line", ["Подтвердите, что вы не робот", "Доступ к сайту ограничен", "Слишком много запросов", "Just a moment..."]
)
def test_a_page_that_blocks_us_is_understood(line: str) -> None:
    assert BLOCKED.search(line.lower())


@pytest.mark.parametrize("line", ["Завод ограничил доступ посторонних в цех", "Роботы собирают приводы"])
def test_a_headline_is_no_block(line: str) -> None:
    assert BLOCKED.search(line.lower()) is None


def test_a_page_that_asks_for_consent_is_understood() -> None:
    assert CONSENT.search("согласие на обработку персональных данных")
