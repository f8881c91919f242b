"""Address patterns such as `/news/{id:int}` and `/news.php?id={id:int}`, which turn an address into an id and back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from string import Formatter
from urllib.parse import parse_qsl, quote

from armcrawl.sites.addresses import SAFE

# A slug may have any characters but slashes, spaces, control and invisible ones. The longest slugs are WordPress's,
# with 200 characters.
WORD = r"[^/\s\x00-\x1f\x7f?#\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ud800-\udfff]{1,200}"
# Last segments of addresses that are no articles: pages of listings, feeds, files.
NO_SLUG = re.compile(
    r"\.{1,2}|amp|feed|rss|page-?[0-9]+|index[-_]?[0-9]*(?:\.\w+)?|.*\.(?:xml|rss|jpe?g|png|gif|webp|pdf|docx?|css|js)",
    re.IGNORECASE,
)
# How systems call the pages of a listing in an address, with the number behind it.
PAGE_WORDS = frozenset({"page", "pages", "p", "pg", "stranica", "stranitsa", "страница"})
# Any 18 digits fit the ledger's 64-bit number. Leading zeros, which FIELDS skips, do not make another page.
NUMBER = r"[1-9][0-9]{0,17}"
FIELDS = {
    "id:int": rf"0*(?P<id>{NUMBER})",
    "id": rf"(?P<id>{WORD}?)",
    "slug": rf"(?P<slug>{WORD}?)",
    "rubric": rf"(?P<rubric>{WORD}?)",
    "year": r"(?P<year>(?:19|20)[0-9]{2})",
    "month": r"(?P<month>0?[1-9]|1[0-2])",
    "day": r"(?P<day>0?[1-9]|[12][0-9]|3[01])",
}
EXAMPLES = {"id:int": "1", "id": "a1", "slug": "slug", "rubric": "rubric", "year": "2016", "month": "05", "day": "31"}
# Fields that identify a page: the first of these in a pattern is the key, unless the section declares another one.
IDS = ("id", "slug")
# Fields that match any word: two in one segment could divide it in many ways, all of which would be tried.
WORDS = frozenset({"id", "slug", "rubric"})
# Fields that are padded to two digits in keys.
PADDED = ("month", "day")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One form of a section's addresses.

    `key` has the fields that identify a page (`{id}`, `{year}/{slug}`), `rubrics` the words that `{rubric}` may be.
    """

    text: str
    key: str
    regex: re.Pattern[str]
    rubrics: tuple[str, ...] = ()

    def match(self, path: str, query: str = "") -> str | None:
        """Return the id of the page with this path and query, or None if the pattern does not match them."""
        found = self.regex.fullmatch(path + self._told_in(query) if self.parameters else path)
        values = found.groupdict() if found is not None else {}
        slug = values.get("slug") or ""
        # `/2016/05/31/` is the archive of a day, and 31 is no slug.
        is_day = "month" in values and "day" not in values and slug.isdecimal() and len(slug) < 3
        # `/news/page/3/` is no article of a rubric.
        is_page = (values.get("rubric") or "").lower() in PAGE_WORDS and slug.isdecimal()
        if found is None or NO_SLUG.fullmatch(slug) or is_day or is_page:
            return None
        # `/2016/5/` and `/2016/05/` are the same month.
        return self.key.format_map(values | {name: values[name].zfill(2) for name in PADDED if values.get(name)})

    def path(self, external_id: str) -> str | None:
        """Return the path for an id; None if the pattern has fields that the id does not have."""
        if not _tells_path(self.text, self.key):
            return None
        values = self._values(external_id)
        if values is None:
            return None
        path, mark, query = _plain(self.text).partition("?")
        values = {name: quote(value, safe=SAFE) for name, value in values.items()}
        return quote(path.format_map(values), safe=SAFE + "%") + mark + query.format_map(values)

    def is_id(self, external_id: str) -> bool:
        """Tell whether a text has the form of the pattern's ids."""
        return self._values(external_id) is not None

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the parameters of the query that tell a page; all others never matter."""
        return tuple(part.partition("=")[0] for part in self.text.partition("?")[2].split("&") if part)

    def _told_in(self, query: str) -> str:
        """Return what a query says of the pattern's parameters, in its order."""
        told = dict(parse_qsl(query))
        return "?" + "&".join(f"{name}={told.get(name, '')}" for name in self.parameters)

    @property
    def kind(self) -> str:
        """The field that identifies pages, as it is written: `id:int`, `id` or `slug`."""
        return next(field for _, field in _parts(self.text) if field and _name(field) in IDS)

    @property
    def prefixes(self) -> tuple[str, ...]:
        """The text before the first field that may be any, with which all paths of the pattern begin."""
        first, *others = _parts(self.text)
        if first[1] != "rubric" or not self.rubrics:
            return (first[0],)
        return tuple(first[0] + rubric + others[0][0] for rubric in self.rubrics)

    @property
    def example(self) -> str:
        """A path that the pattern matches."""
        examples = EXAMPLES | ({"rubric": self.rubrics[0]} if self.rubrics else {})
        return "".join(text + examples.get(field or "", "") for text, field in _parts(self.text))

    def _values(self, external_id: str) -> dict[str, str] | None:
        found = _form_of_ids(self.text, self.key).fullmatch(external_id)
        return found.groupdict() if found else None


@lru_cache(maxsize=1024)
def pattern(text: str, key: str | None = None, rubrics: tuple[str, ...] = ()) -> Pattern:
    """Return the pattern for a text, a key and the words of `{rubric}`; raises ValueError if one of them is wrong."""
    if not text.startswith("/"):
        raise ValueError(f"{text!r} must begin with a slash, as the path of an address does")
    try:
        parts = _parts(text)
        names = _fields(text)
    except ValueError as error:
        raise ValueError(f"{text!r} has a brace without its other half") from error
    for _, field in parts:
        if field is not None and field not in FIELDS:
            raise ValueError(f"{text!r} has a field {{{field}}}: the fields are {', '.join(map(_braced, FIELDS))}")
    if len(names) > len(set(names)):
        raise ValueError(f"{text!r} has a field twice")
    found = next((name for name in IDS if name in names), None)
    if found is None:
        raise ValueError(f"{text!r} has neither {{id}} nor {{slug}}: nothing tells its pages apart")
    if any(not between for between, _ in parts[1:]) or re.search(r"\s", text):
        raise ValueError(f"{text!r} needs something other than white space between its fields")
    if any(sum(field in WORDS for _, field in _parts(segment)) > 1 for segment in text.split("/")):
        raise ValueError(f"{text!r} has two words in one segment: nothing tells where the first ends")
    key = key or _braced(found)
    _check_key(key, text, names)
    _check_query(text)
    fields = FIELDS | ({"rubric": f"(?P<rubric>{'|'.join(map(re.escape, rubrics))})"} if rubrics else {})
    regex = "".join(re.escape(part) + fields.get(field or "", "") for part, field in parts)
    path, mark, query = regex.partition(r"\?")
    return Pattern(text, key, re.compile(path.rstrip("/") + "/?" + mark + query), rubrics)


@lru_cache(maxsize=1024)
def _form_of_ids(text: str, key: str) -> re.Pattern[str]:
    kinds = {_name(field): field for _, field in _parts(text) if field}
    return re.compile(
        "".join(re.escape(between) + FIELDS.get(kinds.get(_name(field)) or "", "") for between, field in _parts(key))
    )


@lru_cache(maxsize=1024)
def _tells_path(text: str, key: str) -> bool:
    """Tell whether all fields of a pattern are in its key."""
    return not set(_fields(text)) - set(_fields(key))


def _check_query(text: str) -> None:
    query = text.partition("?")[2]
    if "?" in text and not all(re.fullmatch(r"[^=]+=[^=]+", part) for part in query.split("&")):
        raise ValueError(f"{text!r} needs a name and a value for each parameter behind its question mark")


def _check_key(key: str, text: str, names: list[str]) -> None:
    try:
        parts = _parts(key)
    except ValueError as error:
        raise ValueError(f"the key {key!r} has a brace without its other half") from error
    fields = [field for _, field in parts if field]
    if unknown := set(fields) - set(names):
        raise ValueError(f"the key {key!r} has {{{min(unknown)}}}, which {text!r} does not have")
    if not set(fields) & set(IDS):
        raise ValueError(f"the key {key!r} has neither {{id}} nor {{slug}}: nothing tells pages apart by it")
    if any("/" not in between for between, field in parts[1:] if field) or parts[0][0]:
        raise ValueError(
            f"the key {key!r} must be fields alone, with a slash between two: nothing else parts them for sure"
        )


# Cached, as it is needed for every link of a page.
@lru_cache(maxsize=1024)
def _parts(text: str) -> tuple[tuple[str, str | None], ...]:
    """Return the pieces of a pattern: each text, with the field after it as written, or None after the last text."""
    return tuple(
        (part, None if name is None else name + (f"!{conversion}" if conversion else "") + (f":{kind}" if kind else ""))
        for part, name, kind, conversion in Formatter().parse(text)
    )


def _fields(text: str) -> list[str]:
    return [name for _, field in _parts(text) if (name := _name(field))]


def _name(field: str | None) -> str:
    return (field or "").partition(":")[0]


def _plain(text: str) -> str:
    """Return a pattern with its fields written without their kinds: `{id}` for `{id:int}`."""
    return "".join(part + (_braced(_name(field)) if field else "") for part, field in _parts(text))


def _braced(name: str) -> str:
    return f"{{{name}}}"
