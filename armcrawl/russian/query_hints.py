"""What people type to tell a search something, and search takes for words: days, fields, operators."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from armcrawl.russian.search_query import FIELDS, MAX_DISTANCE


class Misread(StrEnum):
    """What is taken for words, or for less than it says."""

    DAYS = "days"
    FIELD = "field"
    EMPTY = "empty"
    DISTANCE = "distance"
    TILDE = "tilde"
    STAR = "star"
    NOT = "not"
    OR = "or"
    AND = "and"
    NEAR = "near"


@dataclass(frozen=True, slots=True)
class Hint:
    """Something that was typed, and for what."""

    kind: Misread
    written: str


QUOTED = re.compile(r"""("[^"]*"?|«[^»]*»*|[“„][^”“]*[”“]?)""")
DAY = r"(?:19|20)\d\d(?:-\d\d(?:-\d\d)?)?"
OF_DAYS = r"(?:с|со|от|после|до|по|за|since|until|from|after|before)"
DAYS = re.compile(
    rf"""(?<![\w-]){OF_DAYS}[\ :=]+{DAY}(?![\w-]|[.,]\d)(?:\s?г(?:од[ау]?\b|\.))?
    | (?<![\w-])--?(?:since|until)\b(?:[\ :=]+{DAY})?
    | (?<![\w-])(?:date|day|year|дата|день|год):{DAY}
    | (?<![\w.-]){DAY}\s?(?:\.{{2,3}}|…|—|–)\s?{DAY}(?![\w-])
    | (?<![\w.-])(?:19|20)\d\d-\d\d-\d\d(?![\w-])""",
    re.VERBOSE | re.IGNORECASE,
)
FIELD = re.compile(r"(?<![\w-])([^\W\d_]{2,}):(?!//)(?=[\w\"«“„(])")
# A field without a word, and one in another.
EMPTY = re.compile(rf"(?<!\w)({'|'.join(FIELDS)}):(?!\s*[\w\"«“„(])|(?<=\w:)({'|'.join(FIELDS)}):", re.IGNORECASE)
TILDE = re.compile(r'(?<!")~|~(?!\d)')
# In a word, and in quotes before the end; of many stars only the first is looked behind.
STAR, STAR_IN_QUOTES = re.compile(r"\*(?=\w)"), re.compile(r"[^*]*\*.*\w", re.DOTALL)
DISTANCE = re.compile(r"[\"»”“]~(\d+)")
OPERATOR = re.compile(r"(?<![^\s()|])(?:NOT|НЕ|AND|NEAR|(?i:or|или))(?![^\s()/])")
# Which word is typed for which operator; «OR» and «ИЛИ» are some.
OPERATORS = {"NOT": Misread.NOT, "НЕ": Misread.NOT, "AND": Misread.AND, "NEAR": Misread.NEAR}
NOT_BEFORE = re.compile(r"(?<![^\s()|])(?:NOT|НЕ)\s+(?=[\w\"«“„(])")
AND_ALONE = re.compile(r"(?<![^\s()])AND(?![^\s()])")


def hints(text: str) -> list[Hint]:
    """Return what of a query may mean something else than words; what stands in quotes means words."""
    found = [
        Hint(Misread.DISTANCE, f"~{match[1]}") for match in DISTANCE.finditer(text) if int(match[1][:9]) > MAX_DISTANCE
    ]
    plain = QUOTED.sub('""', text)
    found += [Hint(Misread.DAYS, match[0]) for match in DAYS.finditer(plain)]
    plain = DAYS.sub(" ", plain)
    names = (match[1] for match in FIELD.finditer(plain))
    found += [Hint(Misread.FIELD, name) for name in names if name.casefold() not in FIELDS]
    words = (match[0] for match in OPERATOR.finditer(plain))
    found += [Hint(Misread.EMPTY, match[1] or match[2]) for match in EMPTY.finditer(plain)]
    found += [Hint(Misread.TILDE, "~") for _ in TILDE.finditer(plain)]
    if STAR.search(plain) or any(map(STAR_IN_QUOTES.match, QUOTED.findall(text))):
        found.append(Hint(Misread.STAR, "*"))
    found += [Hint(OPERATORS.get(word, Misread.OR), word) for word in words if word not in ("OR", "ИЛИ")]
    return list(dict.fromkeys(found))


def in_signs(text: str) -> str:
    """Return a query in which words that were typed for operators are these: «кран NOT насос» is «кран -насос»."""
    pieces = QUOTED.split(text)
    for at in range(0, len(pieces), 2):
        # A NOT before a phrase stands at the end of its piece.
        before = '"' if at + 1 < len(pieces) else ""
        plain = NOT_BEFORE.sub("-", pieces[at] + before).removesuffix(before)
        plain = OPERATOR.sub(lambda match: "OR" if match[0].casefold() in ("or", "или") else match[0], plain)
        pieces[at] = AND_ALONE.sub("", plain)
    return " ".join("".join(pieces).split())
