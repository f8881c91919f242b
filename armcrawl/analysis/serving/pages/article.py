"""`/article/SITE/SECTION/ID`: an article with its history."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from starlette.responses import RedirectResponse
from starlette.routing import Route

from armcrawl.analysis.serving.named_page import page_named
from armcrawl.analysis.serving.paths import article_path
from armcrawl.analysis.serving.rendering import NotFound, asked, page
from armcrawl.analysis.serving.version_diff import changed_paragraphs
from armcrawl.fingerprints import Grade
from armcrawl.sites import PageKey, known_sites
from armcrawl.store.base.database import reading
from armcrawl.store.queries.history import article_details, history
from armcrawl.store.queries.similar_articles import similar_to

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from starlette.requests import Request
    from starlette.responses import Response

    from armcrawl.analysis.serving.version_diff import Piece
    from armcrawl.store.queries.history import ArticleDetails, History, Version


SIMILAR = {
    Grade.SAME: "Тот же текст",
    Grade.NEAR: "Текст с правками",
    Grade.EXCERPT: "Отрывки",
    Grade.DIFFERENT: "Общий фон с другими новостями",
}


@dataclass(frozen=True, slots=True)
class Revision:
    """A version, whether the views show it or an older one did, and what it changed in the one before."""

    version: Version
    is_shown: bool
    changes: list[list[Piece]]


async def article(request: Request) -> Response:
    """Show an article with its history."""
    return page(request, "article.html", await asked(request, shown, PageKey(**request.path_params)))


async def short(request: Request) -> Response:
    """Lead to the article that the end of a key, or an address, names."""
    key = await asked(request, page_named, request.path_params["written"])
    return RedirectResponse(article_path(str(key)))


def shown(engine: Engine, key: PageKey) -> dict[str, Any]:
    """Return what the page of an article shows; raises NotFound for one that the database does not show."""
    not_there = NotFound("Такой статьи здесь нет.")
    if key.site not in known_sites():
        raise not_there
    with reading(engine) as connection:
        more = article_details(connection, str(key))
        similar = similar_to(connection, str(key))
    # Second, so that a version that is published meanwhile is among those that it tells of.
    found = history(engine, key)
    if found is None or more is None or more.published_version is None:
        raise not_there
    version = next((version for version in found.versions if version.number == more.published_version), None)
    if version is None:
        raise not_there
    return {
        "page": found,
        "article": version,
        "details": more,
        "section": key.section,
        "similar": [
            (name, some) for grade, name in SIMILAR.items() if (some := [one for one in similar if one.grade is grade])
        ],
        "revisions": _revisions(found, more),
        "paragraphs": version.body.split("\n\n"),
    }


def _revisions(found: History, more: ArticleDetails) -> list[Revision]:
    """Return the versions, the newest first, each with what it changed."""
    first, *_ = found.versions
    revisions = [Revision(first, first.number not in more.withheld, [])]
    for older, newer in pairwise(found.versions):
        changes = changed_paragraphs(older.paragraphs, newer.paragraphs)
        revisions.append(Revision(newer, newer.number not in more.withheld, changes))
    return revisions[::-1]


ROUTES = [Route("/article/{site}/{section}/{external_id:path}", article), Route("/article/{written:path}", short)]
