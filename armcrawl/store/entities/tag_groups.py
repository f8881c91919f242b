"""Which printed forms are one tag: those with one key, those that link to one address, and what people say.

Pure: facts in, groups out. The store writes the groups of a batch as it comes, and of all forms anew
when the parser or a person has changed what a form means; both must come to the same.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from armcrawl.russian.tags import tag_key, tag_slug
from armcrawl.store.base.graph import connected_components

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from armcrawl.items import Tag

MERGE, SPLIT, RENAME = "merge", "split", "rename"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided, as it is stored; `article` and `address` narrow a split."""

    number: int
    action: str
    form: str
    other: str | None
    address: str | None
    article: str | None
    name: str
    decided_by: str
    decided_at: datetime

    @property
    def forms(self) -> set[str]:
        """The printed forms that it names."""
        return {self.form, self.other or self.form}

    @property
    def is_whole_split(self) -> bool:
        """Whether it gives all uses of a form to another tag."""
        return self.action == SPLIT and self.article is None and self.address is None


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

    def name_of(self, form: str, address: str | None) -> str | None:
        """Return the tag that a person gave a form to, by its name, in all articles that link it to an address.

        The narrowest decision counts, of equals the latest: they come in their order.
        """
        found = [one for one in self.of_form.get(form, ()) if one.article is None and one.address in (None, address)]
        best = max(reversed(found), key=lambda one: one.address is not None, default=None)
        return best.name if best is not None else None

    def is_whole(self, form: str) -> bool:
        """Tell whether all uses of a form were given away."""
        return any(decision.is_whole_split for decision in self.of_form.get(form, ()))


def group(
    forms: Mapping[str, Tag], keys_at: Mapping[str, Iterable[str]], decisions: Sequence[Decision]
) -> list[GroupedTag]:
    """Return the tags that the forms make, which come as the parser understands them.

    `keys_at` are the keys of the forms that link to an address, for addresses that are evidence.
    """
    splits = Splits(decisions)
    named: dict[str, list[Tag]] = defaultdict(list)
    for form in forms.values():
        if not splits.is_whole(form.printed):
            named[form.key].append(form)
    given = {tag_key(decision.name): decision.name for decision in decisions if decision.action == SPLIT}
    understood = list(_understood(decisions, forms))
    same = [(key, other) for decision, key, other in understood if decision.action == MERGE]
    for first, *others in keys_at.values():
        same += [(first, other) for other in others]
    keys = {*named, *given, *(key for pair in same for key in pair)}
    groups = []
    for component in connected_components(keys, same):
        if not component.isdisjoint(named.keys() | given.keys()):
            latest = next((decision.name for decision, key, _ in reversed(understood) if key in component), None)
            groups.append(_grouped(component, named, given, latest))
    return groups


def _understood(decisions: Iterable[Decision], forms: Mapping[str, Tag]) -> Iterator[tuple[Decision, str, str]]:
    """Yield merges and renames with the keys that their forms had when they were decided: splits come in between."""
    split_off: dict[str, str] = {}

    def key_of(form: str) -> str:
        return split_off.get(form) or (forms[form].key if form in forms else tag_key(form))

    for decision in decisions:
        if decision.action != SPLIT:
            yield decision, key_of(decision.form), key_of(decision.other or decision.form)
        elif decision.is_whole_split:
            split_off[decision.form] = tag_key(decision.name)


def _grouped(
    keys: Iterable[str], named: Mapping[str, list[Tag]], given: Mapping[str, str], name: str | None
) -> GroupedTag:
    """Name a tag after its best form, unless a person named it."""
    found = [form for key in keys for form in named.get(key, ())]
    if found:
        best = min(found, key=_rank)
        key, own, slug, kind = best.key, best.name, best.slug, best.kind
    else:
        key = min(keys)
        own, kind = given.get(key, key), None
        slug = tag_slug(own, key)
    return GroupedTag(frozenset(keys), key, name or own, tag_slug(name, key) if name else slug, kind)


def _rank(form: Tag) -> tuple[float, int, int, str]:
    """The lowest names the tag: the surest, then the one with most ё, then the one with fewest capitals."""
    return -form.confidence, -form.name.casefold().count("ё"), sum(map(str.isupper, form.name)), form.name
