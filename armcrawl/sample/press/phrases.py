"""Sentence parts become sentences: wordings are chosen, and slots filled with words in the case that they ask for."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import TYPE_CHECKING, Any

from armcrawl.sample.press.own import press_folder

if TYPE_CHECKING:
    from random import Random

CHOICE = re.compile(r"\[([^\[\]]*)\]")
SLOT = re.compile(r"\{(\w+)(?:\.(\w+))?(?::([\d.]+)-([\d.]+))?\}")
MONTHS = {
    "n": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь".split(),
    "r": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split(),
    "d": "январю февралю марту апрелю маю июню июлю августу сентябрю октябрю ноябрю декабрю".split(),
    "p": "январе феврале марте апреле мае июне июле августе сентябре октябре ноябре декабре".split(),
}
MONTHS["v"] = MONTHS["n"]
DIAMETERS = (15, 25, 32, 50, 80, 100, 150, 200, 250, 300, 350, 400, 500, 600, 700, 800, 1000, 1200)
SHARES = ("третья", "четвёртая", "пятая", "шестая", "десятая", "двадцатая")


@cache
def parts(name: str) -> dict[str, Any]:
    """Read one file of sentence parts."""
    return tomllib.loads((press_folder() / "parts" / f"{name}.toml").read_text(encoding="utf-8"))


class Writer:
    """Writes the sentences of one article: who and what it is about stays the same throughout."""

    def __init__(self, random: Random, month: int) -> None:
        """Choose whom and what to write of; `month` is when it is written."""
        self.random = random
        self.numbers: dict[str, str] = {}
        words = parts("words")
        self.firm_names = random.sample(words["firms"], 2)
        generics = random.sample(words["generics"], 2)
        cities, products = random.sample(words["cities"], 2), random.sample(words["products"], 2)
        troubles = random.sample(words["troubles"], 2)
        later = month + random.randint(1, 5)
        self.city, self.product, self.person = cities[0]["n"], products[0]["tag"], self._person()
        self.words: dict[str, dict[str, str]] = {
            "firm": _named(generics[0], self.firm_names[0]),
            "firm2": _named(generics[1], self.firm_names[1]),
            "name": {"n": f"«{self.firm_names[0]}»"},
            "name2": {"n": f"«{self.firm_names[1]}»"},
            "city": cities[0],
            "city2": cities[1],
            "products": products[0],
            "products2": products[1],
            "ed": {"n": products[0]["ed"]},
            "machine": random.choice(words["machines"]),
            "customer": random.choice(words["customers"]),
            "material": {"n": random.choice(words["materials"])},
            "trouble": {"n": troubles[0]},
            "trouble2": {"n": troubles[1]},
            "job": {"n": random.choice(words["jobs"])},
            "person": {"n": self.person},
            "person2": {"n": self._person()},
            "woman": {"n": self._woman()},
            "month": {case: names[(later - 1) % 12] for case, names in MONTHS.items()},
            "month0": {case: names[month - 1] for case, names in MONTHS.items()},
            "frac": {"n": random.choice(SHARES)},
        }

    def write(self, pattern: str) -> str:
        """Return a text of a pattern."""
        chosen = CHOICE.sub(lambda match: self.random.choice(match[1].split("|")), pattern)
        return SLOT.sub(self._filled, chosen)

    def _filled(self, match: re.Match[str]) -> str:
        name, case, low, high = match.groups()
        if name == "n":
            return str(self._many(int(low), int(high)))
        if low and len(name) == 1 and name != "f":
            return self.numbers.setdefault(name, str(self._many(int(low), int(high))))
        if name == "f":
            return self._decimal(low, high)
        if name == "year":
            return str(self.random.randint(int(low), int(high)))
        if name == "dn":
            return str(self.random.choice(DIAMETERS))
        text = self.words[name.lower()][case or "n"]
        return text[:1].upper() + text[1:] if name[0].isupper() else text

    def _many(self, low: int, high: int) -> int:
        """Return a number that takes the genitive plural: 5, 11, 40, but neither 21 nor 32."""
        fitting = [n for n in range(low, high + 1) if n % 10 in {0, 5, 6, 7, 8, 9} or 11 <= n % 100 <= 14]
        return self.random.choice(fitting)

    def _decimal(self, low: str, high: str) -> str:
        scale = 10 ** len(low.partition(".")[2])
        number = self.random.randint(round(float(low) * scale), round(float(high) * scale))
        whole, rest = divmod(number + (number % scale == 0), scale)
        return f"{whole},{rest:0{len(str(scale)) - 1}d}".rstrip("0")

    def _person(self) -> str:
        words = parts("words")
        surname: str = self.random.choice(words["surnames"])
        return f"{self.random.choice(words['men'])} {surname}" if self.random.random() < 0.55 else self._woman(surname)

    def _woman(self, surname: str = "") -> str:
        words = parts("words")
        return f"{self.random.choice(words['women'])} {surname or self.random.choice(words['surnames'])}а"


def _named(generic: dict[str, str], name: str) -> dict[str, str]:
    return {case: f"{word} «{name}»" for case, word in generic.items()}
