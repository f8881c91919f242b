"""Whether the site has changed, or its pages differ by chance.

A measure is a property of a page, such as the method that found its date; it has one value on each page. Two rules
judge the last pages of the site, and of each of its sections, across nights:

- the *bounds* (`bounds.py`) are crossed by what no site shows, whatever is known of this one;
- otherwise the share of each value is compared with that on earlier pages that are alike: of the same section and age,
  as interviews are longer than news and name their author, and the archive's old pages have another layout. A value is
  a breach if it became so frequent that the probability of chance is below RARE.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING, NamedTuple

from armcrawl.checks import chance
from armcrawl.checks.bounds import BOUNDS, OF_MANY, crossed
from armcrawl.checks.breaches import MIN_PAGES, Breach, spread
from armcrawl.checks.observing import NEW, SOUND
from armcrawl.checks.pictures import MIN_EARLIER, MIN_OF_STRATUM, USUAL, History, Stratum, Usual, is_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from armcrawl.checks.observing import Seen

# The probability below which chance does not explain a rise: a night compares some fifty values in seven windows of
# three sections, and the windows overlap.
RARE = 1e-5
# The rise of a value's share, from 0 to 1, below which it is no breach: it may come from one rubric, or one week. The
# more pages, the more weeks.
MIN_RISE, MIN_RISE_OF_MANY = 0.08, 0.03
# The same for numbers such as lengths, which vary with the news and over the years. Pages above the usual range have a
# share of about 0.25, so a breach needs some 0.7 of them there.
MIN_SHIFT, MIN_SHIFT_OF_MANY = 0.45, 0.35
# And pages: ten reports on one subject are of one length.
MIN_PAGES_OF_NUMBER = 25
# Pages that are judged together: the first see a change of all pages at once, fifty one of a third of them, and the
# last one of a page in twenty or less. Each is twice the one before, and compared with all that is older: so a change
# that was not seen at first, and counted as usual, stands against what was before it once a window is as long.
WINDOWS = (10, 25, 50, 100, 200, 400, 800)
# While a run goes on, only so many are looked at: a change of most pages must stop it.
WINDOW = OF_MANY
# Pages between two windows in the middle of a run: half a window, so that a change is found before 50 pages have it.
STEP = WINDOW // 2
# Pages of other sections without a value, for it to be a matter of one section.
MIN_ELSEWHERE = 3
# Why a run is not judged that brought nothing.
NO_PAGE = "it read no page"
# The share of a run's pages that must be comparable for it to count as judged.
MIN_COMPARED = 0.5


class Verdict(NamedTuple):
    """What the checks say of a run: what does not hold, and, where it could not be judged, why not."""

    breaches: list[Breach]
    unjudged: str | None


class Place(NamedTuple):
    """Where a breach is: on pages of a section, or of all if that is empty."""

    section: str
    measure: str
    value: str


@dataclass(frozen=True, slots=True)
class Rise:
    """A value that is too frequent: its usual share, and what says so, None for what no site shows."""

    place: Place
    share: float
    usual: Usual | None


def judge(pages: Sequence[Seen], new: int, history: History) -> Verdict:
    """Judge a run by its last pages; the last `new` are its own, in the order in which they were read."""
    breaches = judge_new(pages, new, history, WINDOWS)
    return Verdict(breaches, None if breaches else unjudged(pages[len(pages) - new :], history))


def judge_new(
    pages: Sequence[Seen], new: int, history: History, sizes: Sequence[int] = (10, 25, WINDOW)
) -> list[Breach]:
    """Return what the last pages show that they should not, what a reader misses first.

    Some of the last `new` pages show it themselves: what earlier runs brought is judged already.
    """
    if not new:
        return []
    falling = sorted(sizes, reverse=True)
    usuals = dict(zip(falling, history.usuals(falling), strict=True))
    earlier, own = pages[: len(pages) - new], pages[len(pages) - new :]
    pages = [*history.forget_replaced(earlier), *own]
    sections = sorted({page.section for page in own})
    rises: dict[Place, Rise] = {}
    for section in ["", *(sections if len({page.section for page in pages}) > 1 else [])]:
        chosen = [page for page in pages if section in {"", page.section}]
        number = len([page for page in own if section in {"", page.section}])
        for rise in (*_crossed(chosen, number, history, section), *_rises(chosen, number, usuals, section)):
            rises.setdefault(rise.place, rise)
    found = [_breach(rise, pages, own, history) for rise in _narrowed(rises, pages, new)]
    return sorted((one for one in found if one is not None), key=lambda breach: breach.rank)


def unjudged(own: Sequence[Seen], history: History) -> str | None:
    """Return why a run cannot be compared with earlier ones; None if most of its pages can."""
    if not own:
        return NO_PAGE
    usual = history.usual(0)
    of = Counter(Stratum(page.section, page.age) for page in own)
    known = {stratum: usual.known(stratum) for stratum in of}
    compared = sum(of[one] for one in of if known[one] >= MIN_OF_STRATUM)
    if sum(known.values()) >= MIN_EARLIER and compared >= MIN_COMPARED * len(own):
        return None
    most = max(of, key=lambda one: (known[one] < MIN_EARLIER, of[one], one))
    age = "" if most.age == NEW else f" of {most.age}"
    return f"{known[most]} of {MIN_EARLIER} pages of {most.section}{age} to compare with"


def _ends(pages: Sequence[Seen], new: int) -> list[int]:
    """Return where windows end among the last pages."""
    return [*range(len(pages) - new + STEP, len(pages), STEP), len(pages)]


def _crossed(pages: Sequence[Seen], new: int, history: History, section: str) -> Iterator[Rise]:
    """Yield the bounds that windows cross whose own pages have a part in it, by pages for which they hold."""
    own = pages[len(pages) - new :]
    bounds = [bound for bound in BOUNDS if any(bound.is_on(page) for page in own)]
    for end in _ends(pages, new) if bounds else ():
        begin = max(0, end - OF_MANY)
        window = list(enumerate(pages[begin:end], begin))
        for bound in bounds:
            name = bound.measure
            shown = [(at, page) for at, page in window if name in page.values and history.holds(page.section, name)]
            size = crossed([page for _, page in shown], bound)
            if size and any(at >= len(pages) - new and bound.is_on(page) for at, page in shown[-size:]):
                yield Rise(Place(section, name, bound.value), 0.0, None)


# Of some pages how often each value of a measure is on those that are alike.
Shown = Counter[tuple[Stratum, str, str]]


def _shown_on(pages: Iterable[Seen]) -> Shown:
    return Counter(
        (stratum, measure, value)
        for page in pages
        for stratum in (Stratum(page.section, page.age),)
        for measure, value in page.values.items()
    )


def _rises(pages: Sequence[Seen], new: int, usuals: Mapping[int, Usual], section: str) -> Iterator[Rise]:
    """Yield what is more frequent in windows than chance allows, and on the run's own pages among them than usual."""
    telling = {size: usual for size, usual in usuals.items() if usual.total.pages >= MIN_EARLIER}
    for end in _ends(pages, new):
        shown: Shown = Counter()
        begin = end
        for size, usual in sorted(telling.items()):
            if size > end or (end < len(pages) and size > WINDOW):
                break
            shown.update(_shown_on(pages[end - size : begin]))
            begin = end - size
            own = pages[max(begin, len(pages) - new) : end]
            for measure, value, share in _compared(_known(shown, usual), usual):
                rise = Rise(Place(section, measure, value), share, usual)
                has = [_has(page, rise) for page in own if measure in page.values]
                if sum(has) > share * len(has):
                    yield rise


def _known(shown: Shown, usual: Usual) -> dict[str, dict[Stratum, Counter[str]]]:
    """Return by measure what is shown on pages that can be compared; of numbers, on which side of the middle."""
    found: dict[str, dict[Stratum, Counter[str]]] = {}
    for (stratum, measure, value), times in shown.items():
        if usual.is_known(stratum, measure):
            said = usual.side(stratum, measure, int(value)) if is_number(measure) else value
            strata = found.setdefault(measure, {})
            if stratum not in strata:
                strata[stratum] = Counter()
            strata[stratum][said] += times
    return found


def _compared(known: Mapping[str, Mapping[Stratum, Counter[str]]], usual: Usual) -> Iterator[tuple[str, str, float]]:
    """Yield the values that are more frequent than chance allows, and the share that each usually has.

    That fewer pages than usual have a fault is no breach.
    """
    for measure, strata in sorted(known.items()):
        of = sum(found.total() for found in strata.values())
        if of < (MIN_PAGES_OF_NUMBER if is_number(measure) else MIN_PAGES):
            continue
        few, many = (MIN_SHIFT, MIN_SHIFT_OF_MANY) if is_number(measure) else (MIN_RISE, MIN_RISE_OF_MANY)
        least = few if of <= WINDOW else many
        for value in sorted({value for found in strata.values() for value in found} - SOUND - {USUAL}):
            having = sum(found[value] for found in strata.values())
            if having / of < least:
                continue
            compared = [
                chance.Stratum(
                    found.total(), usual.shown(stratum, measure, value), usual.counts(stratum, measure).total()
                )
                for stratum, found in sorted(strata.items())
            ]
            share = chance.expected_share(compared)
            if having / of - share >= least and chance.tail(having, compared) < RARE:
                yield measure, value, share


def _narrowed(rises: dict[Place, Rise], pages: Sequence[Seen], new: int) -> Iterable[Rise]:
    """Yield each rise once: in the one section that it came from, else on all pages."""
    for measure, value in dict.fromkeys((place.measure, place.value) for place in rises):
        found = {
            place.section: rise for place, rise in rises.items() if (place.measure, place.value) == (measure, value)
        }
        sections = [section for section in found if section]
        if "" in found and len(sections) == 1:
            rise = found[sections[0]]
            elsewhere = [
                page for page in pages[len(pages) - new :] if page.section != sections[0] and measure in page.values
            ]
            # Where no other section was read, it is not known to be spared.
            is_spared = len(elsewhere) >= MIN_ELSEWHERE and not any(_has(page, rise) for page in elsewhere)
            yield rise if is_spared else found[""]
        elif "" in found:
            yield found[""]
        else:
            yield from (found[section] for section in sections)


def _has(page: Seen, rise: Rise) -> bool:
    measure, value = rise.place.measure, rise.place.value
    shown = page.values.get(measure)
    if shown is None:
        return False
    if rise.usual is not None and is_number(measure):
        stratum = Stratum(page.section, page.age)
        return rise.usual.is_known(stratum, measure) and rise.usual.side(stratum, measure, int(shown)) == value
    bound = next((one for one in BOUNDS if (one.measure, one.value) == (measure, value)), None)
    return bound.is_on(page) if bound is not None else shown == value


def _breach(rise: Rise, pages: Sequence[Seen], own: Sequence[Seen], history: History) -> Breach | None:
    """Return a breach with its figures since the page where it began, of pages as old as those of the run.

    Of a bound it counts the pages for which that holds.
    """
    section, measure, value = rise.place

    def counts(page: Seen) -> bool:
        return section in {"", page.section} and (rise.usual is not None or history.holds(page.section, measure))

    ages = {page.age for page in own if counts(page) and _has(page, rise)}
    chosen = [page for page in pages if counts(page) and page.age in ages and measure in page.values]
    has = [_has(page, rise) for page in chosen]
    if not any(has):
        return None
    begin = _begin(has, rise.share)
    since = [page.key for page, is_so in zip(chosen[begin:], has[begin:], strict=True) if is_so]
    usual = None if rise.usual is None else (round(rise.share, 4),) * 2
    return Breach(measure, value, len(since), len(chosen) - begin, usual, spread(since), since[0], section)


def _begin(having: Sequence[bool], share: float) -> int:
    """Return the index of the page where a value most likely became more frequent than `share`.

    It maximises the likelihood ratio, so earlier pages that had the value by chance are not taken for the first.
    """
    share = max(share, 0.5 / (len(having) + 1))
    best, begin, seen = float("-inf"), having.index(True), 0
    for place in reversed(range(len(having))):
        if not having[place]:
            continue
        seen += 1
        of = len(having) - place
        now = seen / of
        if now <= share:
            continue
        likelier = seen * log(now / share) + ((of - seen) * log((1 - now) / (1 - share)) if of > seen else 0.0)
        if likelier >= best:
            best, begin = likelier, place
    return begin
