"""What an operator has set: the environment, read here and only here, and armcrawl.toml.

The command line wins (`armcrawl/cli/options.py`), then the environment, the table of the site in armcrawl.toml, the top
of that file, the declaration of the site, and last the default in `armcrawl/options.py`.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from armcrawl.errors import UsageError
from armcrawl.options import OPTIONS

if TYPE_CHECKING:
    from armcrawl.config_file import ConfigFile

DEMO_DATABASE = "sqlite:///data/demo.db"
PRESS_DEMO_DATABASE = "sqlite:///data/demo-press.db"
# What a command needs to find its way; everything else may hold somebody's password.
PLAIN = ("PATH", "HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "TZ", "LANG", "LC_ALL", "LC_CTYPE")


# The file of settings, and the variable that names another.
NAME = "armcrawl.toml"
PREFIX = "ARMCRAWL_"
# Kubernetes gives every process such variables of a service that is called armcrawl.
OF_SERVICES = re.compile(r"^SERVICE_|(?:^|_)PORT(?:_|$)")
VARIABLE = "ARMCRAWL_CONFIG"
# What every command for failures has in its environment.
FACT = "ARMCRAWL_RUN_ID"


@dataclass(frozen=True, slots=True)
class Said:
    """The value of an option, and where it is said."""

    value: Any
    where: str


def find_config() -> Path | None:
    """Return the file that `--config` or ARMCRAWL_CONFIG names, or the nearest armcrawl.toml from here upwards.

    Raises UsageError for a found file of another user's: it may name a command, which would run as ours.
    """
    if named := os.environ.get(VARIABLE):
        return Path(named).absolute()
    try:
        here = Path.cwd()
    except OSError:
        return None
    found = next((path for folder in (here, *here.parents) if os.path.lexists(path := folder / NAME)), None)
    if found is not None and hasattr(os, "getuid") and found.lstat().st_uid not in {0, os.getuid()}:
        raise UsageError(f"{found} belongs to another user: say --config {found} if you trust it.")
    return found


def check_environment() -> None:
    """Raise UsageError for a misspelt variable, which would say nothing.

    A command that a run starts for its failure has the run's facts in its environment: it is not checked.
    """
    known = {option.variable.removeprefix(PREFIX) for option in OPTIONS.values()} | {VARIABLE.removeprefix(PREFIX)}
    own = [name.removeprefix(PREFIX) for name in os.environ if name.startswith(PREFIX)]
    for name in () if FACT in os.environ else own:
        if name not in known and not OF_SERVICES.search(name) and (near := get_close_matches(name, known, 1, 0.8)):
            raise UsageError(f"There is no variable {PREFIX}{name}: write {PREFIX}{near[0]} if that is meant.")


def use_config(path: Path) -> None:
    """Read this file and no other, in this process and those that it starts."""
    os.environ[VARIABLE] = str(path.absolute())


def config_file() -> ConfigFile | None:
    """Return armcrawl.toml, if there is one; raises UsageError for one that does not fit."""
    path = find_config()
    if path is None:
        return None
    from armcrawl.config_file import read_config

    return read_config(path)


def said(name: str, site: str | None = None) -> Said | None:
    """Return what environment or armcrawl.toml say of an option, for one site or for all; None if they do not.

    Raises UsageError for a value that does not fit.
    """
    option = OPTIONS[name]
    if text := os.environ.get(option.variable):
        try:
            return Said(option.from_text(text), option.variable)
        except ValueError as error:
            raise UsageError(f"{option.variable} {error}.") from error
    found = config_file()
    if found is None:
        return None
    for values, place in ((found.sites.get(site or "", {}), f"site.{site}.{name}"), (found.top, name)):
        if name in values:
            return Said(values[name], found.file.where(place))
    return None


def value(name: str, site: str | None = None) -> Any:
    """Return the value of an option that the command line does not say."""
    found = said(name, site)
    return OPTIONS[name].default if found is None else found.value


def database_url() -> str:
    """Return the database that commands use unless `--database` names another."""
    return str(value("database"))


def archive() -> str | None:
    """Return the folder of the archive, if it is not to be beside the database."""
    folder: str | None = value("archive")
    return folder


def has_aws_credentials() -> bool:
    """Tell whether the environment has credentials for S3; a machine in a cloud may have others."""
    return bool(os.environ.get("AWS_ACCESS_KEY_ID") and os.environ.get("AWS_SECRET_ACCESS_KEY"))


def aws_region() -> str:
    """Return the region of the archive's bucket, as obstore takes it."""
    return os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"


def contact() -> str | None:
    """Return the operator's address for the user agent, so that a site can complain to a person."""
    address: str | None = value("contact")
    return address


def plain_environment() -> dict[str, str]:
    """Return what other people's commands may see of the environment."""
    return {name: os.environ[name] for name in PLAIN if name in os.environ}
