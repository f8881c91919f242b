"""A fleet is set up once: its tables, Procrastinate's, and the archive that all its machines must reach."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import insert, select

from armcrawl import clock
from armcrawl.errors import ArchiveError, UsageError
from armcrawl.fleet.engine import app_of
from armcrawl.fleet.tables import fleet, fleet_token, metadata
from armcrawl.store.base.database import reading

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from armcrawl.archive.storage import Storage

# By this file each machine knows that it has the fleet's archive before it, and no folder of its own.
MARK = "armcrawl-fleet.json"
# An arbitrary number: two who set up a fleet do so one after another.
INIT_LOCK = 4_711_033_262


def set_up(engine: Engine, url: str, storage: Storage) -> bool:
    """Set up a fleet, or what lacks of one; return whether it is new. Raises ArmcrawlError with what to do."""
    storage.check()
    # Another may be at it: the lock is held while both sets of tables are made.
    with app_of(url).open() as app, engine.begin() as connection:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({INIT_LOCK})")
        if not app.check_connection():
            app.schema_manager.apply_schema()
        metadata.create_all(connection)
    found = _fleet_row(engine)
    if found is None:
        token = uuid4().hex
        _mark(storage, token)
        with engine.begin() as connection:
            connection.execute(insert(fleet).values(token=token, archive=str(storage), created_at=clock.now()))
        return True
    if found.archive != str(storage) and _mark_of(storage) != found.token:
        # Marked, it would be as good as the fleet's own: some machines would write here, others there.
        raise UsageError(
            f"The archive of this fleet is {found.archive}, and {storage} is another: name that one, or bring it there "
            "first with `armcrawl archive move`."
        )
    _mark(storage, found.token)
    return False


def carry_mark(source: Storage, target: Storage) -> None:
    """Mark the place to which a fleet's archive was moved as the old one is; raises UsageError for another fleet's."""
    token = _mark_of(source)
    if token is not None:
        _mark(target, token)


def check_set_up(engine: Engine, storage: Storage) -> None:
    """Raise UsageError unless a fleet is set up, and this machine has its archive before it."""
    token = check_fleet(engine)
    if _mark_of(storage) != token:
        raise UsageError(
            f"{storage} is not the archive of this fleet, or is a folder of this machine alone: have all machines "
            "mount the same folder, or name s3://BUCKET/PREFIX, with --archive or in armcrawl.toml."
        )


def check_fleet(engine: Engine) -> str:
    """Return the token of the database's fleet; raises UsageError where none was set up."""
    token = fleet_token(engine)
    if token is None:
        raise UsageError("This database has no fleet yet: `armcrawl fleet init` sets it up.")
    return token


def _mark(storage: Storage, token: str) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / MARK
        file.write_text(json.dumps({"fleet": token}) + "\n", encoding="utf-8")
        try:
            storage.put(file)
        except ArchiveError as error:
            if _mark_of(storage) not in {None, token}:
                raise UsageError(
                    f"{storage} is the archive of another fleet, whose database is another: name one archive for each. "
                    f"Where that database is no more, as it was restored without its queue, delete {MARK} there first."
                ) from error
            raise


def _mark_of(storage: Storage) -> str | None:
    """Return which fleet an archive is marked for; None for none."""
    try:
        with storage.open(MARK) as file:
            found: str | None = json.loads(file.read()).get("fleet")
    except FileNotFoundError:
        return None
    return found


def _fleet_row(engine: Engine) -> Any:
    with reading(engine) as connection:
        return connection.execute(select(fleet)).first()
