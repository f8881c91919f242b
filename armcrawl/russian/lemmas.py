"""Words by the dictionary: one name for all words that are written alike in some form, and the names of a word's forms.

A form may belong to several lemmas: «стали» to «сталь» and «стать». A text has one token for each word, which names
all of them (`сталь_стать`); a query looks for the tokens of all forms of the lemmas of its word. So nothing has to be
guessed about a text, and a phrase stays a phrase on every database.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from pymorphy3.lang.ru import KNOWN_PREFIXES

from armcrawl.russian.names.morphology import NAMES, analyzer
from armcrawl.russian.terms import stem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pymorphy3.analyzer import Parse
    from pymorphy3.tagset import OpencorporaTag

# A lemma that has less of a form's occurrences is not meant by it: «или» is no form of «ил». Rarer than that a corpus
# of news has «стали» as steel at 0.025.
MIN_SHARE = 0.02
# What does not inflect, or nobody looks for in another form: «ту» may be «ТУ».
WITHOUT_FORMS = frozenset({"PREP", "CONJ", "PRCL", "INTJ", "NPRO"})
PRONOUN, ABBREVIATION, FIXED, IMPERATIVE = "Apro", "Abbr", "Fixd", "impr"
NOUN, NOMINAL = "NOUN", frozenset({"NOUN", "ADJF", "ADJS"})
# Readings that give way to a noun that the corpus has as often: a participle that became one («данные»), a short
# adjective that nobody says («кранов» of «крановый»); not «готов», which is hardly of Goths.
BESIDE_NOUN = frozenset({"PRTF", "ADJS"})
# Letters of a compound's first part, and of its last one, which the dictionary has: «трубо-прокат», «газо-труба».
MIN_HEAD, MIN_TAIL, MIN_LEMMA = 3, 4, 5
LINKING = ("о", "е")
# Letters that are left of a stem which is cut once more; too many names have a shorter one in common.
MIN_ROOT = 4
# Between the lemmas of a token, and behind the root of an unknown word that is a known one; no word has it.
BETWEEN = "_"
# Forms that begin with a prefix, which are looked at in 20 ms; of a shorter prefix the tokens begin with it as well.
MAX_FORMS = 2_000


@lru_cache(maxsize=65_536)  # a newsroom uses some ten thousand forms
def token_of(word: str) -> str:
    """Return the token of a word in small letters with е for ё: its lemmas, or else its root."""
    if found := lemmas(word):
        return BETWEEN.join(found)
    return word if analyzer().word_is_known(word) else _root(word)


@lru_cache(maxsize=4096)  # the words of queries
def tokens_like(word: str) -> tuple[str, ...]:
    """Return the tokens of all forms of all lemmas of a word, its own first."""
    found = {token_of(word): None}
    for lemma in lemmas(word):
        found |= dict.fromkeys(sorted({token_of(form) for form in _forms(lemma) if lemma in lemmas(form)}))
    return tuple(found)


@lru_cache(maxsize=1024)
def tokens_beginning(prefix: str) -> tuple[str, ...]:
    """Return the tokens of a prefix and of words that begin with it, as far as they begin otherwise: «станк» for «станок»."""
    # The dictionary writes ё.
    written = [prefix, *(f"{prefix[:at]}ё{prefix[at + 1 :]}" for at, letter in enumerate(prefix) if letter == "е")]
    words = [word for one in written for word in islice(analyzer().dictionary.words.iterkeys(one), MAX_FORMS + 1)]
    if len(words) > MAX_FORMS:
        return ()
    found = {token_of(word.replace("ё", "е")) for word in (prefix, *words)}
    return tuple(sorted(token for token in found if not token.startswith(prefix)))


@lru_cache(maxsize=65_536)
def lemmas(word: str) -> tuple[str, ...]:
    """Return the lemmas that a word may be a form of, in order; none for function words, abbreviations, unknown words."""
    if analyzer().word_is_known(word):
        return tuple(sorted({_plain(parse.normal_form) for parse in _readings(word)}))
    head, tail = _parts(word)
    return tuple(sorted({head + lemma for lemma in _tails(tail)})) if tail else ()


class _Traits(NamedTuple):
    """What is asked of a tag of the dictionary."""

    part: str | None
    inflects: bool
    is_abbreviation: bool
    is_fixed: bool
    is_imperative: bool


@lru_cache(maxsize=8_192)  # all tags that the dictionary has: pymorphy looks each of these up anew
def _traits(tag: OpencorporaTag) -> _Traits:
    inflects = tag.POS not in WITHOUT_FORMS and PRONOUN not in tag
    return _Traits(tag.POS, inflects, ABBREVIATION in tag, FIXED in tag, IMPERATIVE in tag)


def _readings(word: str) -> list[Parse]:
    """Return what a word of the dictionary may be, without what it hardly is."""
    shares: dict[str, float] = {}
    parses = [(parse, traits) for parse in analyzer().parse(word) if _inflects(parse, traits := _traits(parse.tag))]
    for parse, _ in parses:
        shares[parse.normal_form] = shares.get(parse.normal_form, 0.0) + parse.score
    likely = [(parse, traits) for parse, traits in parses if shares[parse.normal_form] >= MIN_SHARE]
    noun = max((parse.score for parse, traits in likely if traits.part == NOUN), default=0.0)
    likely = [(parse, traits) for parse, traits in likely if traits.part not in BESIDE_NOUN or parse.score > noun]
    # The press orders nobody: «цели» are goals.
    return [parse for parse, traits in likely if not traits.is_imperative] or [parse for parse, _ in likely]


def _inflects(parse: Parse, traits: _Traits) -> bool:
    if traits.is_abbreviation and (traits.is_fixed or len(parse.word) < len(parse.normal_form)):  # «ТУ»; «гг.»
        return False
    return traits.inflects


def _forms(lemma: str) -> Iterator[str]:
    """Yield the forms of a lemma."""
    head, tail = ("", lemma) if analyzer().word_is_known(lemma) else _parts(lemma)
    for parse in analyzer().parse(tail) if tail else ():
        if _plain(parse.normal_form) == tail:
            yield from (head + _plain(form.word) for form in parse.lexeme)


def _root(word: str) -> str:
    """Return what no ending is left of: «Росатом» ends as an instrumental does, «Росатома» is «росатом» without its own.

    A root that is a word of the dictionary is marked: «Метран» has nothing to do with metres.
    """
    root = stem(word)
    while len(shorter := stem(root)) >= MIN_ROOT and shorter != root:
        root = shorter
    return root + BETWEEN if analyzer().word_is_known(root) else root


@lru_cache(maxsize=16_384)  # words that no dictionary has are names, each in a few articles
def _parts(word: str) -> tuple[str, str]:
    """Split a compound before the longest noun or adjective of the dictionary; two empty parts for what is none."""
    for at in range(MIN_HEAD, len(word) - MIN_TAIL + 1):
        head, tail = word[:at], word[at:]
        if (head.endswith(LINKING) or head in KNOWN_PREFIXES) and _tails(tail):
            return head, tail
    return "", ""


def _tails(word: str) -> list[str]:
    """Return the lemmas that the last part of a compound may have."""
    if not analyzer().word_is_known(word):
        return []
    found = [parse for parse in _readings(word) if parse.tag.POS in NOMINAL and NAMES.isdisjoint(parse.tag.grammemes)]
    return [lemma for lemma in (_plain(parse.normal_form) for parse in found) if len(lemma) >= MIN_LEMMA]


def _plain(word: str) -> str:
    return word.replace("ё", "е")
