"""What two articles share, and why they are in one cluster or not, for people and for programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from armcrawl.cli.output import Table, counted
from armcrawl.redaction import harmless

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from armcrawl.fingerprints import Similarity
    from armcrawl.store.queries.compared import Compared

# Numbers and names that are listed; `--json` lists all.
NAMED = 5


def told(one: Compared, other: Compared) -> dict[str, Any]:
    """Return for programs what two articles share, what decided, and how they stand to clusters."""
    from armcrawl.fingerprints import similarity
    from armcrawl.fingerprints.passages import own_facts, shared_passages

    standing = {
        article.key: {
            "cluster": article.cluster.key if article.cluster else None,
            "earliest": article.cluster.earliest if article.cluster else None,
            "waiting": article.is_waiting,
        }
        for article in (one, other)
    }
    facts = {"own_a": own_facts(one.text, other.text), "own_b": own_facts(other.text, one.text)}
    passages = shared_passages(one.text, other.text)
    return asdict(similarity(one.text, other.text)) | facts | {"passages": passages, "clusters": standing}


def shown(one: Compared, other: Compared) -> Iterator[Table | str]:
    """Yield the same for people."""
    from armcrawl.fingerprints import similarity
    from armcrawl.fingerprints.passages import shared_passages

    found = similarity(one.text, other.text)
    yield (
        f"{found.grade}: {found.containment_a:.0%} of {one.key} is in {other.key}, the other way "
        f"{found.containment_b:.0%}."
    )
    yield from _evidence(found, one, other)
    yield from _standing(one, other)
    if passages := shared_passages(one.text, other.text):
        rows = [(passage.words, passage.in_a, passage.in_b) for passage in passages]
        yield Table("Shared passages", ("words", one.key, other.key), rows)
    else:
        yield "They share no passage of four words."


def _evidence(found: Similarity, one: Compared, other: Compared) -> Iterator[str]:
    """Tell what decided: the rule, the heads, words, numbers and names."""
    from armcrawl.fingerprints.comparing import HEAD, Rule
    from armcrawl.fingerprints.passages import own_facts

    yield f"Decided by: {found.rule}."
    if not found.words or found.rule is Rule.EQUAL:
        return
    yield (
        f"Of the first {HEAD} words of {one.key}, {other.key} has {found.head_a:.0%}, the other way "
        f"{found.head_b:.0%}. Of all words of the shorter text the longer one has {found.words:.0%}."
    )
    facts = [(article.key, own_facts(*texts)) for article, texts in _both(one, other)]
    for kind in ("numbers", "names"):
        own = [f"only {key} has {_some(own[kind])}" for key, own in facts if own[kind]]
        if own:
            yield f"Of the {kind} {'; '.join(own)}."
    if found.replaced:
        pairs = [f"«{old}» / «{new}»" for old, new in found.replaced]
        yield f"In the same places stand (as stems): {_some(pairs)}."


def _both(one: Compared, other: Compared) -> Iterator[tuple[Compared, tuple[str, str]]]:
    yield one, (one.text, other.text)
    yield other, (other.text, one.text)


def _some(facts: Sequence[str]) -> str:
    more = f" and {len(facts) - NAMED} more" if len(facts) > NAMED else ""
    return harmless(", ".join(facts[:NAMED])) + more


def _standing(one: Compared, other: Compared) -> Iterator[str]:
    """Tell which clusters hold the two articles, by what, and whether that may change yet."""
    for article in (one, other):
        if article.is_waiting:
            yield f"{article.key} waits to be compared with others: `armcrawl dedupe join`."
    if one.cluster is None and other.cluster is None:
        yield "Neither is in a cluster."
    elif one.cluster == other.cluster:
        yield f"Both are in {_cluster(one)}."
    else:
        yield from (f"{article.key} is in {_cluster(article)}." for article in (one, other))
    yield from (said for article in (one, other) if (said := _by_earliest(article, {one.key, other.key})))


def _cluster(article: Compared) -> str:
    cluster = article.cluster
    if cluster is None:
        return "no cluster"
    size = counted(cluster.articles, "article")
    return f"the cluster {cluster.key} of {size}, the earliest of which is {cluster.earliest}"


def _by_earliest(article: Compared, named: set[str]) -> str | None:
    """Tell by what an article is a copy of its cluster's earliest, if that is none of the two."""
    from armcrawl.fingerprints import similarity

    if article.cluster is None or article.cluster.earliest in named:
        return None
    found = similarity(article.cluster.text, article.text)
    return f"{article.key} and {article.cluster.earliest}: {found.grade}, as {found.rule}."
