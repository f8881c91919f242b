"""The raw page of a case in quarantine: from the archive, or from the body that the database keeps of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from armcrawl.archive.reading import read_at
from armcrawl.errors import ArchiveError
from armcrawl.jobs.rereading import captured_of, origin_of
from armcrawl.reading.response import SiteResponse
from armcrawl.sites import Origin, site_named
from armcrawl.store.ledger.ledger import origins_of
from armcrawl.store.queries.quarantine import body_of

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from armcrawl.sites import PageKey
    from armcrawl.store.queries.quarantine import Case

SUCCESS = 200


def raw_response(engine: Engine, folder: Path, case: Case) -> tuple[SiteResponse, Origin]:
    """Return what the site answered, and the server that it was asked through; raises ArchiveError if it is lost.

    The archive comes first: it knows the headers and the address in the end, the database only the body.
    """
    problem = "neither the archive nor the database holds its bytes"
    if case.target.archive_file is not None:
        try:
            captured = captured_of(engine, case.target, partial(read_at, folder))
        except ArchiveError as error:
            problem = str(error)
        else:
            origin = origin_of(case.key, captured.url)
            return captured.response(origin.to_site(captured.url)), origin
    body = body_of(engine, case.row_id)
    if not body:
        raise ArchiveError(problem)
    response = SiteResponse(
        address=case.target.address,
        status=case.http_status or SUCCESS,
        fetched_at=case.target.fetched_at or case.created_at,
        body=body,
        content_type=case.content_type,
        content_encoding=case.content_encoding,
    )
    return response, _usual_origin(engine, case.key)


def _usual_origin(engine: Engine, key: PageKey) -> Origin:
    """Return the server that a database was filled from; the site where there were several, or none is known."""
    site = site_named(key.site)
    known = origins_of(engine, key.site)
    servers = [name for name in known if "://" in name]
    return Origin.of(site, servers[0] if len(known) == len(servers) == 1 else None)
