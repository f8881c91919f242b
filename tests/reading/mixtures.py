"""Texts whose paragraphs stand in many kinds of markup, and the boxes that pages put below them."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from armcrawl.sample.articles import load_sample
from armcrawl.sample.portal import MARKUPS, Portal
from tests.conftest import TODAY

if TYPE_CHECKING:
    from collections.abc import Sequence

PLACE = "Здесь стоит текст, который страница печатает абзацами."
LONG = (
    "На заводе в Кургане завершили испытания шарового крана: он выдержал тысячу циклов без протечек.",
    "Стенд собрали весной, и за лето через него прошли изделия четырёх предприятий области.",
    "По словам начальника лаборатории, главным вопросом была стойкость уплотнений на морозе.",
    "Серийный выпуск начнут осенью, первые краны получат коммунальные службы трёх городов.",
    "Чертежи нового ряда конструкторы передали в архив, где с ними может сверяться технолог.",
    "Цену в отделе сбыта пока не называют, но обещают, что она не вырастет против прежней.",
    "В следующем году на участке поставят второй пресс, который уже оплачен и ждёт отгрузки.",
    "Молодых сборщиков учат здесь же: за каждым закреплён мастер с двадцатилетним стажем.",
)
SHORT = (
    "Так решил главный инженер",
    "Вопрос пока открыт",
    "— А что с ценой?",
    "— Увидим весной, — ответил мастер",
    "Ответ прост: нет",
    "Дело за малым",
    "— Справились?",
    "Всё остальное позже",
)
# Every form that a paragraph has, by a name for the test's output; `{}` is its text.
FORMS = {
    "p": "<p>{}</p>",
    "p-class": "<p class='t'>{}</p>",
    "div": "<div>{}</div>",
    "section": "<section>{}</section>",
    "span": "<span>{}</span><br><br>",
    "font": "<font color='#333'>{}</font><br><br>",
    "bare": "{}<br><br>",
    "div-in-p": "<p><div>{}</div></p>",
    "item": "<ul><li>{}</li></ul>",
    "quotation": "<blockquote>{}</blockquote>",
    "p-in-quotation": "<blockquote><p>{}</p></blockquote>",
    "row": "<table><tr><td>{}</td></tr></table>",
    "below-picture": "<p><img src='/i/1.jpg' width='600'></p><p>{}</p>",
}
BOXES = {
    "share": "<div>Поделиться: <a href='https://vk.com/s'>ВКонтакте</a> <a href='https://ok.ru/s'>Одноклассники</a></div>",
    "share-class": "<div class='share'><span>Поделиться</span><a href='https://vk.com/s'>ВКонтакте</a></div>",
    "subscribe": "<div>Подпишитесь на нашу рассылку, чтобы первыми узнавать новости отрасли.</div>",
    "subscribe-class": (
        "<div class='sub'><h4>Рассылка</h4><p>Подпишитесь на нашу рассылку, чтобы первыми узнавать новости.</p></div>"
    ),
    "teasers": (
        "<div><div><a href='/news/5001'>В Перми открыли стенд для затворов</a><div>Стенд проверяет изделия до DN 1200, "
        "сказали в институте.</div></div><div><a href='/news/5002'>Литьё подорожало на семь процентов</a><div>Рост "
        "связан с ценой лома, считают поставщики.</div></div></div>"
    ),
    "teasers-heading": (
        "<h3>Читайте также</h3><ul><li><a href='/news/5003'>Студенты защитили проекты по арматуре</a></li>"
        "<li><a href='/news/5004'>На выставке показали привод</a></li></ul>"
    ),
    "foreign-teasers": (
        "<div class='more'><div class='c'><a href='https://drugoy.example/a'>Как выбрать насос для дачи</a><p>Советует "
        "мастер с большим опытом работы.</p></div><div class='c'><a href='https://drugoy.example/b'>Почему шумит труба"
        "</a><p>Три причины и одна неожиданная разгадка.</p></div></div>"
    ),
    "comments": (
        "<div><div>Комментарии (2)</div><div><b>Виктор</b> <span>24.11.2020, 10:12</span><div>Хорошая новость, ждём "
        "подробностей о сроках.</div></div><div><b>Ольга</b> <span>25.11.2020, 18:40</span><div>Интересно, кто ещё "
        "готов к такой маркировке?</div></div></div>"
    ),
    "vacancies": (
        "<div><h3>Вакансии</h3><div><a href='/jobs/1'>Слесарь-сборщик</a><span> от 80 000 рублей</span></div>"
        "<div><a href='/jobs/2'>Токарь шестого разряда</a><span> от 95 000 рублей</span></div></div>"
    ),
    "vacancies-bare": (
        "<div><div><a href='/jobs/1'>Слесарь-сборщик</a><div>от 80 000 рублей</div></div>"
        "<div><a href='/jobs/2'>Токарь шестого разряда</a><div>от 95 000 рублей</div></div></div>"
    ),
}
# Of each box what must not be in the text.
SAID = {
    "share": "Поделиться",
    "share-class": "Поделиться",
    "subscribe": "рассылку",
    "subscribe-class": "рассылк",
    "teasers": "сказали в институте",
    "teasers-heading": "Читайте также",
    "foreign-teasers": "большим опытом",
    "comments": "ждём подробностей",
    "vacancies": "80 000",
    "vacancies-bare": "80 000",
}
# How each markup of the sample portal sets a paragraph.
AROUND = {
    "html5": "<p>{}</p>",
    "bootstrap": "<p>{}</p>",
    "tables": "{}",
    "generated": '<div class="css-p4r4gr"><div>{}</div></div>',
}


class Mixture(NamedTuple):
    """A page, the texts that are its article's, and what is not."""

    page: bytes
    texts: tuple[str, ...]
    foreign: tuple[str, ...]


def mixture(markup: str, forms: Sequence[str], shorts: Sequence[int], boxes: Sequence[str]) -> Mixture:
    """Return an article of the sample portal whose paragraphs have these forms, with these boxes below the last.

    `shorts` are the places of paragraphs that are short lines; the boxes stand in the same element as the text.
    """
    texts = tuple((SHORT if place in shorts else LONG)[place] for place in range(len(forms)))
    body = "".join(FORMS[form].format(text) for form, text in zip(forms, texts, strict=True))
    html = _frame(markup).replace(AROUND[markup].format(PLACE), body + "".join(BOXES[name] for name in boxes))
    return Mixture(html.encode(MARKUPS[markup]), texts, tuple(SAID[name] for name in boxes))


@lru_cache
def _frame(markup: str) -> str:
    """Return a page of a markup with one paragraph, in whose place others may stand."""
    portal = Portal(markup)
    article = replace(load_sample().newest(1)[0], marked=(PLACE,), images=(), lead="none")
    page = portal.render_article(article, TODAY).decode(portal.charset)
    return re.sub(r"\s*\n\s*", "", page)
