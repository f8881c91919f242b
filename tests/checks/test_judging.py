"""Drift, as observations of pages show it; and two hundred nights in which nothing happens."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from armcrawl.checks import Breach, Distribution, Observation, judge, judge_new, picture_of
from armcrawl.sites.judged import MEASURES, REQUESTS

if TYPE_CHECKING:
    from collections.abc import Callable

BEGIN = date(2026, 1, 1)
WINDOW = 50


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
        day=BEGIN + timedelta(days=number // 15),
        fetched_on=BEGIN + timedelta(days=number // 15),
    )


class Nights:
    """A site that is looked at night after night, each time with the last fifty pages in view."""

    def __init__(self, seed: int = 0) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - the same nights in every run
        self.number = 1
        self.pages: list[Observation] = []
        self.good: list[Distribution] = []

    def pass_by(self, change: Callable[[Observation], Observation] = lambda page: page) -> list[Breach]:
        """Read the pages of a night; return the breaches, and take the night as good if there is none."""
        night = []
        for _ in range(self.chance.randint(8, 20)):
            night.append(change(article(self.chance, self.number)))
            self.number += 1
        self.pages += night
        breaches = judge(self.pages[-WINDOW:], self.good)
        if not breaches:
            self.good.append(picture_of(night))
        return breaches

    def until_breach(self, change: Callable[[Observation], Observation]) -> tuple[list[Breach], int]:
        """Return the first breaches after a change that follows forty quiet nights, and how many pages it took."""
        for _ in range(40):
            self.pass_by()
        begin = self.number
        for _ in range(10):
            if breaches := self.pass_by(change):
                return breaches, self.number - begin
        return [], self.number - begin


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.soak) for seed in (1, 2))])
def test_two_hundred_quiet_nights_raise_no_alarm(seed: int) -> None:
    nights = Nights(seed)
    assert [breach for _ in range(200) for breach in nights.pass_by()] == []


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
    found = [Nights(seed).until_breach(interviews_without_date) for seed in range(15)]
    assert all(breaches[0].measure == "date" for breaches, _ in found)
    pages = sorted(number for _, number in found)
    assert pages[len(pages) * 3 // 4] <= WINDOW


def test_a_change_in_the_middle_of_a_run_counts_though_its_end_is_as_usual() -> None:
    nights = Nights(1)
    for _ in range(40):
        nights.pass_by()
    run = [article(nights.chance, nights.number + place) for place in range(3 * WINDOW)]
    run[WINDOW : 2 * WINDOW] = map(tags_without_links, run[WINDOW : 2 * WINDOW])
    assert judge_new(run[-WINDOW:], WINDOW, nights.good) == []
    assert "links of tags" in {breach.measure for breach in judge_new(run, len(run), nights.good)}


def test_a_breach_names_figure_range_examples_and_the_first_page() -> None:
    nights = Nights(2)
    breaches, _ = nights.until_breach(tags_without_links)
    [breach] = [one for one in breaches if one.measure == "links of tags"]
    changed = [page.key for page in nights.pages if page.tags and not page.linked_tags]
    assert breach.first == changed[0]
    assert set(breach.examples) <= set(changed)
    assert f"«missing» on {breach.pages} of {breach.of} pages" in str(breach)
    assert "usually 0%" in str(breach)


def test_lengths_that_shift_are_a_breach() -> None:
    breaches, _ = Nights(3).until_breach(lambda page: replace(page, words=page.words // 3))
    assert ("number of words", "fewer than usual") in {(breach.measure, breach.value) for breach in breaches}


def test_a_third_of_the_pages_being_longer_is_the_news_and_no_breach() -> None:
    breaches, _ = Nights(3).until_breach(lambda page: replace(page, words=page.words * 3) if is_third(page) else page)
    assert breaches == []


def test_without_enough_earlier_pages_nothing_is_said() -> None:
    nights = Nights(4)
    for _ in range(3):
        nights.pass_by()
    assert nights.pass_by(tags_without_links) == []


def test_what_only_one_run_saw_is_not_what_is_usual() -> None:
    chance = random.Random(4)  # noqa: S311 - the same pages in every run
    stretch = picture_of([article(chance, number) for number in range(1, 200)])
    other = [tags_without_links(article(chance, number)) for number in range(200, 200 + WINDOW)]
    few = picture_of([article(chance, number) for number in range(300, 310)])
    assert judge(other, [stretch, Distribution(), few]) == []
    assert judge(other, [stretch, stretch]) != []


def test_what_a_run_records_is_read_back() -> None:
    nights = Nights(5)
    nights.pass_by()
    assert Distribution.from_json(nights.good[0].to_json()) == nights.good[0]


def test_a_stretch_with_one_section_only_is_no_change() -> None:
    nights = Nights(6)
    for _ in range(40):
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
    measures = picture_of([page, replace(page, key="armtorg/news/2", number=2)]).measures
    # Requests are no matter of pages.
    assert measures == set(MEASURES) - {REQUESTS}


def test_a_page_that_is_read_in_several_nights_shares_no_paragraph_with_itself() -> None:
    page = article(random.Random(1), 1)  # noqa: S311 - the same page in every run
    others = [replace(page, key=f"armtorg/news/{number}", number=number) for number in range(1, 5)]
    again, shared = picture_of([page] * 4), picture_of(others)
    measure = "a paragraph of other pages"
    assert again.sections["news"][measure] == {"no": 4}
    assert shared.sections["news"][measure] == {"yes": 4}
