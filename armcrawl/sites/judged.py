"""What a site's declaration may name of the checks: kinds of run, and the measures that a run is judged by."""

from __future__ import annotations

import re

# Fields that a page may lack and still be an article.
OPTIONAL = ("date", "tags", "attribution", "lead", "author", "images")
# The kinds of run whose pages are judged.
KINDS = ("crawl", "backfill", "demo", "import", "wayback")
REQUESTS = "requests per article"
MEASURES = (
    "page",
    *OPTIONAL,
    "header in the text",
    "prose left out",
    "links of tags",
    "a paragraph of other pages",
    "date in the order of ids",
    "dated on the day of the fetch",
    REQUESTS,
)
# How a field was found, what its second witness says, and how many of a thing there are.
FAMILIES = re.compile(
    rf"(?:method|second witness) of (?:title|body|{'|'.join(OPTIONAL)})|number of (?:words|paragraphs|tags)"
)


def is_measure(name: str) -> bool:
    """Tell whether a run may be judged by a measure of that name."""
    return name in MEASURES or FAMILIES.fullmatch(name) is not None
