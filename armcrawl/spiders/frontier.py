"""Which ids of a site are still to be asked for: arithmetic over the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from armcrawl.addresses import PageKey, identify
from armcrawl.store import ledger

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Engine


class Frontier:
    """The ids between 1 and the head of each section, less those whose fate is known."""

    def __init__(self, engine: Engine, site: str, sections: Iterable[str]) -> None:
        self.engine = engine
        self.site = site
        self.heads = {section: ledger.head(engine, site, section) for section in sections}
        self.shown: set[str] = set()
        self.moved: set[str] = set()
        self.asked: set[PageKey] = set()

    def claims(self, addresses: Iterable[str], section: str) -> list[PageKey]:
        """Return the linked ids of a section above its head, highest first; remember what is shown."""
        keys = {key for address in addresses if (key := identify(address)) and key.section == section}
        if keys:
            self.shown.add(section)
        above = [key for key in keys if (key.number or 0) > self.heads[section]]
        return sorted(above, key=lambda key: key.number or 0, reverse=True)

    def raise_head(self, key: PageKey) -> None:
        """Take an id that an article answered under as its section's head, if it is the highest."""
        if (key.number or 0) > self.heads[key.section]:
            self.heads[key.section] = key.number or 0
            self.moved.add(key.section)

    def is_uncertain(self, section: str) -> bool:
        """Tell whether there may be ids past the head: it moved, or no page shows the section."""
        return section in self.moved or (section not in self.shown and self.heads[section] > 0)

    def wanted(self) -> Iterator[PageKey]:
        """Yield what is to be asked for, newest first, section by section in turn."""
        yield from interleave([self._wanted_of(section) for section in self.heads])

    def _wanted_of(self, section: str) -> Iterator[PageKey]:
        for number in ledger.wanted_numbers(self.engine, self.site, section, 1, self.heads[section]):
            key = PageKey(self.site, section, str(number))
            if key not in self.asked:
                yield key


def interleave(sources: list[Iterator[PageKey]]) -> Iterator[PageKey]:
    """Yield from several sources in turn until all are exhausted."""
    while sources:
        for source in sources[:]:
            key = next(source, None)
            if key is None:
                sources.remove(source)
            else:
                yield key
