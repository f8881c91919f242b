"""Words and their possible cases, by the dictionary of OpenCorpora (http://opencorpora.org)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from pymorphy3 import MorphAnalyzer
    from pymorphy3.analyzer import Parse
    from pymorphy3.tagset import OpencorporaTag

NOMINATIVE, GENITIVE, DATIVE, ACCUSATIVE, INSTRUMENTAL, PREPOSITIONAL = "nomn", "gent", "datv", "accs", "ablt", "loct"
# The dictionary's further cases, such as the second prepositional («в лесу»), and the main case for which each counts.
CASES = {"gen1": GENITIVE, "gen2": GENITIVE, "acc2": ACCUSATIVE, "loc1": PREPOSITIONAL, "loc2": PREPOSITIONAL}
PLURAL, SINGULAR = "plur", "sing"
# The dictionary's parts of speech that decline as adjectives: adjectives and participles.
ADJECTIVES = frozenset({"ADJF", "PRTF"})
NOUN = "NOUN"
NAMES = frozenset({"Name", "Surn", "Patr"})
# Superlatives, all of which end in -ший or -щий, in the nominative of the neuter, of women, and of many.
SUPERLATIVE = {"neut": "ее", "femn": "ая", PLURAL: "ие"}
SUPERLATIVE_ENDING = re.compile(r"(?:его|ему|ими|[иеы][йемхю]|им|ая|ую)$")
# Adjectives whose nominatives follow from the dictionary's form without inflecting, which takes 0.2 ms.
HARD = re.compile(r".(?:ый|ой|[гкх]ий)$")
# Endings that a word outside of the dictionary does not have in the nominative.
OBLIQUE_ENDING = re.compile(r"(?:[оеё]м|[ая]ми|[ая]х|[оеё]го|[оеё]му|[ыи]ми)$")
# Nouns printed in -ье keep it, though the dictionary has them as forms of those in -ие: «печенья», «ущельем».
WITH_SOFT_SIGN = re.compile(r"ь(?:[еёюя]|[её]м|ям|ями|ях)$")
# What may be a word. The analyzer fails on letters that Unicode has no name for, all of which are beyond the Cyrillic ones.
# No Russian word has more than 64 letters, and none that we know more than five parts; each part costs time.
WRITTEN = re.compile(r"(?=.{1,64}$)[0-9a-z\u00df-\u052f.'’‐‑]*(?:-[0-9a-z\u00df-\u052f.'’‐‑]*){0,4}")
# Letters of what may be a word and no mark of a model: «Редуктор-М».
MIN_WORD = 4
PREPOSITIONS = frozenset("на под при у в над за".split())
# Names of authorities and firms made of syllables; their last part is a word, and declines: «Роструд», «Алроса».
SYLLABIC = re.compile(
    r"(ал(?=рос)|зарубеж|рос|мин|гос|мос|сов|глав|центр|рус|тат|баш|сиб|урал|нефте|газ|тех|пром|энерго|спец|интер)(.{3,})"
)
# That of ministries, and what the nouns end in of which these are printed in the genitive.
MINISTRY, VOWELS = "мин", tuple("аяое")
# Beginnings of such names that the dictionary has with another lemma.
WRONG = ("алрос",)


@dataclass(frozen=True, slots=True)
class WordForm:
    """One reading of a word; `probability` is its share, from 0 to 1, among all readings in a corpus.

    `gender` is None for the plural, and for words of either gender. `before` are the parts before a hyphen: forms of
    those that agree with the main part, and texts of the others. `last` is a part after the main one: a text that does
    not decline (with its hyphen), or an adjective that agrees. `guessed` is a nominative that no dictionary has.
    `is_known` tells whether the dictionary has the word; others are read like known ones with the same ending.
    """

    part: str
    case: str
    number: str
    gender: str | None
    animate: bool | None
    marks: AbstractSet[str]
    probability: float
    lemma: str
    parse: Parse
    is_known: bool
    before: tuple[WordForm | str, ...] = ()
    last: WordForm | str = ""
    guessed: str = ""

    @property
    def is_name(self) -> bool:
        """Whether it is a first name, a patronymic or a surname."""
        return not NAMES.isdisjoint(self.marks)

    @property
    def is_noun(self) -> bool:
        """Whether it is a noun, which may be the head of a phrase."""
        return self.part == NOUN

    @property
    def is_adjective(self) -> bool:
        """Whether it is an adjective or a participle, which agrees with a noun."""
        return self.part in ADJECTIVES

    @property
    def is_guess(self) -> bool:
        """Whether neither the dictionary nor the parts of the word tell how it declines, but its ending alone."""
        return not self.is_known and not self.guessed and not self.before

    def nominative(self, number: str, gender: str | None = None) -> str | None:
        """Return the word in the nominative, lower case; None if it has no such form."""
        return _inflected(self, number, gender)


def is_word(word: str) -> bool:
    """Tell whether the dictionary has a lower-case word; this takes a hundredth of what its readings take."""
    return bool(analyzer().word_is_known(word))


@lru_cache(maxsize=16_384)  # the words of a newsroom's names and tags
def forms_of(word: str) -> tuple[WordForm, ...]:
    """Return the nouns and adjectives that a lower-case word may be, the likeliest first; none of what is no word."""
    if not WRITTEN.fullmatch(word):
        return ()
    is_known = analyzer().word_is_known(word)
    if "-" in word and not is_known:
        return _compound(word)
    if (
        (match := SYLLABIC.fullmatch(word))
        and (not is_known or word.startswith(WRONG))
        and (tail := _tail(*match.groups()))
    ):
        return tail
    found = []
    for parse in analyzer().parse(word):
        if traits := _traits(parse.tag):
            lemma, is_known = parse.normal_form, bool(parse.is_known)
            found.append(WordForm(*traits, parse.score, lemma, parse, is_known))
    return tuple(found)


@lru_cache(maxsize=1024)  # the tags of nouns and adjectives; each attribute is a search among a tag's grammemes
def _traits(tag: OpencorporaTag) -> tuple[str, str, str, str | None, bool | None, AbstractSet[str]] | None:
    """Return part, case, number, gender, animacy and marks of a noun or adjective, None for anything else."""
    part, case = tag.POS, CASES.get(tag.case, tag.case)
    if (part != NOUN and part not in ADJECTIVES) or case is None or case == "voct":
        return None
    number, marks = tag.number or SINGULAR, frozenset(tag.grammemes)
    gender = None if number == PLURAL or "ms-f" in marks else tag.gender
    animate = True if "anim" in marks else False if "inan" in marks else None
    return part, case, number, gender, animate, marks


def _tail(first: str, last: str) -> tuple[WordForm, ...]:
    """Return the readings of a name made of syllables, which declines as its last part does."""
    found = []
    for form in forms_of(last) if analyzer().word_is_known(last) else ():
        if not form.is_noun or form.is_name or not (nominative := form.nominative(form.number)):
            continue
        case = form.case
        if first == MINISTRY and form.number == SINGULAR and nominative.endswith(VOWELS):
            # A ministry is one of something: «Минцифры» does not decline, whoever prints «Минцифре».
            genitive = form.parse.inflect(frozenset({GENITIVE, SINGULAR}))
            nominative = nominative if genitive is None else str(genitive.word)
            case = NOMINATIVE if case == GENITIVE else case
        found.append(replace(form, case=case, lemma=first + form.lemma, guessed=first + nominative, is_known=False))
    return tuple(found)


def _compound(word: str) -> tuple[WordForm, ...]:
    """Return the readings of a word with a hyphen: both parts («завода-изготовителя») or one («арматек-сервиса») decline."""
    *first, last = word.split("-")
    if len(first) > 1 and first[1] in PREPOSITIONS:
        # «Камня-на-Оби»: what follows the preposition stays.
        rest = word[len(first[0]) :]
        towns = [form for form in forms_of(first[0]) if form.is_noun]
        # «Гаврилова-на-Истре» is no woman's surname.
        return tuple(replace(form, last=rest) for form in towns if form.gender == "masc" or not form.is_name)
    found = []
    for form in forms_of(last):
        before: list[WordForm | str] = []
        for part in first:
            same = (other for other in forms_of(part) if other.is_noun and _agree(other, form))
            before.append(next(same, part) if form.is_noun else part)
        found.append(replace(form, before=tuple(before), lemma="-".join((*first, form.lemma))))
    head = forms_of(first[0]) if len(first) == 1 else ()
    if places := _places(head, forms_of(last)):
        return places
    if len(last) >= MIN_WORD and any(isinstance(part, WordForm) for form in found for part in form.before):
        # Both decline: «инженера-конструктора».
        return tuple(found)
    may_stand = not found or any(form.case == NOMINATIVE for form in found)
    if head and may_stand and not any(form.case == NOMINATIVE for form in head):
        # «Редуктором-М», «Электроприводом-Ока»: the name after the hyphen does not decline. Nor does an unknown part before
        # a word, unless its ending shows that it does: «Онего-Затвор», «Шексна-Литьё».
        may_decline = not found or head[0].is_known or (head[0].is_noun and OBLIQUE_ENDING.search(first[0]))
        declined = [form for form in head if may_decline and form.is_noun and not form.is_name]
        return tuple(replace(form, last=f"-{last}") for form in declined) or tuple(found)
    return tuple(found)


def _places(head: tuple[WordForm, ...], adjectives: tuple[WordForm, ...]) -> tuple[WordForm, ...]:
    """Return the readings of a place with an adjective after its hyphen: «Каменск-Уральский»."""
    return tuple(
        replace(form, last=adjective)
        for form in head
        if form.is_known and "Geox" in form.marks
        for adjective in adjectives
        if adjective.is_adjective and _agree(form, adjective) and adjective.gender == form.gender
    )


def _agree(one: WordForm, other: WordForm) -> bool:
    return (one.case, one.number) == (other.case, other.number)


@lru_cache(maxsize=16_384)
def _inflected(form: WordForm, number: str, gender: str | None) -> str | None:
    wanted = {NOMINATIVE, number}
    if form.is_adjective and gender is not None and number == SINGULAR:
        wanted.add(gender)
    if (own_form := _own_nominative(form, wanted)) is None:
        return None
    if WITH_SOFT_SIGN.search(form.parse.word):
        own_form = re.sub(r"и([ея])$", r"ь\1", own_form)
    before = (part if isinstance(part, str) else part.nominative(number) or part.parse.word for part in form.before)
    own = "-".join((*before, own_form))
    if isinstance(form.last, str):
        return own + form.last
    return f"{own}-{form.last.nominative(number, form.gender) or form.last.parse.word}"


def _own_nominative(form: WordForm, wanted: set[str]) -> str | None:
    if form.guessed:
        return form.guessed
    if "Supr" in form.marks:
        # The dictionary has «высшим» as a form of «высокий», whose superlative is «высочайший».
        ending = next((SUPERLATIVE[mark] for mark in wanted if mark in SUPERLATIVE), "ий")
        return SUPERLATIVE_ENDING.sub(ending, form.parse.word)
    if form.part == "ADJF" and HARD.search(lemma := str(form.parse.normal_form)):
        many = "ие" if lemma[-3] in "гкхжшчщ" else "ые"
        ending = many if PLURAL in wanted else "ое" if "neut" in wanted else "ая" if "femn" in wanted else lemma[-2:]
        return lemma[:-2] + ending
    # The normal form of a noun in the singular is its nominative, except for women's surnames and patronymics.
    if form.is_noun and SINGULAR in wanted and form.number == SINGULAR and not form.marks & {"Surn", "Patr"}:
        return str(form.parse.normal_form)
    inflected = form.parse.inflect(frozenset(wanted))
    return None if inflected is None else str(inflected.word)


def printed_like(printed: str, form: str) -> str:
    """Return a lower-case form spelt like the printed word, as far as both agree.

    So «РусГидрой» keeps its capitals, and «Королеву» its е instead of ё.
    """
    ours, theirs = printed.split("-"), form.split("-")
    return "-".join(map(_part_like, ours, theirs)) if len(ours) == len(theirs) else _part_like(printed, form)


def _part_like(printed: str, form: str) -> str:
    shared = 0
    for ours, theirs in zip(printed.casefold(), form, strict=False):
        if ours != theirs and {ours, theirs} != {"е", "ё"}:
            break
        shared += 1
    if "ё" in printed.casefold():
        # Who prints ё prints it everywhere: «сестёр» is of «сёстры».
        beginning = "".join(map(_in_case_of, form, printed[:shared]))
        ending = form[shared:]
    else:
        beginning, ending = printed[:shared], form[shared:].replace("ё", "е")
    is_upper = len(printed) > 1 and printed.isupper()
    return beginning + (ending.upper() if is_upper else ending)


def _in_case_of(letter: str, printed: str) -> str:
    return letter.upper() if printed.isupper() else letter


@lru_cache(maxsize=1)
def analyzer() -> MorphAnalyzer:
    """Return the dictionary, opened once."""
    # Imported when first needed: it takes 0.2 s and 30 MB, and most commands name no tag.
    from pymorphy3 import MorphAnalyzer

    return MorphAnalyzer(lang="ru")
