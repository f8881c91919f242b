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
NUMBERS = ("words", "paragraphs", "tags", "title letters")
MEASURES = (
    "page",
    "title",
    "text",
    *OPTIONAL,
    "title of other pages",
    "text of other pages",
    "text cut off",
    "text in a wrong charset",
    "label without tags",
    "day of most other pages",
    "header in the text",
    "prose left out",
    "a paragraph twice",
    "a paragraph of other pages",
    "links of tags",
    "date out of the order of ids",
    "dated on the day of the fetch",
    REQUESTS,
    *(f"method of {name}" for name in FOUND),
    *(f"second witness of {name}" for name in WITNESSED),
    *(f"number of {name}" for name in NUMBERS),
)
