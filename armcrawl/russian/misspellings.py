"""What a person may have meant who typed a word: one letter otherwise, or on the other keyboard layout."""

from __future__ import annotations

from armcrawl.russian.look_alikes import CYRILLIC

LETTERS = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
LATIN_LETTERS = "abcdefghijklmnopqrstuvwxyz"
LATIN_KEYS = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
CYRILLIC_KEYS = "ёйцукенгшщзхъфывапролджэячсмитьбю"
# Shifted keys: brackets and signs have other letters.
SHIFTED_LATIN, SHIFTED_CYRILLIC = '~QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>', CYRILLIC_KEYS.upper()
# Letters: hardly any word has more, and the longer one is, the more others there are.
MAX_LENGTH = 40
TO_CYRILLIC = str.maketrans(LATIN_KEYS + SHIFTED_LATIN, CYRILLIC_KEYS + SHIFTED_CYRILLIC)
TO_LATIN = str.maketrans(CYRILLIC_KEYS + SHIFTED_CYRILLIC, LATIN_KEYS + SHIFTED_LATIN)


def one_edit_away(word: str) -> list[str]:
    """Return what a word in small letters becomes by one edit: two letters swapped, another one, one more, one less.

    A word longer than MAX_LENGTH is pasted data, and becomes nothing.
    """
    if len(word) > MAX_LENGTH:
        return []
    word = word.replace("ё", "е")
    letters = LETTERS if CYRILLIC.search(word) else LATIN_LETTERS
    splits = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    swapped = [head + tail[1] + tail[0] + tail[2:] for head, tail in splits if len(tail) > 1]
    replaced = [head + letter + tail[1:] for head, tail in splits if tail for letter in letters]
    longer = [head + letter + tail for head, tail in splits for letter in letters]
    shorter = [head + tail[1:] for head, tail in splits if tail]
    return [other for other in dict.fromkeys((*swapped, *replaced, *longer, *shorter)) if other and other != word]


def other_layout(text: str) -> str:
    """Return what the same keys give on the other layout: «rkfgfy» is «клапан», «мфдму» is "valve"."""
    return text.translate(TO_LATIN if CYRILLIC.search(text.casefold()) else TO_CYRILLIC)
