"""What readers write below an article."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    from armcrawl.sample.press.articles import PressArticle

NAMES = (
    "Механик",
    "Виктор С.",
    "nadezhda_73",
    "Слесарь шестого разряда",
    "Читатель",
    "Е. Громова",
    "petr-k",
    "Монтажник",
)
TEXTS = (
    "Спасибо, давно ждал, что об этом напишут.",
    "У нас в цехе всё наоборот, но читать интересно.",
    "А цену почему не назвали?",
    "Видел своими глазами, подтверждаю.",
    "Хотелось бы фотографий покрупнее и чертёж.",
    "Коллеги, а кто-нибудь пробовал такое зимой?",
    "Слишком гладко написано, жизнь сложнее.",
    "Перешлю начальнику, пусть знает, как бывает у людей.",
    "В третьем абзаце опечатка, поправьте.",
    "Ничего нового, так делали ещё наши деды.",
)
MAX_COMMENTS = 3


class Comment(NamedTuple):
    """Who wrote it, when, and what."""

    name: str
    at: datetime
    text: str


def comments_on(article: PressArticle, now: datetime) -> list[Comment]:
    """Return the comments that an article has by now."""
    random = Random(f"comments {article.slug}")  # noqa: S311 - nothing is secret
    found = [
        Comment(name, article.at + timedelta(hours=random.randint(1, 60)), text)
        for name, text in zip(random.sample(NAMES, MAX_COMMENTS), random.sample(TEXTS, MAX_COMMENTS), strict=True)
    ]
    return sorted((one for one in found[: random.randint(0, MAX_COMMENTS)] if one.at <= now), key=lambda one: one.at)
