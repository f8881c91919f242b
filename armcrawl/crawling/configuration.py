"""What a run is told to do, read from Scrapy's settings, wherever they were set."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from armcrawl import config
from armcrawl.archive.folder import folder_beside
from armcrawl.discovery.goal import Goal, goal_of, is_setting_on
from armcrawl.discovery.kinds import plan_of
from armcrawl.errors import UsageError
from armcrawl.reporting.delivery import Reports
from armcrawl.sites import Origin, Site, site_named
from armcrawl.store.base.database import parse_url

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class RunConfiguration:
    """The arguments of a run; a budget of 0 is none."""

    kind: str
    database: str
    origin: Origin
    origin_name: str
    sections: tuple[str, ...]
    max_requests: int
    max_seconds: float
    mixed_origin: bool
    impolite: bool
    trust_clock: bool
    goal: Goal | None = None
    archive: Path | None = None
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
            "max_seconds": self.max_seconds,
        }
        return told if self.goal is None else told | {"goal": self.goal.in_words()}


def configure(site_name: str, settings: Mapping[str, Any]) -> RunConfiguration:
    """Read a run's configuration from settings named `ARMCRAWL_...`.

    Raises UsageError with what is wrong and what to write instead.
    """
    _refuse_pickles(settings)
    site = site_named(site_name)
    goal = goal_of(settings)
    plan_of(site).check_goal(goal)
    if foreign := next((key for key in goal.keys if key.site != site.name), None) if goal is not None else None:
        raise UsageError(f"{foreign} is a page of another site than {site.name}.")
    origin = origin_of(site, settings.get("ARMCRAWL_BASE_URL"))
    return RunConfiguration(
        kind=settings.get("ARMCRAWL_KIND") or "crawl",
        database=settings.get("ARMCRAWL_DATABASE") or config.database_url(),
        origin=origin,
        origin_name=settings.get("ARMCRAWL_ORIGIN_NAME") or ("site" if origin.is_site else origin.base_url),
        sections=_sections(site, settings.get("ARMCRAWL_SECTIONS")),
        max_requests=_number(settings, "ARMCRAWL_MAX_REQUESTS"),
        max_seconds=_number(settings, "ARMCRAWL_MAX_SECONDS"),
        goal=goal,
        archive=archive_folder(settings),
        mixed_origin=is_setting_on(settings, "ARMCRAWL_MIXED_ORIGIN"),
        impolite=is_setting_on(settings, "ARMCRAWL_IMPOLITE"),
        trust_clock=is_setting_on(settings, "ARMCRAWL_TRUST_CLOCK"),
        reports=Reports.of(settings),
    )


def _refuse_pickles(settings: Mapping[str, Any]) -> None:
    """Scrapy keeps its queue and its cache as pickles: who can write them runs code here. Neither is needed."""
    for name in ("JOBDIR", "HTTPCACHE_ENABLED"):
        if str(settings.get(name) or "").lower() not in {"", "0", "false"}:
            raise UsageError(
                f"{name} keeps pickles on disk, which are never read: the ledger resumes a run, and pages are archived."
            )


def archive_folder(settings: Mapping[str, Any]) -> Path | None:
    """Return the folder of the archive, by default beside the database; None if nothing is to be archived."""
    if is_setting_on(settings, "ARMCRAWL_NO_ARCHIVE"):
        return None
    return archive_of(settings.get("ARMCRAWL_DATABASE") or config.database_url(), settings.get("ARMCRAWL_ARCHIVE"))


def archive_of(database: str, named: str | None = None) -> Path:
    """Return the folder of a database's archive: the one that is named, or the one beside it."""
    if named := named or config.archive():
        return Path(named)
    url = parse_url(database)
    return folder_beside(url.database or "", is_file=url.get_backend_name() == "sqlite")


def origin_of(site: Site, base_url: str | None) -> Origin:
    """Return the origin for a `--base-url`; raises UsageError for what is none."""
    try:
        return Origin.of(site, base_url)
    except ValueError as error:
        raise UsageError(f"--base-url: {error}.") from error


def _sections(site: Site, wanted: str | None) -> tuple[str, ...]:
    known = [section.name for section in site.sections]
    names = [name.strip() for name in wanted.split(",")] if wanted else known
    for name in names:
        if name not in known:
            raise UsageError(f"{site.name} has no section {name!r}: its sections are {', '.join(known)}.")
    return tuple(name for name in known if name in names)


def _number(settings: Mapping[str, Any], name: str) -> int:
    written = str(settings.get(name) or 0)
    if not (written.isascii() and written.isdecimal()):
        raise UsageError(f"{name} must be a whole number, 0 for no limit, not {written!r}.")
    return int(written)
