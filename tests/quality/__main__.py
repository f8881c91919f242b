"""Measure, print the table, and hold the floors: `python -m tests.quality [--pin | --lower REASON] [--misses]`."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from armcrawl.cli.output import Table, emit
from armcrawl.russian.attribution import read_attribution
from tests.quality import baselines, floors, measures, pages, reprints, search
from tests.quality.corpus import CORPORA, HALVES, digest, load
from tests.quality.real_pages import real_pages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.quality.corpus import Entry
    from tests.quality.measures import Measures

# What the names of `names-fresh` are called in the table.
FRESH = "fresh names"


def measure() -> Measures:
    """Return all that we are measured by."""
    tags, names, fresh = load("tags"), load("names"), load("names-fresh")
    pairs, words = list(reprints.pairs(reprints.load())), load("search-words")
    return {
        **measures.of_dates(load("dates"), measures.our_date),
        **measures.of_tags(tags, measures.our_name),
        **measures.of_kinds_of_tags(tags),
        **_kinds(measures.our_kind),
        **measures.of_names(names, measures.our_name),
        **measures.of_confidence([*tags, *names]),
        **measures.of_names(fresh, measures.our_name, FRESH),
        **measures.of_confidence(fresh, FRESH),
        **measures.of_attribution(load("attribution")),
        **measures.of_sources(load("sources")),
        **reprints.of_reprints(pairs, reprints.our_copy, reprints.our_merge),
        **reprints.of_copies(load("copies"), reprints.our_merge),
        **pages.of_pages(pages.ours),
        **search.of_search(load("search"), search.ours(load("search"))),
        **search.of_words(words, search.ours(search.sentences_of(words))),
    }


def _kinds(kind: measures.KindReader) -> Measures:
    return {
        name: value for half in HALVES for name, value in measures.of_kinds(half, load("kinds", half), kind).items()
    }


def measure_others() -> dict[str, Measures]:
    """Return the same of others, as far as they do it."""
    pairs, copies = list(reprints.pairs(reprints.load())), load("copies")
    sentences, words = load("search"), load("search-words")
    of_words = search.sentences_of(words)
    with search.by_postgresql(sentences) as find, search.by_postgresql(of_words) as find_of_words:
        by_postgresql = search.of_search(sentences, find) | search.of_words(words, find_of_words)
    by_text = {"containment": reprints.by_containment, "Jaccard": reprints.by_jaccard, "simhash": reprints.by_simhash}
    return {
        "dateparser": measures.of_dates(load("dates"), baselines.dateparser_alone),
        "pymorphy3": measures.of_tags(load("tags"), baselines.word_by_word)
        | measures.of_names(load("names"), baselines.word_by_word)
        | measures.of_names(load("names-fresh"), baselines.word_by_word, FRESH),
        "form or quotes": _kinds(baselines.form_or_quotes),
        **{
            name: reprints.of_reprints(pairs, is_copy, is_copy) | reprints.of_copies(copies, is_copy)
            for name, is_copy in by_text.items()
        },
        "stems": search.of_search(sentences, search.by_stems(sentences))
        | search.of_words(words, search.by_stems(of_words)),
        "PostgreSQL": by_postgresql,
        "unicode61": search.of_search(sentences, search.by_unicode61(sentences))
        | search.of_words(words, search.by_unicode61(of_words)),
        "trafilatura": pages.of_pages(pages.by_trafilatura, pages.STEP_OF_OTHERS),
        "readability": pages.of_pages(pages.by_readability, pages.STEP_OF_OTHERS),
    }


def print_misses() -> None:
    """Print every entry that comes out otherwise than written."""
    for half in HALVES:
        for entry in load("dates", half):
            got = measures.our_date(entry["text"], datetime.fromisoformat(entry["fetched_at"]))
            _print_miss(half, entry["text"], entry["gold"], got)
        for entry in (*load("tags", half), *load("names", half), *load("names-fresh", half)):
            _print_miss(half, entry["printed"], entry["name"], measures.our_name(entry["printed"]))
        for entry in load("kinds", half):
            got = measures.our_kind(entry["printed"], entry.get("address"))
            _print_miss(half, entry["printed"], entry["kind"], got)
        for entry in (*load("attribution", half), *load("sources", half)):
            _print_miss(
                half,
                entry["line"],
                entry["gold"],
                measures.told(read_attribution(entry["line"], own_names=measures.OWN_NAMES)),
            )
    sentences, words = load("search"), load("search-words")
    of_words = search.sentences_of(words)
    _print_misses_of(sentences, search.cases(sentences, search.ours(sentences)))
    _print_misses_of(of_words, search.cases_of_words(words, search.ours(of_words)))


def _print_misses_of(sentences: Sequence[Entry], cases: Sequence[search.Case]) -> None:
    for word, form, having, found in cases:
        for number in sorted(having ^ found):
            _print_miss(word, f"{form}: {sentences[number]['text']}", number in having, number in found)


def _print_miss(half: str, text: str, gold: object, got: object) -> None:
    if gold != got:
        print(f"{half}: {text!r}\n  wanted {_said(gold)}\n  got    {_said(got)}")  # noqa: T201


def _said(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def main() -> None:
    """Print the table; exit 1 if a floor is missed or a corpus is not the pinned one."""
    parser = argparse.ArgumentParser(prog="python -m tests.quality", description=main.__doc__)
    parser.add_argument("--pin", action="store_true", help="pin what is measured now; refused if that lowers a floor")
    parser.add_argument("--lower", metavar="REASON", help="pin, also lower; the reason is written into the file")
    parser.add_argument("--misses", action="store_true", help="print every entry that comes out wrong")
    arguments = parser.parse_args()
    if arguments.misses:
        print_misses()
    ours, pinned = measure(), floors.read()
    others = measure_others()
    rows = [
        (
            name,
            f"{value:.4f}",
            _pinned(pinned, name),
            *(f"{told[name]:.2f}" if name in told else "" for told in others.values()),
        )
        for name, value in ours.items()
    ]
    table = Table("How well Russian is read", ("measure", "armcrawl", "floor", *others), rows)
    steps = measures.calibration([*load("tags"), *load("names"), *load("names-fresh")])
    claims = Table("What the confidence in a name means", ("confidence", "names", "right"), steps)
    emit(None, [table, claims], as_json=False)
    print("\n".join(real_pages()))  # noqa: T201
    misses = pinned.misses(ours)
    if arguments.lower or (arguments.pin and not misses):
        _pin(pinned, ours, misses, arguments.lower)
        return
    digests = _digests()
    changed = [name for name, found in digests.items() if pinned.digests.get(name) != found]
    for name in changed:
        print(f"The corpus {name} is not the pinned one: look at it, and --pin.", file=sys.stderr)  # noqa: T201
    for name in misses:
        print(f"MISS {name}: {ours.get(name, 0.0):.4f} for {pinned.measures[name]:.4f}", file=sys.stderr)  # noqa: T201
    sys.exit(bool(changed or misses))


def _pin(pinned: floors.Floors, ours: Measures, misses: list[str], reason: str | None) -> None:
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    lowered = [f"{today}: {', '.join(misses)}: {reason}"] if reason and misses else []
    floors.write(floors.Floors(_digests(), ours, [*pinned.lowered, *lowered]))


def _digests() -> dict[str, str]:
    return {name: digest(name) for name in CORPORA} | {"reprints": reprints.digest()}


def _pinned(pinned: floors.Floors, name: str) -> str:
    if name not in pinned.measures:
        return ""
    return f"{'≤' if name in floors.CEILINGS else '≥'} {pinned.measures[name]:.4f}"


if __name__ == "__main__":
    main()
