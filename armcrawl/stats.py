"""The names of all statistics that a run keeps of its own, each with what it means: the rest are Scrapy's.

`docs/stats.md` is made from this table.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "armcrawl/"
# `<status>` stands for any three digits; what else varies is named in full.
STATS = {
    "archive/waiting": "Files of raw pages that wait on this machine to be put into S3",
    "articles/changed": "Articles whose site changed them: a new version was written",
    "articles/duplicate": "Articles of this run whose text stands on another page as well: members of a cluster",
    "articles/kept_apart": "Pages under the key of another, as two years may have one slug: kept apart by address",
    "articles/new": "Articles that the database did not have",
    "articles/quarantined": "Pages that seem to be articles and could not be understood",
    "articles/unchanged": "Articles that are as they were when they were last read",
    "attribution/cited_in_text": "Articles whose source is named in the text, and not in a line of its own",
    "attribution/taken_from_body": "Articles whose attribution stood among the paragraphs",
    "body/boilerplate_removed": "Articles of which paragraphs were taken out that are never text",
    "body/cut": "Articles on pages that end in the middle of a sentence: they are looked at again the next night",
    "body/feed_has_more": "Articles of which a feed has a text with more than a tenth that was not read on the page",
    "body/left_out": "Articles with prose between title and end that is not in the text, and that no rule claims",
    "bytes/received": "Bytes of all answers' bodies as they came over the network, compressed or not",
    "charset/misdeclared": "Articles on pages that are in another charset than they say",
    "charset/nul_removed": "Articles on pages with NUL characters, which were taken out",
    "charset/surrogates_removed": "Articles on pages with halves of characters, which were taken out",
    "charset/undecodable": "Articles on pages with bytes that are no text in any charset",
    "clusters/doubts": "Evidence that texts of one template may have been taken for copies, in words",
    "clusters/not_judged": "What could not be compared with what is usual in clusters, and why, in words",
    "clusters/waiting": "Articles that waited at the end of the run to be compared with others",
    "date/announced": "Articles without a date of their own, dated as a feed, a sitemap or a listing says",
    "date/announced_otherwise": "Articles that are dated otherwise than a feed, a sitemap or a listing says",
    "date/impossible": "Articles with a date that cannot be, printed or declared: wrong weekday, future, before 1990",
    "date/missing": "Articles without a printed date",
    "date/unreadable": "Articles with a printed date that could not be read",
    "decoding/trailing": "Articles on packed pages with bytes behind the end of what is packed, which were passed over",
    "delays/longest": "The longest time between two requests, in seconds",
    "delays/paused": "The time that the server asked to be left alone (Retry-After, or refusals), in seconds",
    "delays/pauses": "How often the server asked to be left alone",
    "delays/shortest": "The shortest time between two requests, in seconds",
    "delays/total": "The time between each request and the one before it, altogether, in seconds",
    "discovery/gaps": "Listings and feeds whose pages do not reach what they showed before: articles may lack between",
    "discovery/lastmod_ignored": "Sitemaps whose times of change tell nothing: just now, or one for all",
    "discovery/one_page_only": "Listings that gave one page, and may have more: declare what these are called",
    "discovery/pages": "Pages of listings, feeds and files of sitemaps that were asked for",
    "discovery/seen": "Articles that a listing, a feed or a sitemap showed for the first time, once for each of them",
    "discovery/unchanged": "Of those pages, feeds and files: as they were when they were last asked for",
    "discovery/unreadable": "Listings, feeds and sitemaps that could not be read",
    "discovery/without_articles": "Listings, feeds and sitemaps with no address that the sections describe",
    "discovery/without_text": "Announced pages that are empty: scripts may bring their text, which no crawl sees",
    "holes/skipped": "Ids in large holes that a backfill by days did not ask for",
    "import/answers": "Answers in the archives that were imported",
    "import/cut": "Answers that are not whole: left out, or in quarantine where only their packing tells",
    "import/failed_answers": "Answers that say nothing of their page: errors of the server, walls before the site",
    "import/files": "Files of the archives that were imported",
    "import/foreign": "Answers that are of no page of ours",
    "import/impossible_time": "Answers of the future, or from before the web: they were left out",
    "import/known": "Captures that the database holds already",
    "import/no_article": "Pages of any host that show none: nobody has added them",
    "import/other_records": "Records of other types than answers of web servers, which hold no page",
    "import/past_the_head": "Ids above the newest article, without one: they may be tomorrow's",
    "import/read": "Captures that were read",
    "import/removed": "Captures of pages that were taken down: they were left out",
    "import/same_second": "Answers that came within a second of another one of their page: one of them is kept",
    "import/too_large": "Answers that are larger than any page: left out, or in quarantine where only unpacking tells",
    "import/unreadable": "Records that could not be read",
    "lead/repeats_paragraph": "Articles whose lead is repeated in the text",
    "lead/repeats_title": "Articles whose text begins with the title once more",
    "pages/failed": "Pages that gave no usable answer",
    "pages/gone": "Pages that showed an article once, and do not any more",
    "pages/missing": "Ids without a page",
    "pages/not_article": "Pages that show no article",
    "pages/quarantined": "Pages that could not be understood",
    "pages/removed": "Pages that were taken down, or show under another id what was, and came in once more",
    "pages/stored": "Pages that show an article",
    "probes": "Pages that were asked for to find the ids of a day",
    "requests/sent": "Requests, robots.txt, redirects and retries included",
    "requests/status/<status>": "Answers with this status",
    "requests/unanswered": "Requests that got no answer, or none that is whole",
    "removals/unwiped": "Archived answers that brought what was taken down, and could not be wiped",
    "removals/wiped": "Archived answers that brought what was taken down, which the end of the run wiped",
    "reread/changed": "Pages that today's parser reads otherwise",
    "reread/crashing": "Pages that kill the process that reads them, or never end: they are in quarantine",
    "reread/not_archived": "Pages whose bytes are not archived",
    "reread/read": "Pages that were read again",
    "reread/unreadable": "Pages whose archived bytes could not be read",
    "signal": "The number of the signal that ended the run",
    "tags/doubtful": "Tags whose nominative is doubtful",
    "tags/doubts": "Evidence that links of tags are positions or sections, in words",
    "tags/label_without_tags": "Articles with a label for tags and no tags behind it",
    "tags/repeated_or_empty": "Articles with a tag that is printed twice, or is empty",
    "title/announced_otherwise": "Articles with another title than a feed, a sitemap or a listing says",
    "wayback/impossible_time": "Captures of a web archive of the future, or from before the web: they were left out",
    "wayback/known": "Captures of a web archive that the database holds already",
    "wayback/removed": "Captures of a web archive of pages that were taken down: they were left out",
}
PATTERN = re.compile("|".join(re.escape(name).replace("<status>", "[0-9]{3}") for name in STATS))
INTRODUCTION = """\
# Statistics of a run

This page is made from the names in `armcrawl/stats.py`. Every run keeps them in its record (`armcrawl runs ID`, column
`stats` of the table `runs`); one that is not there is 0. Names without `armcrawl/` are Scrapy's own, and its
documentation describes them.

| name | meaning |
|---|---|
"""


def stat(name: str) -> str:
    """Return the full name of a statistic; raises KeyError for one that is not in the table."""
    if not PATTERN.fullmatch(name):
        raise KeyError(name)
    return PREFIX + name


def stats_of(family: str, counts: Mapping[str, int]) -> dict[str, int]:
    """Return counts in plain words as statistics of a family; raises KeyError for one that is not in the table."""
    return {stat(f"{family}/{name.replace(' ', '_')}"): number for name, number in counts.items()}


def under(stats: Mapping[str, Any], family: str) -> dict[str, Any]:
    """Return the statistics of a family, such as `pages`, by the rest of their names."""
    start = f"{PREFIX}{family}/"
    return {name.removeprefix(start): value for name, value in sorted(stats.items()) if name.startswith(start)}


def stats_page() -> str:
    """Return the page of all names in Markdown."""
    return INTRODUCTION + "".join(f"| `{PREFIX}{name}` | {meaning} |\n" for name, meaning in STATS.items())
