"""Codes and short words for search: «DN500», «Ду 500», «30с41нж», «°C», «C++».

A code is the sequence of its numbers and letters, however they are parted: so it is found whole, as a phrase, and by
parts.
"""

from __future__ import annotations

from armcrawl.russian.look_alikes import TO_LATIN

# Letters: so short is what stands in codes, and what is typed with look-alike letters («ТУ», «нж», «мм»).
MAX_CODE = 3
# The trade's two names of one thing, in look-alike letters: the nominal diameter and the nominal pressure.
SYNONYMS = {"дy": "dn", "dy": "dn", "py": "pn"}
SIZES = frozenset(SYNONYMS.values())
DEGREE = "°c"


def letters_of_code(letters: str) -> str:
    """Return letters without forms as one writes them in codes, in look-alike Latin ones; synonyms are one."""
    latin = letters.translate(TO_LATIN)
    return SYNONYMS.get(latin, latin)
