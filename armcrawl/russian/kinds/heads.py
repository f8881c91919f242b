"""The noun at the head of a name: what it says of the name's kind, together with what stands beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from armcrawl.items import Kind
from armcrawl.russian.kinds.signs import CAPITAL, MIN_TOPIC_LENGTH, QUOTES, TWO_NOUNS
from armcrawl.russian.kinds.words import kind_words
from armcrawl.russian.names.morphology import NOMINATIVE, PLURAL, SINGULAR, forms_of
from armcrawl.russian.names.phrase_heads import ENDING_OF_MASS

if TYPE_CHECKING:
    from armcrawl.russian.names.morphology import WordForm

# Letters: shorter ends of a word are another word by chance, «шина» in «машина».
MIN_PART_LENGTH = 6
# Subjects, beside the nouns that cannot be counted.
ABSTRACT = re.compile(r"(?:[тн]ика|изм|тура|терапия|номия|педия|иатрия)$")
# What is made to do something: «расходомер», «осциллограф»; nouns for persons with these endings are animate.
INSTRUMENT = re.compile(
    r"(?:..[аи]т|сс)ор$|(?:.{3}[ое]мер|(?<!кил)ометр|(?<!пара)граф|скоп|привод|насос|клапан|кран|двигатель|датчик|станок|агрегат|арматура|оборудование|прибор)$"
)
# What places are told apart by: «Южная Корея», «Верхняя Пышма»; «Деловая Россия» is a union.
GEOGRAPHIC = re.compile(
    r"^(?:север|юж|юго|запад|восто|центр|нов|стар|велик|верх|нижн|средн|больш|мал|дальн|ближн|красн|бел|ч[её]рн|сух|набережн|минеральн|древн|народн)|[сц]к(?:ий|ая|ое|ие)$",
    re.IGNORECASE,
)
PROPER_WORD = re.compile(r"[А-ЯЁ][а-яё]{2,}")
# «Российские», «Ижорские», «Омская»
OF_A_PLACE = re.compile(r"[сц]к(?:ий|ая|ое|ие)$")


class Phrase(NamedTuple):
    """A name, by its head: the adjectives before it, the words after it, and how both are printed."""

    head: WordForm
    before: list[str]
    after: list[str]
    is_small: bool
    is_quoted: bool

    @property
    def is_alone(self) -> bool:
        """Whether the name is one word."""
        return not self.before and not self.after

    @property
    def has_name(self) -> bool:
        """Whether a proper name follows the head."""
        return self.is_quoted or any(map(CAPITAL.match, self.after))

    @property
    def is_proper(self) -> bool:
        """Whether a proper name is beside the head."""
        return self.has_name or bool(self.before and not self.is_small)

    @property
    def is_many(self) -> bool:
        """Whether the head is in the plural."""
        return self.head.number == PLURAL

    def is_of_a_firm(self, kind: Kind) -> bool:
        """Tell whether a product or a subject with a capital rather is the name of a firm: «Невский затвор», «Самолёт»."""
        if self.is_small:
            return False
        if self.before:
            is_of_a_place = OF_A_PLACE.search(self.before[0]) is not None
            return self.has_name or (is_of_a_place and (kind is Kind.PRODUCT or self.is_many))
        is_one = self.is_alone and not self.is_many and "Sgtm" not in self.head.marks
        return kind is Kind.PRODUCT and (is_one or any(map(PROPER_WORD.fullmatch, self.after)))

    def is_in(self, group: str) -> bool:
        """Tell whether the head is one of a group of nouns."""
        return self.head.lemma in kind_words().groups[group]


def by_head(name: str) -> Kind | None:
    """Tell by the noun at the head; a common one makes a name only beside a proper one: «парк вагонов» is a subject."""
    words = QUOTES.sub(" ", name).split()
    if len(words) == 1 and TWO_NOUNS.fullmatch(words[0]) and not _is_known(words[0]):
        return Kind.ORGANISATION
    head, at = _head(words)
    if head is None:
        return None
    phrase = Phrase(head, words[:at], words[at + 1 :], CAPITAL.match(name) is None, QUOTES.search(name) is not None)
    if "Orgn" in head.marks and phrase.is_alone:
        return Kind.ORGANISATION
    kind = _kind_of_noun(head, is_small=phrase.is_small)
    if kind is not Kind.PRODUCT and (named := _by_proper_head(phrase, words[at])) is not None:
        return named
    kind = _by_common_head(phrase, kind) if kind is not None or is_common(head) else _by_grammemes(phrase)
    return None if kind is Kind.TOPIC and not head.is_known and len(name) < MIN_TOPIC_LENGTH else kind


def _by_proper_head(phrase: Phrase, printed: str) -> Kind | None:
    """Tell names that are made of common words: «Ижорские заводы», «Сосновый Бор»."""
    if phrase.is_small or not phrase.before or phrase.after:
        return None
    if phrase.is_in("served") and OF_A_PLACE.search(phrase.before[0]):
        return Kind.ORGANISATION
    return Kind.PLACE if phrase.is_in("settlements") and CAPITAL.match(printed) else None


def _by_common_head(phrase: Phrase, kind: Kind | None) -> Kind | None:
    """Return what a phrase names whose head is a noun of some kind, if that is known."""
    if phrase.is_in("occasions"):
        return Kind.EVENT if phrase.is_proper else Kind.TOPIC
    if kind is Kind.ORGANISATION and phrase.is_alone and not phrase.is_small and not phrase.head.is_known:
        return kind
    if kind is Kind.ORGANISATION:
        is_body = phrase.is_in("bodies") if phrase.is_small else not phrase.is_in("loose")
        is_named = phrase.is_proper or (is_body and (phrase.before or phrase.after))
        return kind if is_named and not phrase.is_many else _subject(phrase)
    if kind is Kind.PLACE:
        is_named = phrase.has_name if phrase.is_in("apposed") else phrase.is_proper
        return kind if is_named and not phrase.is_many else _subject(phrase)
    if kind in (Kind.PRODUCT, Kind.TOPIC) and phrase.is_of_a_firm(kind):
        return None
    return kind or _subject(phrase)


def _subject(phrase: Phrase) -> Kind | None:
    """Return the kind of a common noun: a subject in small letters, and in the plural, in which hardly any name is."""
    is_rubric = phrase.is_many and phrase.head.is_known and not phrase.is_proper
    return Kind.TOPIC if phrase.is_small or is_rubric or (phrase.is_in("loose") and not phrase.is_proper) else None


def _by_grammemes(phrase: Phrase) -> Kind | None:
    """Tell proper names by what the dictionary says of their head."""
    head = phrase.head
    if "Orgn" in head.marks:
        return Kind.ORGANISATION
    if "Geox" in head.marks and head.is_known and (not phrase.after or phrase.after[0].startswith("(")):
        is_shared = phrase.is_alone and phrase.is_in("shared")
        return Kind.PLACE if not is_shared and all(map(GEOGRAPHIC.search, phrase.before)) else None
    if not phrase.is_alone or not head.is_known:
        return None
    is_surname = all("Surn" in form.marks for form in _nominatives(head.parse.word))
    return Kind.PERSON if is_surname else None


def _head(words: list[str]) -> tuple[WordForm | None, int]:
    """Return the first noun in the nominative, before which only adjectives stand, if any; and where it stands."""
    for at, word in enumerate(words):
        is_capital = CAPITAL.match(word) is not None
        forms = _nominatives(word)
        nouns = [form for form in forms if form.is_noun]
        # In small letters a name is one only where no common word is spelt so: «китай».
        nouns = nouns if is_capital else [form for form in nouns if is_common(form)] or nouns
        is_before = any(form.is_adjective and "Fixd" not in form.marks for form in forms)
        if nouns and not (is_before and at + 1 < len(words) and _nominatives(words[at + 1])):
            named = [form for form in nouns if not is_common(form)] if is_capital else []
            return (named or nouns)[0], at
        if not is_before:
            break
    return None, 0


def _nominatives(word: str) -> list[WordForm]:
    return [form for form in forms_of(word.casefold()) if form.case == NOMINATIVE]


def _kind_of_noun(head: WordForm, *, is_small: bool) -> Kind | None:
    """Return the kind of what a noun names, by its dictionary's form, or by its last part: «завод», «госагентство»."""
    heads, lemma = kind_words().heads, head.lemma
    first, _, last = lemma.rpartition("-")
    if kind := next((heads[part] for part in (lemma, last, first) if part in heads), None):
        return kind
    ends = (lemma[start:] for start in range(1, len(lemma) - MIN_PART_LENGTH + 1))
    kind = next((heads[end] for end in ends if end in heads), None)
    if kind is Kind.ORGANISATION or (kind and (is_small or head.is_known)):
        return kind
    if kind is Kind.PRODUCT and head.number == SINGULAR:
        # A word with a capital that no dictionary has is what a firm is called after its product: «Вятрегулятор».
        return Kind.ORGANISATION
    if head.is_name or "Geox" in head.marks or not (is_small or head.is_known):
        return None
    if INSTRUMENT.search(lemma) and not head.animate:
        return Kind.PRODUCT
    return Kind.TOPIC if ENDING_OF_MASS.search(lemma) or ABSTRACT.search(lemma) else None


def _is_known(word: str) -> bool:
    """Tell whether the dictionary has a word as a whole, and not only its parts."""
    return any(form.is_known and not form.before for form in forms_of(word.casefold()))


def is_common(form: WordForm) -> bool:
    """Tell whether a word is no proper name by the dictionary."""
    return form.is_known and not form.is_name and not {"Geox", "Orgn", "Abbr"} & form.marks
