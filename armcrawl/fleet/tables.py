"""What the fleet remembers beside Procrastinate's tables: sites, attempts, workers, and which archive is its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, Text, select
from sqlalchemy.dialects.postgresql import JSONB

from armcrawl.store.base.columns import UtcDateTime
from armcrawl.store.base.database import reading

if TYPE_CHECKING:
    from sqlalchemy import Engine

# No part of the store's `metadata`: it is this fleet's own, and not copied to another database.
metadata = MetaData()

fleet = Table(
    "fleet",
    metadata,
    Column("token", Text, primary_key=True, comment="What the file armcrawl-fleet.json of the archive says"),
    Column("archive", Text, nullable=False, comment="Where the archive lay when the fleet was set up"),
    Column("created_at", UtcDateTime, nullable=False, comment="When the fleet was set up (UTC)"),
    comment="One row: this database has a fleet",
)

sites = Table(
    "fleet_sites",
    metadata,
    Column("site", Text, primary_key=True, comment="Name of the site"),
    Column("held_at", UtcDateTime, comment="Since when nothing is enqueued by itself (UTC); NULL if it is"),
    Column("held_why", Text, comment="Who or what holds it"),
    Column("last_due_at", UtcDateTime, comment="The last due time that is cared for (UTC)"),
    comment="Sites that the fleet has scheduled, or holds",
)

attempts = Table(
    "fleet_attempts",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=True, comment="Number of the attempt"),
    Column("job", BigInteger, nullable=False, index=True, comment="Number of Procrastinate's job"),
    Column("site", Text, nullable=False, index=True, comment="Name of the site"),
    Column("arguments", JSONB, nullable=False, comment="What armcrawl was called with"),
    Column("worker", Text, nullable=False, comment="Name of the worker"),
    Column("machine", Text, nullable=False, comment="Name of the machine"),
    Column("started_at", UtcDateTime, nullable=False, comment="When the process was started (UTC)"),
    Column("ended_at", UtcDateTime, comment="When it ended (UTC); NULL while it runs"),
    Column("exit_code", Integer, comment="Its exit code, below 0 for a signal; NULL while it runs, or if it was lost"),
    Column("fate", Text, comment="What became of the job"),
    Column("sentence", Text, comment="How it ended, in a sentence"),
    Column("log", Text, comment="The last lines of what it said"),
    comment="Each process that a worker has started for a job",
)

workers = Table(
    "fleet_workers",
    metadata,
    Column("worker", BigInteger, primary_key=True, autoincrement=False, comment="Number of Procrastinate's worker"),
    Column("name", Text, nullable=False, comment="Name of the worker"),
    Column("machine", Text, nullable=False, comment="Name of the machine"),
    Column("pid", Integer, nullable=False, comment="Its process"),
    Column("does", Text, nullable=False, comment="crawls, or schedules and rescues"),
    Column("version", Text, nullable=False, comment="Version of armcrawl"),
    Column("started_at", UtcDateTime, nullable=False, comment="When it was started (UTC)"),
    comment="Who works, or worked and vanished; who ends in peace leaves no row",
)


def fleet_token(engine: Engine) -> str | None:
    """Return what tells this fleet's archive from others; None where no fleet was set up."""
    with reading(engine) as connection:
        if not connection.dialect.has_table(connection, fleet.name):
            return None
        found: str | None = connection.execute(select(fleet.c.token)).scalar()
        return found
