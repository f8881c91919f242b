"""What a run is told to do, read from Scrapy's settings, wherever they were set."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from armcrawl import config
from armcrawl.archive.addresses import storage_at
from armcrawl.archive.folder import folder_beside
from armcrawl.discovery.goal import NAMES as OF_GOAL
from armcrawl.discovery.goal import Goal, goal_of
from armcrawl.discovery.kinds import plan_of
from armcrawl.errors import UsageError
from armcrawl.options import OF_RUN
from armcrawl.reporting.delivery import Reports
from armcrawl.sites import Origin, Site, site_named
from armcrawl.store.base.database import parse_url

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from armcrawl.archive.storage import Storage
    from armcrawl.options import Option

# What commands set beside the options.
OF_COMMANDS = ("ARMCRAWL_KIND", "ARMCRAWL_ORIGIN_NAME", "ARMCRAWL_PROGRESS")


@dataclass(frozen=True, slots=True)
class RunConfiguration:
    """The arguments of a run; a budget of 0 is none. A field of an option's name has the option's value."""

    kind: str
    database: str
    origin: Origin
    origin_name: str
    sections: tuple[str, ...]
    max_requests: int
    max_time: int
    mixed_origin: bool
    impolite: bool
    insecure: bool
    trust_clock: bool
    goal: Goal | None = None
    archive: Storage | None = None
    reports: Reports = field(default_factory=Reports)

    @property
    def site(self) -> Site:
        """The site that is crawled."""
        return self.origin.site

    def arguments(self) -> dict[str, Any]:
        """What the run's record keeps."""
        told = {
            "origin": self.origin_name,
            "sections": list(self.sections),
            "max_requests": self.max_requests,
            "max_seconds": self.max_time,
        }
        told |= {"insecure": True} if self.insecure else {}
        return told if self.goal is None else told | {"goal": self.goal.in_words()}


def configure(site: str | Site, settings: Mapping[str, Any]) -> RunConfiguration:
    """Read the configuration of a run of a site from Scrapy's settings, as the table of options names them.

    Raises UsageError with what is wrong and what to write instead.
    """
    _refuse_pickles(settings)
    _refuse_unknown(settings)
    site = site_named(site) if isinstance(site, str) else site
    goal = goal_of(settings, site)
    plan_of(site).check_goal(goal)
    if foreign := next((key for key in goal.keys if key.site != site.name), None) if goal is not None else None:
        raise UsageError(f"{foreign} is a page of another site than {site.name}.")
    told = {option.name: _told(option, settings) for option in OF_RUN}
    origin = origin_of(site, told["base_url"])
    database = settings.get("ARMCRAWL_DATABASE") or config.database_url()
    plain = {one.name: told[one.name] for one in fields(RunConfiguration) if one.name in told}
    return RunConfiguration(
        **plain
        | {
            "kind": settings.get("ARMCRAWL_KIND") or "crawl",
            "database": database,
            "origin": origin,
            "origin_name": settings.get("ARMCRAWL_ORIGIN_NAME") or ("site" if origin.is_site else origin.base_url),
            "sections": _sections(site, told["sections"]),
            "goal": goal,
            "archive": None if told["no_archive"] else archive_of(database, told["archive"]),
            "reports": Reports.of(settings),
        }
    )


def _refuse_pickles(settings: Mapping[str, Any]) -> None:
    """Scrapy keeps its queue and its cache as pickles: who can write them runs code here. Neither is needed."""
    for name in ("JOBDIR", "HTTPCACHE_ENABLED"):
        if str(settings.get(name) or "").lower() not in {"", "0", "false"}:
            raise UsageError(
                f"{name} keeps pickles on disk, which are never read: the ledger resumes a run, and pages are archived."
            )


def _refuse_unknown(settings: Mapping[str, Any]) -> None:
    """A misspelt budget would be none."""
    known = (
        {name for option in OF_RUN for name in (option.setting, option.variable)}
        | set(OF_COMMANDS)
        | {f"ARMCRAWL_{name.upper()}" for name in OF_GOAL}
    )
    for name in settings:
        if name.startswith("ARMCRAWL_") and name not in known:
            # Without what all of them begin with, and are alike by.
            near = {one.removeprefix("ARMCRAWL_"): one for one in known}
            # Where Scrapy has a setting of its own, ARMCRAWL_DELAY is only a variable.
            near |= {option.name.upper(): option.setting for option in OF_RUN}
            found = get_close_matches(name.removeprefix("ARMCRAWL_"), near, 1, 0.8)
            meant = f"write {near[found[0]]} if that is meant" if found else f"there are {', '.join(sorted(known))}"
            raise UsageError(f"There is no setting {name}: {meant}.")


def _told(option: Option, settings: Mapping[str, Any]) -> Any:
    """Return the value that settings give an option; on a command line of Scrapy's it is text."""
    value = settings.get(option.setting)
    return option.default if value is None or value in ("", ()) else value_of(option, value)


def value_of(option: Option, value: Any) -> Any:
    """Return the value that a setting of Scrapy's says; raises UsageError for one that does not fit."""
    try:
        return option.from_text(",".join(value) if isinstance(value, tuple) else str(value))
    except ValueError as error:
        raise UsageError(f"{option.setting} {error}.") from error


def settings_for(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return Scrapy's settings for values of a run's options."""
    settings = {option.setting: values[option.name] for option in OF_RUN if option.name in values}
    if "delay" in values:
        settings["AUTOTHROTTLE_START_DELAY"] = values["delay"]
    if "concurrency" in values:
        # One under way and one ready: what waits longer would only be asked for after the budget's end.
        settings["CONCURRENT_REQUESTS"] = values["concurrency"] + 1
    return settings


def archive_of(database: str, named: str | None = None) -> Storage:
    """Return a database's archive: the one that is named, or the one beside it."""
    beside = archive_beside(database)
    return storage_at(named or config.archive() or str(beside), beside)


def archive_beside(database: str) -> Path:
    """Return the folder of a database's archive that nobody has named."""
    url = parse_url(database)
    return folder_beside(url.database or "", is_file=url.get_backend_name() == "sqlite")


def origin_of(site: Site, base_url: str | None) -> Origin:
    """Return the origin for a `--base-url`; raises UsageError for what is none."""
    try:
        return Origin.of(site, base_url)
    except ValueError as error:
        raise UsageError(f"--base-url: {error}.") from error


def _sections(site: Site, wanted: tuple[str, ...]) -> tuple[str, ...]:
    known = [section.name for section in site.sections]
    for name in wanted:
        if name not in known:
            raise UsageError(f"{site.name} has no section {name!r}: its sections are {', '.join(known)}.")
    return tuple(name for name in known if name in (wanted or known))
