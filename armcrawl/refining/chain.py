"""The chain of refining: its stages in their order. `pipelines/` has the same names and counts what each one noted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from armcrawl.refining.boilerplate import strip_boilerplate
from armcrawl.refining.context import Context
from armcrawl.refining.dates import date_article
from armcrawl.refining.fingerprint import fingerprint
from armcrawl.refining.tags import normalise_tags
from armcrawl.refining.validation import fault_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from armcrawl.items import Announced, Article
    from armcrawl.sites import Site

STAGES: Mapping[str, Callable[[Article, Context], Article]] = {
    "dates": date_article,
    "boilerplate": strip_boilerplate,
    "tags": normalise_tags,
    "dedupe": fingerprint,
}


# The name of the last step, after all stages: whether the article may be stored.
VALIDATE = "validate"


@dataclass(frozen=True, slots=True)
class Refined:
    """A refined article; if it may not be stored, `fault` says why and `stage` where that was found."""

    article: Article
    fault: str | None = None
    stage: str | None = None

    @property
    def is_whole(self) -> bool:
        """Whether all stages were gone through."""
        return self.stage in {None, VALIDATE}


def refine(
    article: Article, fetched_at: datetime, site: Site | None = None, announced: Announced | None = None
) -> Refined:
    """Apply all stages to an article of a site; `fetched_at` is the time of the fetch, with a time zone.

    `announced` is what a listing, a feed or a sitemap says of it. It raises nothing: an exception of a stage becomes
    the fault of the result.
    """
    context = Context.of(fetched_at, site, announced)
    for name, stage in STAGES.items():
        try:
            article = stage(article, context)
        except Exception as error:  # noqa: BLE001 - the page is kept, with the reason
            return Refined(article, f"refining failed: {type(error).__name__}: {error}", name)
    fault = fault_of(article)
    return Refined(article, fault, VALIDATE if fault else None)
