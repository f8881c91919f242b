"""Which printed forms are one entity, by evidence and by what people say.

Pure: facts in, groups out. The store groups what a batch or a decision concerns, and all forms when it is rebuilt; both
must come to the same.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations, pairwise, product
from typing import TYPE_CHECKING

from armcrawl.items import Kind
from armcrawl.russian.bodies import body_of
from armcrawl.russian.same_name import quoted_name
from armcrawl.russian.tags import DOUBTFUL, tag_key, tag_slug
from armcrawl.store.base.enumerations import KIND, MERGE, NAME, SOURCE, SPLIT, TAG
from armcrawl.store.base.graph import connected_components

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

# The kinds that may be a source: «Труд» in an attribution is no labour.
KINDS_OF_SOURCES = (None, Kind.ORGANISATION, Kind.PERSON)

Printed = tuple[str, str]
"""How a form is used, and the form."""
Edge = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided, as it is stored; `article` and `address` narrow a split."""

    number: int
    action: str
    used_as: str
    form: str
    other_used_as: str | None
    other: str | None
    address: str | None
    article: str | None
    name: str | None
    kind: str | None
    decided_by: str
    decided_at: datetime

    @property
    def printed(self) -> set[Printed]:
        """The printed forms that it names."""
        return {(self.used_as, self.form), (self.other_used_as or self.used_as, self.other or self.form)}

    @property
    def split_off(self) -> str | None:
        """What a split gives its form, or some uses of it, to."""
        return self.name if self.action == SPLIT else None

    @property
    def is_whole_split(self) -> bool:
        """Whether it gives all uses of a form to another entity."""
        return self.action == SPLIT and self.article is None and self.address is None


@dataclass(frozen=True, slots=True)
class Form:
    """A printed form, what the parser makes of it, and the entity that it means so far."""

    id: int
    entity_id: int
    used_as: str
    form: str
    name: str
    key: str
    kind: str | None
    confidence: float | None

    @property
    def printed(self) -> Printed:
        """What a decision calls it by."""
        return self.used_as, self.form


@dataclass(frozen=True, slots=True)
class Facts:
    """Some forms, with all evidence about them, and all decisions in their order.

    `addresses` has the ids of the forms that link to an address, where these are forms of one name; `abbreviations`
    pairs of keys of which texts say that one stands for the other.
    """

    forms: Sequence[Form]
    addresses: Mapping[str, Sequence[int]]
    abbreviations: Iterable[tuple[str, str]]
    decisions: Sequence[Decision]


@dataclass(frozen=True, slots=True)
class Group:
    """An entity: its forms, and how it is called."""

    forms: Sequence[Form]
    key: str
    name: str
    slug: str
    kind: str | None


class Splits:
    """The decisions that give a form, or some uses of it, to another entity."""

    def __init__(self, decisions: Iterable[Decision]) -> None:
        self.whole: dict[Printed, list[tuple[int, str]]] = defaultdict(list)
        self.narrow: dict[Printed, list[Decision]] = defaultdict(list)
        for decision in decisions:
            if decision.is_whole_split:
                self.whole[decision.used_as, decision.form].append((decision.number, decision.split_off or ""))
            elif decision.action == SPLIT:
                self.narrow[decision.used_as, decision.form].append(decision)
        for found in self.narrow.values():
            # The narrowest counts, of equals the latest.
            found.sort(key=lambda one: (one.article is not None, one.address is not None, one.number), reverse=True)

    def name_of(self, printed: Printed, address: str | None, article: str | None) -> str | None:
        """Return what a person gave a use of a form to, by its name; None where it stays with its form."""
        found = (
            one.name
            for one in self.narrow.get(printed, ())
            if one.address in (None, address) and one.article in (None, article)
        )
        return next(found, None)

    def is_given(self, form: Form, address: str) -> bool:
        """Tell whether a form, where it links to an address, is another entity by decision."""
        return form.printed in self.whole or self.name_of(form.printed, address, None) is not None


def group(facts: Facts) -> list[Group]:
    """Return the entities that the forms make."""
    splits = Splits(facts.decisions)
    nodes = _Nodes(facts.forms, splits)
    told = [(decision, nodes.meant_by(decision)) for decision in facts.decisions if decision.action != SPLIT]
    merged = [edge for decision, found in told if decision.action == MERGE for edge in pairwise(sorted(found))]
    edges = [*merged, *_edges(facts, nodes, splits)]
    known = {*nodes.of_form.values(), *(node for edge in edges for node in edge)}
    groups = []
    for component in connected_components(known, edges):
        forms = [form for node in component for form in nodes.forms.get(node, ())]
        if forms:
            about = [decision for decision, found in told if not component.isdisjoint(found)]
            groups.append(_named(forms, splits, nodes, about))
    return groups


class _Nodes:
    """What forms are one by their name: the key of it.

    Of a source whose name is also that of a thing which is none («Труд», «труд») the key stands in quotes.
    """

    def __init__(self, forms: Sequence[Form], splits: Splits) -> None:
        self._things = {
            form.key
            for form in forms
            if form.used_as == TAG and form.printed not in splits.whole and form.kind not in KINDS_OF_SOURCES
        }
        self._printed: dict[Printed, set[str]] = defaultdict(set)
        self.of_form: dict[int, str] = {}
        self.forms: dict[str, list[Form]] = defaultdict(list)
        self._splits = splits.whole
        for form in forms:
            self._printed[form.printed].add(self._own(form))
            self.of_form[form.id] = self._given(form.printed) or self._own(form)
            self.forms[self.of_form[form.id]].append(form)

    def _own(self, form: Form) -> str:
        return f'"{form.key}"' if form.used_as == SOURCE and form.key in self._things else form.key

    def meant_by(self, decision: Decision) -> set[str]:
        """Return the nodes of the forms that a decision names, as they were then: splits come in between."""
        found = set[str]()
        for printed in decision.printed:
            given = self._given(printed, decision.number)
            found |= self._printed[printed] if given is None else {given}
        return found

    def _given(self, printed: Printed, before: int | None = None) -> str | None:
        """Return the node that a person gave all uses of a form to, if one did before a decision."""
        names = (name for number, name in self._splits.get(printed, ()) if before is None or number < before)
        last = max(enumerate(names), default=None)
        return tag_key(last[1]) if last is not None else None

    def organisations(self, key: str) -> Iterator[str]:
        """Yield the nodes of a key that may be an organisation."""
        yield from (node for node in (key, f'"{key}"') if self.forms.get(node) and self._may_be_one(node))

    def _may_be_one(self, node: str) -> bool:
        return all(form.kind in (None, Kind.ORGANISATION) for form in self.forms[node])


def _edges(facts: Facts, nodes: _Nodes, splits: Splits) -> Iterator[Edge]:
    """Yield what the evidence says: two nodes that are one."""
    own = [form for form in facts.forms if form.printed not in splits.whole]
    quoted = _Quoted(own, nodes)
    yield from quoted.edges()
    by_id = {form.id: form for form in own}
    for address, ids in facts.addresses.items():
        forms = (by_id[one] for one in ids if one in by_id)
        found = {nodes.of_form[form.id] for form in forms if not splits.is_given(form, address)}
        yield from (edge for edge in combinations(sorted(found), 2) if not quoted.is_ambiguous(edge))
    keys = {form.key for form in own}
    for body in {body for key in keys if (body := body_of(key)) is not None}:
        yield from pairwise(sorted(node for key in body.keys & keys for node in nodes.organisations(key)))
    yield from (edge for edge in facts.abbreviations if edge[0] in nodes.forms and edge[1] in nodes.forms)


class _Quoted:
    """Names of firms: «Салют» is АО «Салют», unless there is another Салют as well, ООО or a cinema."""

    def __init__(self, forms: Iterable[Form], nodes: _Nodes) -> None:
        self._bare: dict[str, set[str]] = defaultdict(set)
        # By the key of the name and what stands before it.
        self._firms: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self._things: dict[str, set[str]] = defaultdict(set)
        for form in forms:
            node, found = nodes.of_form[form.id], quoted_name(form.name)
            if found is None:
                continue
            if found.before is None:
                # A well-known body is no firm, and what a person gave a form to is what that person says.
                is_open = form.used_as != NAME and body_of(found.key) is None
                if is_open and node in nodes.organisations(found.key):
                    self._bare[found.key].add(node)
            elif found.is_legal:
                self._firms[found.key][found.before].add(node)
            else:
                self._things[found.key].add(node)

    def edges(self) -> Iterator[Edge]:
        """Yield the nodes with one legal form and name, and the name alone with them if it can mean nothing else."""
        for key, firms in self._firms.items():
            for same in firms.values():
                yield from pairwise(sorted(same))
            if not self._has_several(key):
                yield from product(self._bare[key], *firms.values())

    def _has_several(self, key: str) -> bool:
        return len(self._firms[key]) + bool(self._things[key] - self._bare[key]) > 1

    def is_ambiguous(self, edge: Edge) -> bool:
        """Tell whether two nodes are a name that may be of several, and one of these."""
        return any(
            not self._bare[key].isdisjoint(edge)
            and any(not same.isdisjoint(edge) for same in (*firms.values(), self._things[key] - self._bare[key]))
            for key, firms in self._firms.items()
            if self._has_several(key)
        )


def _named(forms: Sequence[Form], splits: Splits, nodes: _Nodes, about: Sequence[Decision]) -> Group:
    """Name an entity after its best form, unless the table of bodies or a person names it."""
    # How a form that a person gave to it would be read is what that person knows better.
    own = [form for form in forms if form.printed not in splits.whole]
    best = min(own or forms, key=_rank)
    key = nodes.of_form[best.id]
    body = next((body for form in sorted(own, key=_rank) if (body := body_of(form.key)) is not None), None)
    names = [decision.name for decision in about if decision.name is not None]
    name = names[-1] if names else body.name if body else best.name
    kinds = {form.kind for form in own} - {None}
    kind = Kind.ORGANISATION if body else kinds.pop() if len(kinds) == 1 else None
    for decision in about:
        kind = decision.kind if decision.action == KIND else kind
    return Group(forms, key, name, tag_slug(name, key), kind)


def _rank(form: Form) -> tuple[bool, float, int, int, str, str]:
    """The lowest names the entity: the surest, then the one with most ё, then the one with fewest capitals."""
    sure = DOUBTFUL if form.confidence is None else form.confidence
    return (
        form.used_as == NAME,
        -sure,
        -form.name.casefold().count("ё"),
        sum(map(str.isupper, form.name)),
        form.name,
        form.used_as,
    )
