"""What a site's declaration may name of the checks: kinds of run, and the measures that a run is judged by."""

from __future__ import annotations

# Fields that a page may lack and still be an article.
OPTIONAL = ("date", "tags", "attribution", "lead", "author", "images")
# The kinds of run whose pages are judged.
KINDS = ("crawl", "backfill", "demo", "import", "wayback")
REQUESTS = "requests per article"
# The fields that are told how they were found, those that have a second witness, and what is counted of an article.
FOUND = ("title", "date", "body", "tags", "attribution", "author")
WITNESSED = ("title", "date", "tags", "author")
NUMBERS = ("words", "paragraphs", "tags")
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
    *(f"method of {name}" for name in FOUND),
    *(f"second witness of {name}" for name in WITNESSED),
    *(f"number of {name}" for name in NUMBERS),
)
