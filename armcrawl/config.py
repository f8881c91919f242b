"""The environment is read here, and only here."""

from __future__ import annotations

import os

DEFAULT_DATABASE = "sqlite:///data/armcrawl.db"
DEMO_DATABASE = "sqlite:///data/demo.db"
# What a command needs to find its way; everything else may hold somebody's password.
PLAIN = ("PATH", "HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "TZ", "LANG", "LC_ALL", "LC_CTYPE")


def database_url() -> str:
    """Return the database that commands use unless `--database` names another."""
    return os.environ.get("ARMCRAWL_DATABASE_URL") or DEFAULT_DATABASE


def archive() -> str | None:
    """Return the folder of the archive, if it is not to be beside the database."""
    return os.environ.get("ARMCRAWL_ARCHIVE") or None


def sites_folder() -> str | None:
    """Return the folder of more sites' declarations, if there is one."""
    return os.environ.get("ARMCRAWL_SITES") or None


def contact() -> str | None:
    """Return the operator's address for the user agent, so that a site can complain to a person."""
    return os.environ.get("ARMCRAWL_CONTACT") or None


def plain_environment() -> dict[str, str]:
    """Return what other people's commands may see of the environment."""
    return {name: os.environ[name] for name in PLAIN if name in os.environ}
