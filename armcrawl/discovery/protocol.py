"""What a kind of discovery does, and what a run does for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ParamSpec, Protocol, TypeVar

from armcrawl.redaction import tellable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Engine

    from armcrawl.discovery.goal import Goal
    from armcrawl.items import Page
    from armcrawl.sites import Origin, PageKey, Site
    from armcrawl.sites.site import DiscoveryDeclaration
    from armcrawl.store.base.database_worker import DatabaseWorker
    from armcrawl.store.ledger.ledger import Due
    from armcrawl.store.queries.status import SectionStatus

P = ParamSpec("P")
T = TypeVar("T")


class LeadError(Exception):
    """A listing, a feed or a sitemap cannot be read; the message says why, `status` is the response's."""

    def __init__(self, said: str, status: int | None = None) -> None:
        self.said = tellable(said)
        super().__init__(self.said, status)
        self.status = status

    def __str__(self) -> str:
        return self.said


class RunOverError(Exception):
    """The run may ask no more."""


@dataclass(frozen=True, slots=True)
class LeadResponse:
    """What a server answered to a request for a listing, a feed or a sitemap, unpacked.

    `address` is the site's own that answered in the end; `is_unchanged` that it is as we last had it, and has no body.
    """

    address: str
    fetched_at: datetime
    body: bytes = b""
    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    is_unchanged: bool = False


class Run(Protocol):
    """The run: its record counts and fails, its database is the ledger.

    `expected` is how many pages it is to ask for, where that can be told.
    """

    run_id: int
    database: DatabaseWorker
    expected: int | None

    async def claim_origin(self) -> None:
        """Remember which server fills the database, now that it showed an article."""

    def count(self, name: str, number: int = 1) -> None:
        """Count something that `armcrawl.stats` names."""

    def fail(self, sentence: str, error: str | None = None) -> None:
        """Fail the run, because of an error if there is one."""


class Access(Protocol):
    """What a run does for a discovery: it asks politely, within its budget, and tells of failures itself."""

    @property
    def run(self) -> Run:
        """The run."""

    @property
    def site(self) -> Site:
        """The site."""

    @property
    def sections(self) -> Sequence[str]:
        """The names of the sections that the run is for."""

    @property
    def server(self) -> str:
        """The address of the server that is really asked."""

    @property
    def origin(self) -> Origin:
        """The server that is really asked, which turns its addresses into the site's own and back."""

    @property
    def max_requests(self) -> int:
        """The requests that the run may send; 0 for no limit."""

    @property
    def is_over(self) -> bool:
        """Whether the run may ask no more."""

    @property
    def sitemaps(self) -> Sequence[str]:
        """The addresses of sitemaps that the robots.txt files name which were read so far."""

    async def entry_addresses(self) -> list[str] | None:
        """Return what the home page and the sections' listings link to; None, and a failed run, without a response."""

    async def fetch(self, key: PageKey, address: str | None = None) -> Page | None:
        """Ask for a page at once, at an address where its key does not tell it; None if the run may not ask."""

    async def ask_lead(
        self, address: str, conditions: Mapping[str, str], max_size: int, *, archived: bool = True
    ) -> LeadResponse:
        """Ask for what leads to articles; `conditions` are headers that ask for it only if it was changed.

        Raises LeadError with what is wrong, and RunOverError if the run may not ask.
        """

    async def work(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what a module-level function makes of bytes of strangers, in the process that reads pages.

        Raises LeadError where they are more than it can cope with, and RunOverError.
        """


class Discovery(Protocol):
    """How pages of a site are found; one object for each run.

    `witness` is a page that the run holds for sure: when all others are missing, it tells whether the site is there.
    """

    witness: Due | None

    def __init__(self, access: Access, declared: DiscoveryDeclaration) -> None: ...

    @classmethod
    def check(cls, site: Site, declared: DiscoveryDeclaration) -> None:
        """Raise UsageError for a declaration that this kind cannot work with."""

    def due(self, goal: Goal | None) -> AsyncIterator[Page | Due]:
        """Yield what a run is to ask for, and the pages that were asked for to find that out.

        Without a goal that is all that is due. A goal is ids, days or everything; a list of addresses needs no
        discovery.
        """

    @classmethod
    def sample(cls, site: Site, sections: Sequence[str], linked: Sequence[str], number: int) -> list[str]:
        """Return so many addresses spread over the site, by what its home page links to; [] if that is no article."""

    @classmethod
    def completeness(cls, engine: Engine, site: Site) -> list[SectionStatus]:
        """Return what the ledger knows of each section, and what it lacks, as far as that can be told."""
