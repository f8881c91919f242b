"""`/cluster/KEY`: who printed one text, who had it first, and what each changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import RedirectResponse
from starlette.routing import Route

from armcrawl.analysis.serving.paths import cluster_path
from armcrawl.analysis.serving.rendering import NotFound, asked, page
from armcrawl.analysis.serving.version_diff import changed_paragraphs
from armcrawl.items import PublisherEvidence
from armcrawl.store.base.database import reading_one_moment
from armcrawl.store.queries.cluster_members import cluster_of

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from starlette.requests import Request
    from starlette.responses import Response

    from armcrawl.analysis.serving.version_diff import Piece
    from armcrawl.store.queries.cluster_members import MemberRow

# Articles that are listed, and of these whose changes are shown: a screen of each.
MAX_LISTED, MAX_CHANGED = 100, 20
# Characters: the changes of a longer text take seconds to find.
MAX_TEXT = 50_000
EVIDENCE_NAMES = {
    PublisherEvidence.LINK: "ссылается на первую",
    PublisherEvidence.ATTRIBUTION: "называет источником её сайт",
    PublisherEvidence.DAY: "вышла в более поздний день",
    PublisherEvidence.TIME: "вышла в тот же день, но позже",
    PublisherEvidence.LENGTH: "держит меньше текста остальных",
}


async def cluster(request: Request) -> Response:
    """Show a cluster; who calls it by another of its articles is led to its address."""
    key = request.path_params["key"]
    context = await asked(request, shown, key)
    own = context["cluster"].key
    return page(request, "cluster.html", context) if own == key else RedirectResponse(cluster_path(own))


def shown(engine: Engine, key: str) -> dict[str, Any]:
    """Return what the page of a cluster shows; raises NotFound where there is none."""
    with reading_one_moment(engine) as connection:
        found = cluster_of(connection, key, MAX_LISTED)
    if found is None or not found.rows:
        raise NotFound("Другой статьи с тем же текстом нет.")
    base = next((one for one in found.rows if one.key == found.first), found.rows[0])
    others = [one for one in found.rows if one is not base][:MAX_CHANGED]
    changed = [(one, _changes(base, one)) for one in others]
    return {"cluster": found, "base": base, "changed": changed, "evidence_names": EVIDENCE_NAMES}


def _changes(base: MemberRow, one: MemberRow) -> list[list[Piece]] | None:
    """Return what an article changed; None for texts that are too long for it."""
    if len(base.body) + len(one.body) > MAX_TEXT:
        return None
    return changed_paragraphs(base.paragraphs, one.paragraphs)


ROUTES = [Route("/cluster/{key:path}", cluster)]
