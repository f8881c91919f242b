"""Drift, as observations of pages show it; `tests/guard` has nights in which nothing happens."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from armcrawl.checks import Accepted, Breach, Distribution, History, Observation, judge, judge_new, picture_of, seen_of
from armcrawl.checks.judging import WINDOWS
from armcrawl.checks.observing import Seen
from armcrawl.checks.pictures import Stratum
from armcrawl.sites.judged import MEASURES, REQUESTS

if TYPE_CHECKING:
    from collections.abc import Callable

BEGIN = date(2026, 1, 1)
WINDOW = 50
# Some two hundred pages to compare with.
QUIET = 15


def article(chance: random.Random, number: int) -> Observation:
    """Return a page as the site shows them: in some rubrics, some without tags or attribution."""
    is_interview = chance.random() < 0.15
    tags = 0 if chance.random() < 0.2 else chance.randint(1, 6)
    filled = {name for name, share in (("attribution", 0.7), ("lead", 0.9), ("images", 0.8)) if chance.random() < share}
    paragraphs = chance.randint(8, 20) if is_interview else chance.randint(3, 8)
    return Observation(
        key=f"armtorg/news/{number}",
        section="news",
        number=number,
        filled=frozenset(filled | {"date"} | ({"tags"} if tags else set())),
        words=round(paragraphs * chance.gauss(45, 10)) + 20,
        paragraphs=paragraphs,
        tags=tags,
        linked_tags=tags,
        methods={"title": "og" if chance.random() < 0.05 else "h1", "date": "below-title"},
        agrees={"title": chance.random() < 0.97},
        hashes=frozenset(chance.getrandbits(32) for _ in range(paragraphs)),
        title=chance.getrandbits(32),
        title_letters=chance.randint(30, 90),
        body=chance.getrandbits(32),
        day=BEGIN + timedelta(days=number // 15),
        fetched_on=BEGIN + timedelta(days=number // 15),
    )


class Nights:
    """A site that is looked at night after night, with all pages so far in view."""

    def __init__(self, seed: int = 0) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - the same nights in every run
        self.number = 1
        self.pages: list[Observation] = []
        self.history = History()
        self.unjudged: str | None = None

    def pass_by(
        self, change: Callable[[Observation], Observation] = lambda page: page, number: int | None = None
    ) -> list[Breach]:
        """Read the pages of a night; return the breaches, and take the night as good if there is none."""
        night = []
        for _ in range(number or self.chance.randint(8, 20)):
            night.append(change(article(self.chance, self.number)))
            self.number += 1
        self.pages += night
        seen = seen_of(self.pages[-max(WINDOWS) :])
        breaches, self.unjudged = judge(seen, len(night), self.history)
        if not breaches:
            self.history.add(picture_of(seen[len(seen) - len(night) :]))
        return breaches

    def until_breach(self, change: Callable[[Observation], Observation], quiet: int = 0) -> tuple[list[Breach], int]:
        """Return the first breaches after a change that follows some quiet nights, and how many pages it took."""
        for _ in range(quiet or QUIET):
            self.pass_by()
        begin = self.number
        for _ in range(10):
            if breaches := self.pass_by(change):
                return breaches, self.number - begin
        return [], self.number - begin


def tagless(page: Observation) -> Observation:
    return replace(page, tags=0, linked_tags=0, filled=page.filled - {"tags"})


def aged(page: Observation) -> Observation:
    assert page.day is not None
    return replace(page, day=page.day - timedelta(days=6 * 365), methods={"title": "font"})


def is_third(page: Observation) -> bool:
    return (page.number or 0) % 3 == 0


def moved_title(page: Observation) -> Observation:
    return replace(page, methods={**page.methods, "title": "bold"}) if is_third(page) else page


def interviews_without_date(page: Observation) -> Observation:
    return replace(page, filled=page.filled - {"date"}, day=None) if page.paragraphs > 8 else page


def teasers_in_body(page: Observation) -> Observation:
    teasers = frozenset(hash(f"{(page.number or 0) // 20} {place}") for place in range(5))
    return replace(page, words=page.words + 90, paragraphs=page.paragraphs + 5, hashes=page.hashes | teasers)


def tags_without_links(page: Observation) -> Observation:
    return replace(page, linked_tags=0)


def consent_page(page: Observation) -> Observation:
    return Observation(page.key, page.section, page.number, kind="challenge") if is_third(page) else page


def telegram_block(page: Observation) -> Observation:
    return replace(page, hashes=page.hashes | {4711}, paragraphs=page.paragraphs + 1, words=page.words + 4)


def header_day(page: Observation) -> Observation:
    return replace(page, agrees={"title": False}) if is_third(page) else page


@pytest.mark.parametrize(
    ("change", "measure", "value"),
    [
        (moved_title, "method of title", "bold"),
        (teasers_in_body, "a paragraph of other pages", "yes"),
        (tags_without_links, "links of tags", "missing"),
        (consent_page, "page", "challenge"),
        (telegram_block, "a paragraph of other pages", "yes"),
        (header_day, "second witness of title", "differs"),
    ],
)
def test_a_change_of_some_pages_is_seen_within_fifty(
    change: Callable[[Observation], Observation], measure: str, value: str
) -> None:
    breaches, pages = Nights(1).until_breach(change)
    assert (measure, value) in {(breach.measure, breach.value) for breach in breaches}
    assert pages <= WINDOW


def test_a_change_of_a_seventh_of_the_pages_is_seen_as_soon_as_chance_allows() -> None:
    """A rubric's pages come by chance, so fifty pages hold four or ten of them."""
    found = [Nights(seed).until_breach(interviews_without_date, quiet=40) for seed in range(3)]
    assert all(breaches[0].measure == "date" for breaches, _ in found)
    pages = sorted(number for _, number in found)
    assert pages[len(pages) // 2] <= 2 * WINDOW


def test_a_change_in_the_middle_of_a_run_counts_though_its_end_is_as_usual() -> None:
    nights = Nights(1)
    for _ in range(QUIET):
        nights.pass_by()
    run = [article(nights.chance, nights.number + place) for place in range(3 * WINDOW)]
    run[WINDOW : 2 * WINDOW] = map(tags_without_links, run[WINDOW : 2 * WINDOW])
    seen = seen_of(run)
    assert judge_new(seen[-WINDOW:], WINDOW, nights.history) == []
    assert "links of tags" in {breach.measure for breach in judge_new(seen, len(run), nights.history)}


def test_a_breach_names_figure_range_examples_and_the_first_page() -> None:
    nights = Nights(2)
    breaches, _ = nights.until_breach(tags_without_links)
    [breach] = [one for one in breaches if one.measure == "links of tags"]
    changed = [page.key for page in nights.pages if page.tags and not page.linked_tags]
    assert breach.first == changed[0]
    assert set(breach.examples) <= set(changed)
    assert breach.pages == len(changed)
    assert str(breach).startswith(f"{len(changed)} of {breach.of} pages have tags that are no links (")
    assert "usually 0%" in str(breach)


def test_lengths_that_shift_are_a_breach() -> None:
    breaches, _ = Nights(3).until_breach(lambda page: replace(page, words=page.words // 3))
    assert ("number of words", "fewer than usual") in {(breach.measure, breach.value) for breach in breaches}


def test_a_third_of_the_pages_being_longer_is_the_news_and_no_breach() -> None:
    breaches, _ = Nights(3).until_breach(lambda page: replace(page, words=page.words * 3) if is_third(page) else page)
    assert breaches == []


def test_without_enough_earlier_pages_a_run_is_not_judged() -> None:
    nights = Nights(4)
    nights.pass_by(number=60)
    assert nights.unjudged == "0 of 100 pages of news to compare with"
    assert nights.pass_by(tags_without_links) == []
    assert nights.unjudged == "60 of 100 pages of news to compare with"


def test_a_run_of_pages_that_can_be_compared_is_judged() -> None:
    nights = Nights(4)
    nights.pass_by(number=100)
    assert nights.pass_by() == []
    assert nights.unjudged is None


def test_what_is_usual_is_what_was_before_the_pages_that_are_judged() -> None:
    history = History()
    for name, pages in (("h1", 300), ("bold", 60), ("strong", 40)):
        picture = Distribution(pages)
        picture.add(Stratum("news", "new"), "method of title", {name: pages})
        history.add(picture)
    usual = list(history.usuals([100, 50, 10]))
    found = [set(one.total.counts(Stratum("news", "new"), "method of title")) for one in usual]
    assert found == [{"h1"}, {"h1", "bold"}, {"h1", "bold", "strong"}]


def test_what_a_run_records_is_read_back() -> None:
    nights = Nights(5)
    nights.pass_by()
    [picture] = nights.history.pictures
    assert Distribution.from_json(picture.to_json()) == picture


BROKEN: list[tuple[str, Callable[[Observation], Observation]]] = [
    ("date", lambda page: replace(page, filled=page.filled - {"date"}, day=None)),
    ("text", lambda page: replace(page, paragraphs=0, words=0, hashes=frozenset(), body=0)),
    ("title of other pages", lambda page: replace(page, title=7)),
    ("text of other pages", lambda page: replace(page, body=7)),
    ("title", lambda page: replace(page, names_site=True)),
    ("label without tags", lambda page: replace(page, notes=frozenset({"tags/label_without_tags"}))),
    ("text cut off", lambda page: replace(page, notes=frozenset({"body/cut"}))),
    ("text in a wrong charset", lambda page: replace(page, is_readable=False)),
    ("prose left out", lambda page: replace(page, left_out=0.3)),
    ("page", lambda page: Observation(page.key, page.section, page.number, kind="not_article: listing")),
    ("day of most other pages", lambda page: replace(page, day=BEGIN)),
]


@pytest.mark.parametrize(("measure", "change"), BROKEN, ids=lambda value: value if isinstance(value, str) else "")
def test_the_first_crawl_is_held_to_what_no_site_shows(
    measure: str, change: Callable[[Observation], Observation]
) -> None:
    breaches = Nights().pass_by(change, number=60)
    assert measure in {breach.measure for breach in breaches}
    assert all(breach.usual is None for breach in breaches)


def test_what_no_site_shows_is_seen_across_nights_of_few_pages() -> None:
    nights = Nights()
    seen = [bool(nights.pass_by(BROKEN[0][1], number=3)) for _ in range(4)]
    assert seen == [False, False, False, True]


def test_a_bound_that_a_person_accepted_holds_no_more_and_the_others_do() -> None:
    nights = Nights()
    nights.history.add(Distribution(), [Accepted("", "date")])
    assert nights.pass_by(BROKEN[0][1], number=30) == []
    breaches = nights.pass_by(lambda page: replace(page, names_site=True), number=30)
    assert [breach.measure for breach in breaches] == ["title"]


def test_what_is_accepted_in_a_section_is_accepted_there() -> None:
    history = History()
    history.add(Distribution(), [Accepted("video", "text")])
    assert not history.holds("video", "text")
    assert history.holds("news", "text")


def test_what_is_accepted_in_a_section_is_no_matter_of_all_pages_either() -> None:
    def in_sections(page: Observation) -> Observation:
        is_video = (page.number or 0) % 12 == 0
        return replace(page, section="video") if is_video else replace(page, paragraphs=0, hashes=frozenset(), body=0)

    nights = Nights()
    nights.history.add(Distribution(), [Accepted("news", "text")])
    assert nights.pass_by(in_sections, number=60) == []
    textless = nights.pass_by(lambda page: replace(page, section="video", paragraphs=0, body=0), number=60)
    assert [(one.measure, one.pages, one.of) for one in textless if one.usual is None] == [("text", 60, 60)]


def test_pages_without_a_fault_that_was_usual_are_no_breach() -> None:
    nights = Nights(8)
    for _ in range(QUIET):
        nights.pass_by(telegram_block)
    assert nights.pass_by(number=60) == []


def test_pages_of_which_less_prose_is_left_out_than_usual_are_no_breach() -> None:
    nights = Nights(8)
    for _ in range(QUIET):
        nights.pass_by(lambda page: replace(page, left_out=0.04))
    assert nights.pass_by(lambda page: replace(page, left_out=0.0), number=60) == []
    assert [one.words for one in nights.pass_by(lambda page: replace(page, left_out=0.1), number=60)] == [
        "leave a paragraph of their prose out of the text"
    ]


def test_a_bound_that_only_earlier_pages_of_a_window_cross_is_no_breach_of_a_later_page() -> None:
    earlier = [Seen(f"armtorg/news/{number}", "news", "new", {"text": "missing"}) for number in range(50)]
    own = [Seen(f"armtorg/news/{number}", "news", "new", {"page": "stored"}) for number in range(50, 75)]
    own += [Seen(f"armtorg/news/{number}", "news", "new", {"text": "there"}) for number in range(75, 105)]
    own.append(Seen("armtorg/news/105", "news", "new", {"text": "missing"}))
    assert judge_new([*earlier, *own], len(own), History()) == []


def test_what_was_before_an_accepted_change_is_no_change_of_its_own() -> None:
    nights = Nights(8)
    for _ in range(40):
        nights.pass_by(moved_title)
    nights.history.add(Distribution(), [Accepted("", "method of title")])
    assert [nights.pass_by() for _ in range(QUIET)] == [[]] * QUIET


def test_methods_of_another_year_tell_nothing_of_new_pages() -> None:
    nights = Nights(8)
    nights.pass_by(aged, number=150)
    assert nights.pass_by(number=60) == []


def test_old_pages_are_compared_with_those_of_their_year() -> None:
    nights = Nights(8)
    nights.pass_by(number=150)
    assert nights.pass_by(aged, number=60) == []
    assert nights.unjudged == "0 of 100 pages of news of 2020 to compare with"


def test_what_a_reader_misses_is_seen_on_old_pages_of_years_that_nobody_knows() -> None:
    nights = Nights(8)
    nights.pass_by(number=150)
    # That their layout is another one says nothing.
    assert nights.pass_by(aged, number=60) == []
    assert nights.pass_by(lambda page: tagless(aged(page)), number=30)[0].measure == "tags"


def test_a_new_section_is_held_to_what_no_site_shows_beside_sections_that_are_whole() -> None:
    def with_new(page: Observation) -> Observation:
        is_new = (page.number or 0) % 3 == 0
        return replace(page, section="video", filled=page.filled - {"date"}, day=None) if is_new else page

    nights = Nights(10)
    nights.pass_by(number=120)
    found = nights.pass_by(with_new, number=60)
    assert {(one.measure, one.section, one.pages, one.of) for one in found} == {("date", "video", 20, 20)}


def test_a_change_of_one_section_is_told_of_that_section() -> None:
    nights = Nights(9)

    def in_two(page: Observation) -> Observation:
        return replace(page, section="reviews") if (page.number or 0) % 4 == 0 else page

    for _ in range(45):
        nights.pass_by(in_two)
    found: list[Breach] = []
    while not found:
        found = nights.pass_by(
            lambda page: (
                replace(in_two(page), filled=page.filled - {"date"}, day=None) if (page.number or 0) % 4 == 0 else page
            )
        )
    assert {(one.measure, one.section) for one in found} == {("date", "reviews")}
    assert "pages of reviews have no date" in str(found[0])


def test_a_stretch_with_one_section_only_is_no_change() -> None:
    nights = Nights(6)
    for _ in range(QUIET):
        nights.pass_by(lambda page: signed_review(page) if (page.number or 0) % 3 == 0 else page)
    assert [breach for _ in range(5) for breach in nights.pass_by(signed_review)] == []


def signed_review(page: Observation) -> Observation:
    return replace(page, section="reviews", filled=page.filled | {"author"}, words=page.words * 4)


def test_a_parser_that_leaves_more_prose_out_than_before_is_seen() -> None:
    nights = Nights()
    for _ in range(20):
        nights.pass_by(lambda page: replace(page, left_out=0.0))
    breaches = [one for _ in range(4) for one in nights.pass_by(lambda page: replace(page, left_out=0.3))]
    assert "prose left out" in {breach.measure for breach in breaches}


def test_a_declaration_may_name_what_is_measured_and_nothing_else() -> None:
    page = replace(
        article(random.Random(1), 1),  # noqa: S311 - the same page in every run
        tags=2,
        linked_tags=1,
        left_out=0.1,
        methods=dict.fromkeys(("title", "body", "date", "tags", "attribution", "author"), "line"),
        agrees=dict.fromkeys(("title", "date", "tags", "author"), True),
    )
    others = [replace(page, number=number, fetched_on=BEGIN + timedelta(days=number // 10)) for number in range(11)]
    measures = picture_of(seen_of(others)).measures
    # Requests are no matter of pages.
    assert measures == set(MEASURES) - {REQUESTS}


def test_one_crawl_late_in_the_evening_is_no_change_of_dates() -> None:
    def of_yesterday(page: Observation) -> Observation:
        assert page.fetched_on is not None
        return replace(page, day=page.fetched_on - timedelta(days=1))

    nights = Nights(8)
    for _ in range(QUIET):
        nights.pass_by(of_yesterday, number=15)
    assert nights.pass_by(number=15) == []


def test_a_page_that_is_read_in_several_nights_shares_no_paragraph_with_itself() -> None:
    page = article(random.Random(1), 1)  # noqa: S311 - the same page in every run
    others = [replace(page, key=f"armtorg/news/{number}", number=number) for number in range(1, 5)]
    again, shared = picture_of(seen_of([page] * 4)), picture_of(seen_of(others))
    measure = "a paragraph of other pages"
    assert again.counts(Stratum("news", "new"), measure) == {"no": 4}
    # From the fourth on it stands on four.
    assert shared.counts(Stratum("news", "new"), measure) == {"no": 3, "yes": 1}


def test_what_a_reader_misses_is_told_before_how_pages_are_dated() -> None:
    dated, untagged = (
        Breach(measure, value, 20, 20, (0.1, 0.1), ("ventil/news/1",), "ventil/news/1")
        for measure, value in (("dated on the day of the fetch", "yes"), ("tags", "missing"))
    )
    assert min([dated, untagged], key=lambda breach: breach.rank) is untagged
