"""The words that tell kinds apart, from `words.toml`."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from armcrawl.items import Kind
from armcrawl.russian.names.phrase_heads import ORGANISATIONS, PLACES

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = Path(__file__).with_name("words.toml")


class Tables(NamedTuple):
    """What the file says: lemmas, names, Latin words, abbreviations, and words of addresses."""

    heads: Mapping[str, Kind]
    groups: Mapping[str, frozenset[str]]
    names: Mapping[str, Kind]
    folded: Mapping[str, Kind]
    words: Mapping[str, Kind]
    works: frozenset[str]
    forms: frozenset[str]
    addresses: Mapping[str, Kind]


@lru_cache(maxsize=1)
def kind_words() -> Tables:
    """Return the words, read when they are first needed."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))

    def of(table: str) -> dict[str, Kind]:
        return {
            word.replace("\u00a0", " "): Kind(kind)
            # At white space but the one that keeps the words of a name together.
            for kind, words in told[table].items()
            if kind in set(Kind)
            for word in re.split(r"[ \n]+", words.strip())
        }

    heads, names = told["heads"], of("names")
    return Tables(
        dict.fromkeys(ORGANISATIONS, Kind.ORGANISATION) | dict.fromkeys(PLACES, Kind.PLACE) | of("heads"),
        {group: frozenset(words.split()) for group, words in heads.items() if group not in set(Kind)},
        names,
        {name.casefold(): kind for name, kind in names.items()},
        of("words"),
        frozenset(told["words"]["works"].split()),
        frozenset(told["words"]["forms"].split()),
        of("addresses"),
    )
