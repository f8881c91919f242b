"""`/compare?one=KEY&other=KEY`: two articles side by side, with the passages that both have marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.routing import Route

from armcrawl.analysis.copies import side_by_side
from armcrawl.analysis.serving.named_page import page_named
from armcrawl.analysis.serving.rendering import NotFound, asked, page
from armcrawl.errors import UsageError
from armcrawl.fingerprints.comparing import Rule
from armcrawl.items import Grade

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from starlette.requests import Request
    from starlette.responses import Response

GRADE_NAMES = {
    Grade.SAME: "Один и тот же текст",
    Grade.NEAR: "Один текст с правками",
    Grade.EXCERPT: "Один текст входит в другой",
    Grade.DIFFERENT: "Разные тексты",
}
RULE_NAMES = {
    Rule.LITTLE: "общего мало",
    Rule.RECURRING: "один шаблон, но числа или имена другие",
    Rule.NEWS: "начала говорят о разных новостях, общий только фон",
}


async def compare(request: Request) -> Response:
    """Show two articles."""
    keys = [request.query_params.get(name, "").strip() for name in ("one", "other")]
    return page(request, "compare.html", await asked(request, shown, *keys))


def shown(engine: Engine, one: str, other: str) -> dict[str, Any]:
    """Return what the page shows; raises UsageError where it may be others, NotFound for what is not shown."""
    if not (one and other):
        raise UsageError(
            "Назовите две статьи их ключами или номерами: one=сайт/раздел/номер и other=сайт/раздел/номер."
        )
    keys = [page_named(engine, written) for written in (one, other)]
    try:
        found = side_by_side(engine, *keys)
    except UsageError as error:
        raise NotFound("Одной из этих статей здесь нет.") from error
    clusters = [side.article.cluster for side in (found.one, found.other)]
    return {
        "compare": found,
        "linked": found.one.numbers & found.other.numbers,
        "cluster": clusters[0].key if clusters[0] and clusters[0] == clusters[1] else None,
        "grade_names": GRADE_NAMES,
        "rule_names": RULE_NAMES,
    }


ROUTES = [Route("/compare", compare)]
