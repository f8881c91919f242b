"""A breach: what pages show otherwise than they should, in figures and in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from armcrawl.checks.observing import NAMES_SITE, STORED
from armcrawl.checks.pictures import LONGER, SHORTER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Pages to be judged: with fewer, even a value on all of them might come from one rubric.
MIN_PAGES = 10
# Keys of pages that a breach names: from the beginning, the middle and the end.
EXAMPLES = 3
# What a reader misses, in the order in which it is told; all other measures say how that came.
ORDER = ("page", "title", "text", "date", "tags")
# What only says less of pages of which another breach, of this measure and on these pages, says more.
SAYS_LESS = {("page", "no article"): "page", ("title of other pages", "yes"): "title"}
# What pages do that show a value, in words.
WORDS = {
    ("title", NAMES_SITE): "have the name of the site as their title",
    ("title of other pages", "yes"): "have the title of another page",
    ("text", "missing"): "have no text",
    ("text of other pages", "yes"): "have the same text as another page",
    ("text cut off", "yes"): "end in the middle of the text",
    ("text in a wrong charset", "yes"): "have a text in a wrong charset",
    ("label without tags", "yes"): "have a label for tags, and no tags",
    ("day of most other pages", "yes"): "have the same date as half or more of the fifty pages before them",
    ("header in the text", "yes"): "have the site's header in their text",
    ("a paragraph twice", "yes"): "have a paragraph twice",
    ("a paragraph of other pages", "yes"): "have a paragraph that also stands on other pages",
    ("links of tags", "missing"): "have tags that are no links",
    ("date out of the order of ids", "yes"): "are dated long before the page with the next lower id",
    ("dated on the day of the fetch", "yes"): "are dated on the day on which they were read",
    ("number of words", LONGER): "have a longer text than usual",
    ("number of words", SHORTER): "have a shorter text than usual",
    ("number of title letters", LONGER): "have a longer title than usual",
    ("number of title letters", SHORTER): "have a shorter title than usual",
}


@dataclass(frozen=True, slots=True)
class Breach:
    """A value that has become too frequent, in one section or, where that is empty, on the whole site.

    Since the page where that most likely began, `first`, `pages` of `of` pages show it; in earlier runs its share was
    from `usual[0]` to `usual[1]`, between 0 and 1, which is None for what no site shows. `examples` are keys of pages
    that show it since. Of what the declaration's `[bounds]` ask for, `is_declared`, `usual` is what they allow.
    """

    measure: str
    value: str
    pages: int
    of: int
    usual: tuple[float, float] | None
    examples: tuple[str, ...]
    first: str
    section: str = ""
    is_declared: bool = False

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Breach:
        """Return the breach that is stored in a run's record."""
        usual = stored["usual"]
        return cls(**{**stored, "usual": usual and tuple(usual), "examples": tuple(stored["examples"])})

    def is_like(self, other: Breach) -> bool:
        """Tell whether both are about the same value of the same measure."""
        return (self.measure, self.value) == (other.measure, other.value)

    def tells_of(self, other: Breach) -> bool:
        """Tell whether another breach is about the same, in the same section or in one of all that this is about."""
        return self.is_like(other) and self.section in {"", other.section}

    @property
    def words(self) -> str:
        """What its pages do, in words."""
        return value_in_words(self.measure, self.value)

    def __str__(self) -> str:
        where = f" of {self.section}" if self.section else ""
        return (
            f"{self.pages} of {self.of} pages{where} {self.words} ({self.pages / self.of:.0%}, {self._usually()}), "
            f"since {self.first}, e.g. {', '.join(self.examples)}"
        )

    def _usually(self) -> str:
        if self.usual is None:
            return "which is right on no site"
        low, high = self.usual
        if self.is_declared:
            return f"declared at most {high:.0%}"
        return f"usually {low:.0%}" if round(low, 2) == round(high, 2) else f"usually {low:.0%} to {high:.0%}"

    @property
    def rank(self) -> tuple[int, float]:
        """By which breaches are told: first what a reader misses, then the most frequent."""
        # «date», and «date out of the order of ids», but not «dated on the day of the fetch».
        told = f"{self.measure} "
        about = next((place for place, name in enumerate(ORDER) if told.startswith(f"{name} ")), len(ORDER))
        return about, -self.pages / self.of


def plainest(breaches: Sequence[Breach]) -> list[Breach]:
    """Return the breaches that a person is told of: without those that only say less of the same pages."""

    def is_told(one: Breach) -> bool:
        by = SAYS_LESS.get((one.measure, one.value))
        says_more = (other for other in breaches if other.measure == by and not other.is_like(one))
        return not any(other.section in {"", one.section} for other in says_more)

    return list(filter(is_told, breaches))


def value_in_words(measure: str, value: str) -> str:
    """Return what pages do that show a value of a measure: «have no date»."""
    if found := WORDS.get((measure, value)):
        return found
    if value == "missing":
        return f"have no {measure}"
    if value == "there":
        return f"do have {measure}"
    if measure == "page":
        return "show no article" + (f" ({value})" if value not in {STORED, "no article"} else "")
    if measure.startswith("number of "):
        name = measure.removeprefix("number of ")
        return f"have {'more' if value == LONGER else 'fewer'} {name} than usual"
    if measure.startswith("method of "):
        return f"show their {measure.removeprefix('method of ')} otherwise («{value}»)"
    if measure.startswith("second witness of "):
        return f"state their {measure.removeprefix('second witness of ')} twice, and not the same"
    if measure == "prose left out":
        return f"leave {value} of their prose out of the text"
    return f"show «{value}» for «{measure}»"


def spread(keys: Sequence[str]) -> tuple[str, ...]:
    """Return a key from the beginning, the middle and the end."""
    picked = {0, len(keys) // 2, len(keys) - 1}
    return tuple(keys[index] for index in sorted(picked))[:EXAMPLES]
