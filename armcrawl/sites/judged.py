"""The names that a declaration may use for a run's checks: kinds of run, fields and measures."""

from __future__ import annotations

# Fields that an article need not have.
OPTIONAL = ("date", "tags", "attribution", "lead", "author", "images")
# The kinds of run whose pages are judged.
KINDS = ("crawl", "backfill", "demo", "import", "wayback")
REQUESTS = "requests per article"
# Fields with a method by which they were found, fields with a second witness, and numbers counted in an article.
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
