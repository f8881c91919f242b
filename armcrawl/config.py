"""The environment is read here, and only here."""

from __future__ import annotations

import os

DEFAULT_DATABASE = "sqlite:///data/armcrawl.db"
DEMO_DATABASE = "sqlite:///data/demo.db"


def database_url() -> str:
    """Return the database that commands use unless `--database` names another."""
    return os.environ.get("ARMCRAWL_DATABASE_URL") or DEFAULT_DATABASE


def archive() -> str | None:
    """Return the folder of the archive, if it is not to be beside the database."""
    return os.environ.get("ARMCRAWL_ARCHIVE") or None


def contact() -> str | None:
    """Return the operator's address for the user agent, so that a site can complain to a person."""
    return os.environ.get("ARMCRAWL_CONTACT") or None
