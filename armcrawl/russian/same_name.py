"""Whether two names are forms of one: a case, a legal form or a country that one leaves out, an abbreviation.

Nothing is one name because it is near in spelling.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from armcrawl.items import Kind
from armcrawl.russian.kinds import kind_of
from armcrawl.russian.names.nominative import nominative
from armcrawl.russian.names.phrase_heads import ORGANISATIONS
from armcrawl.russian.tags import tag_key, tag_slug
from armcrawl.russian.terms import bare_terms

# Legal forms, and what stands before names of firms like one: two that differ are two firms.
LEGAL_FORMS = {
    "АО": "акционерное общество",
    "ПАО": "публичное акционерное общество",
    "ОАО": "открытое акционерное общество",
    "ЗАО": "закрытое акционерное общество",
    "ООО": "общество с ограниченной ответственностью",
    "ТОО": "товарищество с ограниченной ответственностью",
    "АНО": "автономная некоммерческая организация",
    "ФГУП": "федеральное государственное унитарное предприятие",
    "ГУП": "государственное унитарное предприятие",
    "МУП": "муниципальное унитарное предприятие",
    "НПО": "научно-производственное объединение",
    "НПП": "научно-производственное предприятие",
    "НПФ": "научно-производственная фирма",
    "ПКФ": "производственно-коммерческая фирма",
    "ПО": "производственное объединение",
    "ТД": "торговый дом",
    "УК": "управляющая компания",
    "ГК": "группа компаний",
}
# Words that say the same of a firm in full. No «завод», «клуб» or «газета»: a firm has these beside itself.
WRITTEN_OUT = {tag_key(words): abbreviation for abbreviation, words in LEGAL_FORMS.items()} | {
    word: word for word in ("концерн", "холдинг")
}
OPENING, CLOSING = '«„“"', '»”“"'
QUOTED = re.compile(rf"(?P<before>[^{OPENING}]*?)\s*[{OPENING}](?P<name>.+)[{CLOSING}]")
LETTERS = re.compile(r"[^\W\d_]+")
DIGIT = re.compile(r"\d")
LETTER_OR_DIGIT = re.compile(r"[^\W_]")
# The country behind a name, which most texts leave out.
COUNTRY = re.compile(r"\s+(?:РФ|России|Российской\s+Федерации)$")
# Words that abbreviations pass over.
LITTLE = frozenset("и в во на по с со о об к от до из за для при имени им".split())
# Letters: two, or some with full stops, are the initials of too many, of persons as well («И. П.»).
MIN_LETTERS = 3
# Letters: fewer of a word are no syllable («Мин-пром-торг»).
MIN_SYLLABLE = 3
STEMS_OF_ORGANISATIONS = frozenset(stem for noun in ORGANISATIONS for stem in bare_terms(noun))
# What stands in brackets, and before them in the same line: names of institutions have up to 150 characters.
BRACKETS = re.compile(r"\((?:далее\s*[-–—:]?\s*)?([^()\n]{2,150})\)")
MAX_NAME_LENGTH = 150
# Words before a bracket that may be a name written out: the longest ministries have some ten.
MAX_WORDS = 12


class QuotedName(NamedTuple):
    """The key of a name in quotes, what stands before it, and whether that is a legal form."""

    key: str
    before: str | None
    is_legal: bool


@lru_cache(maxsize=16_384)  # the names of several years
def quoted_name(name: str) -> QuotedName | None:
    """Return what a name in quotes consists of: «Салют», АО «Салют», завод «Салют»; and of firms without them.

    АО Салют is one by its legal form; Волжский арматурный завод and Затвормаш, which are the same in quotes, by their
    words. «Арматура» is a thing, «Салют» may be one: without quotes they are no names of firms.
    """
    found = QUOTED.fullmatch(name)
    if not LETTER_OR_DIGIT.search(found["name"] if found else name):
        return None
    if found is not None and _is_one(found["name"]):
        before = tag_key(found["before"])
        legal = _legal_form(found["before"])
        return QuotedName(tag_key(found["name"]), legal or before or None, legal is not None)
    first, _, rest = name.partition(" ")
    if first in LEGAL_FORMS and found is None:
        if not LETTER_OR_DIGIT.search(rest):
            return None
        return QuotedName(tag_key(rest), first, is_legal=True)
    if found is None and kind_of(name) is Kind.ORGANISATION:
        return QuotedName(tag_key(name), None, is_legal=False)
    return None


def _is_one(inside: str) -> bool:
    """Tell whether what stands between the first and the last quote is one name: not «А» and «Б»."""
    depth = 0
    for sign in inside:
        depth += (sign in "«„") - (sign in "»”")
        if depth < 0:
            return False
    return '"' not in inside


def _legal_form(words: str) -> str | None:
    return words if words in LEGAL_FORMS else WRITTEN_OUT.get(tag_key(words))


@lru_cache(maxsize=16_384)
def is_same_name(one: str, other: str) -> bool:
    """Tell whether two names in the nominative, both of which stand for one address, are forms of one name."""
    if tag_key(one) == tag_key(other):
        return True
    first, second = quoted_name(one), quoted_name(other)
    if first and second:
        if first.before and second.before and first.before != second.before:
            return _is_expansion(one, other)
        if first.key == second.key:
            return True
    short, long = (COUNTRY.sub("", name) for name in (one, other))
    bare, other_bare = _without_legal_form(short, first), _without_legal_form(long, second)
    stems, other_stems = bare_terms(bare), bare_terms(other_bare)
    if not (stems and other_stems):
        return False
    if stems == other_stems or tag_slug(short, short) == tag_slug(long, long):
        return True
    is_person = first is None and second is None and _is_same_person(short, long)
    return is_person or _is_expansion(short, long) or _is_noun_more(bare, other_bare)


def _without_legal_form(name: str, quoted: QuotedName | None) -> str:
    return quoted.key if quoted and quoted.is_legal else name


def _is_expansion(one: str, other: str) -> bool:
    return is_abbreviation(one, other) or is_abbreviation(other, one)


def _is_noun_more(one: str, other: str) -> bool:
    """Tell whether one of two names has a noun for organisations more: завод «Салют», but not «Завод насосов»."""
    short, long = sorted((tag_key(one).split(), tag_key(other).split()), key=len)
    more = len(long) - len(short)
    return more > 0 and long[more:] == short and STEMS_OF_ORGANISATIONS.issuperset(bare_terms(" ".join(long[:more])))


def _is_same_person(one: str, other: str) -> bool:
    """Tell whether two names of persons are one: «И. Петров» and «Иван Сергеевич Петров», in any order."""
    if DIGIT.search(one + other):  # «Экспо 2019», «Экспо 2020»
        return False
    short, long = sorted((_parts(one), _parts(other)), key=len)
    if len(short) < 2 or not all(part[:1].isupper() for part in (*short, *long)):
        return False
    left = list(long)
    for part in sorted(short, key=len, reverse=True):
        fits = [one for one in left if one == part or (1 in (len(one), len(part)) and one[0] == part[0])]
        if not fits:
            return False
        left.remove(max(fits, key=len))
    # Initials alone are nobody.
    return any(len(part) > 1 and part in long for part in short)


def _parts(name: str) -> list[str]:
    return LETTERS.findall(name)


@lru_cache(maxsize=16_384)
def is_abbreviation(short: str, long: str) -> bool:
    """Tell whether a name is the abbreviation of another: ТПП, Минпромторг, НПО «Криоклапан»."""
    ends = QUOTED.fullmatch(short), QUOTED.fullmatch(long)
    if ends[0] and ends[1] and tag_key(ends[0]["name"]) == tag_key(ends[1]["name"]):
        return bool(ends[0]["before"]) and is_abbreviation(ends[0]["before"], ends[1]["before"])
    short, long = (COUNTRY.sub("", name) for name in (short, long))
    words = [word.casefold() for word in _parts(long)]
    told = [word for word in words if word not in LITTLE]
    if len(told) < 2 or len(short) >= len(long):
        return False
    letters = "".join(_parts(short))
    if len(letters) < MIN_LETTERS or "." in short:
        return False
    if letters.isupper():
        return letters.casefold() in {"".join(word[0] for word in some) for some in (told, words)}
    return short == letters and short[:1].isupper() and _is_made_of(letters.casefold(), told)


def _is_made_of(letters: str, words: list[str]) -> bool:
    """Tell whether letters are the beginnings of all words, one after another: мин, пром, торг."""
    # Where the words so far may end, each place once: of «аааа» there are too many ways to get there.
    ends = {0}
    for word in words:
        lengths = range(MIN_SYLLABLE, len(word) + 1)
        ends = {end + length for end in ends for length in lengths if letters.startswith(word[:length], end)}
    return len(letters) in ends


def abbreviations_in(text: str) -> set[tuple[str, str]]:
    """Return the abbreviations that a text explains, each with its expansion, as keys of names in the nominative.

    «Торгово-промышленной палаты (ТПП)» and «ТПП (Торгово-промышленная палата)» do so.
    """
    found = set()
    for match in BRACKETS.finditer(text):
        line = re.split(r"[()\n]", text[max(0, match.start() - MAX_NAME_LENGTH) : match.start()])[-1]
        words, inside = line.split()[-MAX_WORDS:], match[1].strip()
        if words and is_abbreviation(words[-1], inside):
            found.add((_key(words[-1]), _key(inside)))
        elif inside[:1].isupper():
            tails = (" ".join(words[-number:]) for number in range(2, len(words) + 1))
            if expansion := next((tail for tail in tails if is_abbreviation(inside, tail)), None):
                found.add((_key(inside), _key(expansion)))
    return found


def _key(name: str) -> str:
    return tag_key(nominative(name).name)
