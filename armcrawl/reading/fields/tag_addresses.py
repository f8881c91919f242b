"""What the address of a link tells: the page of a tag, of a rubric, or one of many alike."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, unquote_plus

from armcrawl.sites import split_address

# Words in the address of a tag's page.
TAG_ADDRESS = re.compile(
    r"(?:^|[/?&_-])(?:tags?|metk[ai]|labels?|keywords?|teg[i]?|temy?|theme|topic|subject|метк[аи]|тег[и]?)(?:[/=_.-]|$)",
    re.IGNORECASE,
)
# Words in the address of a rubric's or an author's page, links to which are often beside tags.
RUBRIC_ADDRESS = re.compile(
    r"(?:^|[/?&_-])(?:categor(?:y|ies)|rubri[ck][asi]?|sections?|razdel[y]?|cat|рубрик[аи]|раздел[ы]?|категори[яи]"
    r"|authors?|avtor[y]?|users?|profile)(?:[/=_.-]|$)",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def kind_of(address: str) -> str | None:
    """Return "tag" or "rubric" if the words of an address say that it is the page of one, else None."""
    _, path, query = split_address(address)
    path = unquote_plus(f"{path}?{query}" if query else path)
    if TAG_ADDRESS.search(path):
        return "tag"
    return "rubric" if RUBRIC_ADDRESS.search(path) else None


@lru_cache(maxsize=4096)
def pattern_of(address: str) -> tuple[str, str, tuple[str, ...]]:
    """Return what the addresses of a site's tags have in common: host, path without the last segment, query names."""
    host, path, query = split_address(address)
    path = path.rstrip("/")
    # The name of a tag may contain a slash: everything after `/tags/` belongs to it.
    if (named := TAG_ADDRESS.search(path)) and named.end() < len(path):
        return host, path[: named.end()], ()
    if query:
        return host, path, tuple(name for name, _ in parse_qsl(query, keep_blank_values=True))
    return host, path.rpartition("/")[0], ()
