"""Well-known bodies and all that they are called by: ministries, agencies, bodies of standards, technical committees.

The table is `bodies.toml`; each row has its reason, and what is not in it is not known.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from armcrawl.russian.tags import tag_key

# A body of the federation is called so with or without its country, which is written in these ways.
COUNTRY = ("РФ", "России", "Российской Федерации")


@dataclass(frozen=True, slots=True)
class Body:
    """A body: what it is called, and the keys of all its names."""

    name: str
    keys: frozenset[str]


def body_of(key: str) -> Body | None:
    """Return the body that a key of a name belongs to."""
    return _bodies().get(key)


@cache
def _bodies() -> dict[str, Body]:
    """Return the bodies by each of their keys; a key of two of them is an error of the table."""
    found: dict[str, Body] = {}
    table = tomllib.loads(files("armcrawl.russian").joinpath("bodies.toml").read_text("utf-8"))
    for row in table["bodies"]:
        body = Body(row["name"], frozenset(map(tag_key, _names(row))))
        if taken := body.keys & found.keys():
            raise ValueError(f"bodies.toml: {min(taken)!r} is a name of {body.name} and of {found[min(taken)].name}")
        found |= dict.fromkeys(body.keys, body)
    return found


def _names(row: dict[str, list[str]]) -> list[str]:
    """Return all names of a row: `names` as they are, `federal` ones also with the country, `of_country` only so."""
    federal, of_country = row.get("federal", []), row.get("of_country", [])
    with_country = [f"{name} {country}" for name in (*federal, *of_country) for country in COUNTRY]
    return [str(row["name"]), *row.get("names", []), *federal, *with_country]
