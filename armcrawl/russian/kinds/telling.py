"""What a name names: one rule after another, the surest first, until one tells."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

from armcrawl.items import Kind
from armcrawl.russian.kinds.heads import by_head, is_common
from armcrawl.russian.kinds.signs import (
    ABBREVIATION,
    CAPITAL,
    CYRILLIC,
    QUOTES,
    by_form,
    by_model,
    by_shape,
    by_sign,
    by_words,
)
from armcrawl.russian.kinds.words import kind_words
from armcrawl.russian.names.morphology import forms_of
from armcrawl.russian.names.persons import read_person

# Characters: the longest names of institutions have some 150.
MAX_NAME_LENGTH = 200
WORD = re.compile(r"\w")
QUOTED = re.compile(r"(?P<before>[^«„“\"]*)[«„“\"](?P<inside>.+?)[»”“\"]*")
# «Нефтегаз-2023», «PCVExpo 2022»: who or what has a year is an occasion, but for plans and elections.
YEARLY = re.compile(r"(?P<name>.+?)(?P<dash>\s?[-–—]\s?|\s)(?:19|20)\d\d(?:\s?(?:г\.|год))?")
# «IV Международный форум», «28-я выставка»
ORDINAL = re.compile(r"^(?:[IVXLХ]+|\d+-[а-я]{1,2})\s+")
RELEASE = re.compile(r"(.+?) \d[\d.]*")
# Words of names of plans, which have the year that they are for.
PLAN = re.compile(r"(?:стратеги|бюджет|программ|план|итог|прогноз|выбор|закон|егэ|нацпроект|повестк)", re.IGNORECASE)
CODES_OF_LAW = re.compile(r"(?:УК|ТК|ГК|СК|НК|УПК|ГПК|АПК|КоАП) РФ")


def kind_of(name: str, *, address: str | None = None, attributed: bool = False) -> Kind | None:
    """Return the kind of what a name in the nominative names, or None where that is not certain.

    Where the name does not tell, `address`, the page that it links to, may; and a name that an attribution names
    (`attributed`) is an organisation's. It raises nothing.
    """
    if (told := _kind_of_name(name)) is not None:
        return told
    if address and (told := _kind_by_address(address)) is not None:
        return told
    return Kind.ORGANISATION if attributed and CAPITAL.match(name) else None


def _kind_by_address(address: str) -> Kind | None:
    try:
        *folders, last = urlsplit(address).path.casefold().strip("/").split("/")
    except ValueError:
        return None
    known = kind_words().addresses
    # «/companies/salut/», and «/organization_salut/».
    words = (*folders, last.partition("_")[0] if "_" in last else "")
    return next((known[word] for word in reversed(words) if word in known), None)


@lru_cache(maxsize=16_384)  # as many as names in the nominative
def _kind_of_name(name: str) -> Kind | None:
    name = ORDINAL.sub("", " ".join(name.split()))
    if len(name) > MAX_NAME_LENGTH or not WORD.search(name):
        return None
    rules = (_by_list, by_sign, _by_year, by_model, by_form, by_words, _by_person, _by_quotes, by_head, by_shape)
    return next((kind for rule in rules if (kind := rule(name)) is not None), None)


def _by_list(name: str) -> Kind | None:
    plain = QUOTES.sub("", name)
    if CODES_OF_LAW.fullmatch(plain):
        return Kind.TOPIC
    if (kind := kind_words().names.get(plain)) is not None:
        return kind
    first, _, rest = plain.partition(" ")
    if rest and kind_words().names.get(first) is Kind.EVENT:
        return Kind.EVENT
    release = RELEASE.fullmatch(plain)
    if release and kind_words().names.get(release[1]) is Kind.PRODUCT:
        return Kind.PRODUCT
    # In another letter case, unless a common word is spelt so: «газпром», but not «лента».
    kind = kind_words().folded.get(plain.casefold())
    return None if kind is None or any(map(is_common, forms_of(plain.casefold()))) else kind


def _by_year(name: str) -> Kind | None:
    match = YEARLY.fullmatch(QUOTES.sub("", name))
    if match is None or not CAPITAL.match(match["name"]):
        return None
    if PLAN.match(match["name"]):
        return Kind.TOPIC
    is_one = match["dash"].strip() or not CYRILLIC.search(match["name"])
    return Kind.EVENT if is_one or _kind_of_name(match["name"]) is Kind.EVENT else None


def _by_person(name: str) -> Kind | None:
    words = tuple(name.split())
    found = read_person(words)
    return Kind.PERSON if found and found.words == words else None


def _by_quotes(name: str) -> Kind | None:
    match = QUOTED.fullmatch(name)
    if match is None:
        return None
    before, inside = match["before"].strip(), QUOTES.sub("", match["inside"])
    if not before:
        return Kind.EVENT if _kind_of_name(inside) is Kind.EVENT else Kind.ORGANISATION
    if ABBREVIATION.fullmatch(before.split()[-1]):
        return kind_words().names.get(before) or Kind.ORGANISATION
    return None
