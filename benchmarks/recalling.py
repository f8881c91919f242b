"""Which share of the copies among all pairs of some texts the index finds: of two makes of texts, and of copies."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import chain, pairwise
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from armcrawl.fingerprints.comparing import MIN_EDITED, compare
from armcrawl.fingerprints.shingles import shingled
from armcrawl.sample.articles import load_sample
from armcrawl.store.base.database import open_database, reading, writing
from armcrawl.store.clusters.relations import JOINING, Pair, Relating, related_pairs
from armcrawl.store.clusters.texts import Texts, number_of, text_of
from benchmarks.articles import generated
from benchmarks.batches import batched
from benchmarks.report import Figure, once

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sqlalchemy import Engine

# Every fifth text is a copy of the one before it.
ALL, OF_COPIES, MIN_RECALL = 20_000, 5, 0.999
# Words that are others in a copy of the first make; the share of them in one of the second.
CHANGED, CHANGED_SHARE = (1, 5, 20, 60), (0, 0, 0.02, 0.05, 0.1, 0.2)
# So often a word of the second make follows one as in the sample; else it is any word.
FOLLOWING = 0.8


def recall() -> list[Figure]:
    """Tell which share of the copies is found, of either make."""
    makes = {"of paragraphs with numbers of their own": _numbered(), "of words as they follow one another": worded(ALL)}
    figures = []
    for name, made in makes.items():
        texts = {number_of(one): one for one in made}
        copies = _copies(texts)
        share = len(copies & _found(texts)) / len(copies)
        told = f"share of the {len(copies):,} copies among {len(texts):,} texts {name} that are found"
        figures.append(once(told, share, MIN_RECALL, at_least=True))
    return figures


def _copies(texts: Mapping[int, str]) -> set[Pair]:
    """Compare all pairs that share enough runs of words."""
    read = {number: shingled(one) for number, one in texts.items()}
    holders, copies = defaultdict[object, list[int]](list), set[Pair]()
    for number, one in read.items():
        shared = Counter(chain.from_iterable(holders[run] for run in one.shingles))
        for other, common in shared.items():
            least = min(len(one.shingles), len(read[other].shingles))
            if common >= MIN_EDITED * least and compare(one, read[other]).grade in JOINING:
                copies.add((min(number, other), max(number, other)))
        for run in one.shingles:
            holders[run].append(number)
    return copies


def _found(texts: Mapping[int, str]) -> set[Pair]:
    with TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{folder}/texts.db")
        found = related(engine, texts)
        engine.dispose()
    return found


def related(engine: Engine, texts: Mapping[int, str]) -> set[Pair]:
    """Put texts into the index, as many at once as a step of a run does, and return the copies that it finds."""
    for some in batched(list(texts), 500):
        with writing(engine) as connection:
            relating = Relating(connection, Texts(connection, connection, texts))
            relating.admit(some)
            relating.settle(some, ())
    with reading(engine) as connection:
        return related_pairs(connection, list(texts), are_copies=True)


def _numbered() -> Iterator[str]:
    """Yield texts of paragraphs of the sample, of which some have other words here and there."""
    random = Random(3)  # noqa: S311 - a benchmark must repeat itself
    last = ""
    for place, page in enumerate(generated(ALL)):
        assert page.article is not None
        if place % OF_COPIES:
            last = text_of(page.article.title, page.article.body)
        else:
            words = (last or page.article.body).split(" ")
            for _ in range(random.choice(CHANGED)):
                words[random.randrange(len(words))] = f"слово{random.randrange(10**6)}"
            last = " ".join(words)
        yield last


def worded(number: int) -> Iterator[str]:
    """Yield texts of the sample's words, numbers and names; copies are cut, begun and ended anew, and edited."""
    random = Random(7)  # noqa: S311 - a benchmark must repeat itself
    paragraphs = sorted({one.rstrip() for article in load_sample().articles.values() for one in article.paragraphs})
    words = [word for one in paragraphs for word in one.split()]
    following = defaultdict[str, list[str]](list)
    for one in paragraphs:
        for word, after in pairwise(one.split()):
            following[word].append(after)

    def sentence() -> str:
        found = [random.choice(paragraphs).split()[0]]
        for _ in range(random.randint(8, 25)):
            known = following.get(found[-1])
            found.append(random.choice(known if known and random.random() < FOLLOWING else words))
        return " ".join(found)

    sentences = [sentence()]
    for place in range(number):
        if place % OF_COPIES:
            sentences = [sentence() for _ in range(random.randint(4, 24))]
        else:
            sentences = _edited(sentences, sentence, words, random)
        title, *rest = " ".join(sentences[0].split()[:8]), *sentences
        yield text_of(title, "\n\n".join(". ".join(some) for some in batched(rest, 3)))


def _edited(sentences: list[str], sentence: Callable[[], str], words: Sequence[str], random: Random) -> list[str]:
    if random.random() < 0.4:
        sentences = sentences[: max(3, round(len(sentences) * random.uniform(0.6, 1)))]
    if random.random() < 0.3:
        sentences = [sentence(), *sentences]
    if random.random() < 0.2:
        sentences = [*sentences, sentence()]
    share = random.choice(CHANGED_SHARE)
    return [
        " ".join(random.choice(words) if random.random() < share else word for word in one.split()) for one in sentences
    ]
