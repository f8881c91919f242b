"""`armcrawl serve`: the database as web pages for analysts."""

from __future__ import annotations

import webbrowser
from importlib.util import find_spec
from typing import TYPE_CHECKING

import click

from armcrawl.cli.engine import database_url
from armcrawl.cli.options import database_option, option
from armcrawl.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from armcrawl.fleet.status import FleetStatus


@click.command()
@option("serve_host", help="Address to listen on.")
@option("serve_port", help="Port to listen on; 0 for any free one.")
@click.option("--allow-host", "names", multiple=True, metavar="NAME",
              help="A name that this server goes by besides its address; may be repeated.")  # fmt: skip
@click.option("--open", "opens", is_flag=True, help="Show it in the browser.")
@database_option
def serve(serve_host: str, serve_port: int, names: tuple[str, ...], opens: bool, database: str | None) -> None:
    """Show a database as web pages, read-only.

    Search, articles with their history, charts, SQL. Anybody who can reach the address may read all of it: by itself
    that is this machine only.
    """
    from armcrawl.store.base.database import open_read_only, parse_url, shown

    if find_spec("starlette") is None:
        raise UsageError("The pages need Starlette: install armcrawl[analysis] (in a checkout: `make extras`).")
    url = database_url(database)
    engine = open_read_only(url)
    from armcrawl.analysis.serving import server
    from armcrawl.analysis.serving.application import application

    listener = server.listening(serve_host, serve_port)
    address = f"http://{f'[{serve_host}]' if ':' in serve_host else serve_host}:{listener.getsockname()[1]}/"

    def ready() -> None:
        click.echo(f"{shown(parse_url(url))} is shown on {address} (Ctrl-C ends it).")
        if opens:
            webbrowser.open(address)

    server.serve(application(engine, (serve_host, *names), _fleet_of(engine)), listener, ready)


def _fleet_of(engine: Engine) -> Callable[[Engine], FleetStatus] | None:
    """Return how to ask what a fleet is at; None for a database without one, or whose role may not read of it."""
    from armcrawl.errors import DatabaseError
    from armcrawl.fleet.engine import Pace
    from armcrawl.fleet.status import status_of
    from armcrawl.fleet.tables import fleet_token

    if engine.dialect.name != "postgresql":
        return None
    try:
        has_fleet = fleet_token(engine) is not None
    except DatabaseError:
        return None
    return (lambda asked: status_of(asked, Pace.usual().silence)) if has_fleet else None
