"""Which printed forms are one tag: those with one key, those that link to one address, and what people say.

Pure: facts in, groups out. The store writes the groups of a batch as it comes, and of all forms anew
when the parser or a person has changed what a form means; both must come to the same.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from armcrawl.russian.tags import tag_key, tag_slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

MERGE, SPLIT, RENAME = "merge", "split", "rename"


@dataclass(frozen=True, slots=True)
class PrintedForm:
    """A printed form, and what the parser makes of it."""

    form: str
    key: str
    name: str
    slug: str
    kind: str | None
    confidence: float

    @property
    def rank(self) -> tuple[float, int, int, str]:
        """The lowest names the tag: the surest, then the one with most ё, then the one with fewest capitals."""
        return -self.confidence, -self.name.casefold().count("ё"), sum(map(str.isupper, self.name)), self.name


@dataclass(frozen=True, slots=True)
class Use:
    """A form as one article prints it."""

    form: str
    address: str | None
    article: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided; `article` and `address` narrow a split."""

    action: str
    form: str
    name: str
    other: str | None = None
    address: str | None = None
    article: str | None = None

    @property
    def forms(self) -> set[str]:
        """The printed forms that it names."""
        return {self.form, self.other or self.form}


@dataclass(frozen=True, slots=True)
class GroupedTag:
    """A tag: the keys of its forms, and how it is called."""

    keys: frozenset[str]
    key: str
    name: str
    slug: str
    kind: str | None


class Splits:
    """The decisions that give a form, or some uses of it, to another tag."""

    def __init__(self, decisions: Iterable[Decision]) -> None:
        self.of_form: dict[str, list[Decision]] = defaultdict(list)
        for decision in decisions:
            if decision.action == SPLIT:
                self.of_form[decision.form].append(decision)

    def name_of(self, use: Use) -> str | None:
        """Return the tag that a person gave a use to, by its name; the narrowest decision counts, then the latest."""
        found = [decision for decision in self.of_form.get(use.form, ()) if _covers(decision, use)]
        best = max(
            found, key=lambda decision: (decision.article is not None, decision.address is not None), default=None
        )
        if best is None:
            return None
        # Of equals the latest: decisions come in their order.
        return next(
            one.name
            for one in reversed(found)
            if (one.article is None, one.address is None) == (best.article is None, best.address is None)
        )

    def is_whole(self, form: str) -> bool:
        """Tell whether all uses of a form were given away."""
        return any(decision.article is None and decision.address is None for decision in self.of_form.get(form, ()))


def _covers(decision: Decision, use: Use) -> bool:
    return decision.article in (None, use.article) and decision.address in (None, use.address)


@dataclass(slots=True)
class _Sets:
    """Disjoint sets of keys."""

    parent: dict[str, str] = field(default_factory=dict)

    def root(self, key: str) -> str:
        self.parent.setdefault(key, key)
        while self.parent[key] != key:
            self.parent[key] = self.parent[self.parent[key]]
            key = self.parent[key]
        return key

    def join(self, one: str, other: str) -> None:
        self.parent[self.root(one)] = self.root(other)

    def members(self) -> Iterator[frozenset[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for key in self.parent:
            found[self.root(key)].add(key)
        yield from map(frozenset, found.values())


def group(
    forms: Mapping[str, PrintedForm], keys_at: Mapping[str, Iterable[str]], decisions: Sequence[Decision]
) -> list[GroupedTag]:
    """Return the tags that the forms make.

    `keys_at` are the keys of the forms that link to an address, for addresses that are evidence.
    """
    splits = Splits(decisions)
    sets = _Sets()
    named: dict[str, list[PrintedForm]] = defaultdict(list)
    for form in forms.values():
        if not splits.is_whole(form.form):
            sets.root(form.key)
            named[form.key].append(form)
    for decision in decisions:
        if decision.action == SPLIT:
            sets.root(tag_key(decision.name))
    for keys in keys_at.values():
        first, *others = keys
        for other in others:
            sets.join(first, other)
    meant = list(_meant(decisions, forms))
    for decision, key, other in meant:
        if decision.action == MERGE:
            sets.join(key, other)
    names = {sets.root(key): decision.name for decision, key, _ in meant}
    given = {tag_key(decision.name): decision.name for decision in decisions if decision.action == SPLIT}
    return [
        _named(keys, named, given, names.get(sets.root(next(iter(keys)))))
        for keys in sets.members()
        if not keys.isdisjoint(named.keys() | given.keys())
    ]


def _meant(decisions: Iterable[Decision], forms: Mapping[str, PrintedForm]) -> Iterator[tuple[Decision, str, str]]:
    """Yield merges and renames with the keys that their forms had when they were decided: splits come in between."""
    split_off: dict[str, str] = {}

    def key_of(form: str) -> str:
        return split_off.get(form) or (forms[form].key if form in forms else tag_key(form))

    for decision in decisions:
        if decision.action != SPLIT:
            yield decision, key_of(decision.form), key_of(decision.other or decision.form)
        elif decision.article is None and decision.address is None:
            split_off[decision.form] = tag_key(decision.name)


def _named(
    keys: frozenset[str], named: Mapping[str, list[PrintedForm]], given: Mapping[str, str], name: str | None
) -> GroupedTag:
    """Name a tag after its best form, unless a person named it."""
    found = [form for key in keys for form in named.get(key, ())]
    if found:
        best = min(found, key=lambda form: form.rank)
        key, own, slug, kind = best.key, best.name, best.slug, best.kind
    else:
        key = min(keys)
        own, kind = given.get(key, key), None
        slug = tag_slug(own, key)
    return GroupedTag(keys, key, name or own, tag_slug(name, key) if name else slug, kind)
