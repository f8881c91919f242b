"""The history of a page follows from its captures, the readings of these, and verdicts; not from their order."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from armcrawl.items import Outcome
from armcrawl.store.articles.captures import Past
from armcrawl.store.articles.folding import Capture, FoldedHistory, LaterReading, Parsed, fold
from armcrawl.store.articles.reread_pages import AFTER_ALL
from armcrawl.store.base.enumerations import ACCEPTED, IMPORT, PASSED, REFUSED, REJECTED
from tests.conftest import FETCHED_AT
from tests.thoroughness import examples

WORDS = 100


def on(day: int) -> datetime:
    return FETCHED_AT + timedelta(days=day)


def text(name: str, fields: str = "", *, words: int = WORDS, is_cut: bool = False, parser: int = 1) -> Parsed:
    """Return an article of this text, and with other fields."""
    return Parsed(Outcome.STORED, None, name, name + fields, parser, words, is_cut)


def other(outcome: Outcome, reason: str = "так вышло") -> Parsed:
    return Parsed(outcome, reason)


def capture(day: int, said: Parsed | str, *, until: int | None = None, run: int | None = None) -> Capture:
    """Return an answer of a day, whose run is judged if it has one."""
    told = text(said) if isinstance(said, str) else said
    last = on(day if until is None else until)
    return Capture(day, on(day), last, f"digest {day}", told, run_id=run, is_judged=run is not None)


def reading(of: int, day: int, said: Parsed | str) -> LaterReading:
    return LaterReading(day, of, on(day), text(said) if isinstance(said, str) else said)


def texts(history: FoldedHistory) -> list[str | None]:
    return [version.parsed.content_hash for version in history.versions]


def test_each_change_is_a_version() -> None:
    found = fold([capture(1, "А"), capture(2, "Б")], [], {})
    assert texts(found) == ["А", "Б"]
    assert (found.current, found.published, found.outcome) == (2, 2, "stored")


def test_what_is_seen_again_is_no_version() -> None:
    assert texts(fold([capture(1, "А"), capture(2, "А")], [], {})) == ["А"]


def test_a_text_that_comes_back_is_a_version() -> None:
    assert texts(fold([capture(1, "А"), capture(2, "Б"), capture(3, "А")], [], {})) == ["А", "Б", "А"]


def test_a_text_that_was_seen_until_after_another_one_has_come_back() -> None:
    found = fold([capture(1, "А", until=3), capture(2, "Б")], [], {})
    assert texts(found) == ["А", "Б", "А"]
    assert found.versions[-1].created_at == on(3)


def test_a_text_that_was_seen_until_another_one_came_is_one_version() -> None:
    assert texts(fold([capture(1, "А", until=2), capture(3, "Б")], [], {})) == ["А", "Б"]


def test_the_same_bytes_that_read_otherwise_are_our_parsers_doing() -> None:
    again = replace(capture(2, "Б"), digest="digest 1")
    assert [version.cause for version in fold([capture(1, "А"), again], [], {}).versions] == ["fetch", "re-extraction"]


def test_a_page_that_came_in_cut_after_the_whole_one_is_kept_beside_it() -> None:
    cut = text("Нач", words=10, is_cut=True)
    found = fold([capture(1, "А", run=1), capture(2, cut)], [], {1: PASSED})
    assert (texts(found), [version.parsed.content_hash for version in found.aside]) == (["А"], ["Нач"])


def test_a_page_that_came_in_cut_is_the_article_where_the_whole_one_is_rejected() -> None:
    cut = text("Нач", words=10, is_cut=True)
    assert texts(fold([capture(1, "А", run=1), capture(2, cut)], [], {1: REJECTED})) == ["Нач"]


def test_a_version_has_the_fields_that_were_found_at_the_last_look_at_its_text() -> None:
    first, last = capture(1, "А"), capture(5, text("А", "автор"))
    for captures in ([first, last], [last, first]):
        found = fold(captures, [], {})
        assert [version.parsed.document_hash for version in found.versions] == ["Аавтор"]
        assert found.versions[0].created_at == on(1)
        assert [version.parsed.document_hash for version in found.aside] == ["А"]


def test_an_earlier_parser_says_nothing_of_the_fields_that_a_later_one_found() -> None:
    captures = [capture(1, text("А", "автор", parser=2)), capture(5, text("А", parser=1))]
    assert [version.parsed.document_hash for version in fold(captures, [], {}).versions] == ["Аавтор"]


def test_what_was_fetched_before_it_was_read_anew_takes_no_field_back() -> None:
    found = fold([capture(1, "А"), capture(2, text("А", "снимок"))], [reading(1, 9, text("А", "автор"))], {})
    assert [version.parsed.document_hash for version in found.versions] == ["А", "Аавтор"]


def test_what_is_withheld_changes_no_field_of_what_is_shown() -> None:
    captures = [capture(1, "А"), capture(2, text("А", "автор"), run=7)]
    assert [version.parsed.document_hash for version in fold(captures, [], {7: REFUSED}).versions] == ["А"]
    assert [version.parsed.document_hash for version in fold(captures, [], {7: PASSED}).versions] == ["Аавтор"]


# Readings


def test_a_later_reading_is_a_version_behind_the_first_one() -> None:
    found = fold([capture(1, "А"), capture(5, "Б")], [reading(1, 9, "А заново")], {})
    assert texts(found) == ["А", "А заново", "Б"]
    assert [version.cause for version in found.versions] == ["fetch", "re-extraction", "fetch"]


def test_a_later_reading_that_differs_in_another_field_is_a_version() -> None:
    assert texts(fold([capture(1, "А")], [reading(1, 9, text("А", "автор"))], {})) == ["А", "А"]
    assert texts(fold([capture(1, "А")], [reading(1, 9, "А")], {})) == ["А"]


def test_what_was_seen_again_before_it_was_read_anew_does_not_bring_the_old_reading_back() -> None:
    found = fold([capture(1, "А"), capture(2, "А")], [reading(1, 9, "А заново")], {})
    assert texts(found) == ["А", "А заново"]


def test_what_was_seen_until_later_is_as_it_was_read_last() -> None:
    found = fold([capture(1, "А", until=3), capture(2, "Б")], [reading(1, 9, "А заново")], {})
    assert texts(found) == ["А", "А заново", "Б", "А заново"]


def test_a_page_that_is_understood_after_all_has_an_article() -> None:
    waiting = capture(1, other(Outcome.QUARANTINED))
    found = fold([waiting], [reading(1, 9, "А")], {})
    assert (texts(found), found.outcome) == (["А"], "stored")


def test_a_page_that_was_quarantined_and_shows_none_is_gone_where_it_had_an_article() -> None:
    captures = [capture(1, "А"), capture(2, other(Outcome.QUARANTINED))]
    assert fold(captures, [reading(2, 9, other(Outcome.MISSING))], {}).outcome == "gone"


def test_a_page_that_shows_no_article_to_a_later_parser_is_in_quarantine() -> None:
    found = fold([capture(1, "А")], [reading(1, 9, other(Outcome.NOT_ARTICLE, "listing"))], {})
    assert (texts(found), found.outcome, found.reason) == (["А"], "quarantined", "listing")


def test_so_is_one_that_the_site_has_taken_away() -> None:
    gone = capture(2, other(Outcome.MISSING))
    found = fold([capture(1, "А"), gone], [reading(1, 9, other(Outcome.NOT_ARTICLE, "listing"))], {})
    assert (found.outcome, found.reason) == ("quarantined", "listing")


# Outcomes


@pytest.mark.parametrize("outcome", [Outcome.MISSING, Outcome.NOT_ARTICLE, Outcome.QUARANTINED])
def test_a_page_without_an_article_is_what_it_was_last(outcome: Outcome) -> None:
    found = fold([capture(1, other(Outcome.MISSING)), capture(2, other(outcome, "почему"))], [], {})
    assert (found.outcome, found.reason, found.current, found.published) == (outcome, "почему", 0, None)


@pytest.mark.parametrize("outcome", [Outcome.MISSING, Outcome.NOT_ARTICLE])
def test_a_page_that_had_an_article_is_gone(outcome: Outcome) -> None:
    found = fold([capture(1, "А"), capture(2, other(outcome, "почему"))], [], {})
    assert (found.outcome, found.reason, texts(found)) == ("gone", "почему", ["А"])


def test_a_page_that_was_seen_until_after_it_was_away_is_there() -> None:
    assert fold([capture(1, "А", until=3), capture(2, other(Outcome.MISSING))], [], {}).outcome == "stored"


def test_of_what_was_taken_down_nothing_is_left() -> None:
    assert fold([capture(1, "А")], [], {}, "по просьбе") == FoldedHistory(outcome="removed", reason="по просьбе")


# Verdicts


@pytest.mark.parametrize("verdict", [None, REFUSED])
def test_what_a_run_stored_is_shown_when_it_is_good(verdict: str | None) -> None:
    captures = [capture(1, "А"), capture(2, "Б", run=7)]
    assert fold(captures, [], {7: verdict} if verdict else {}).published == 1
    assert fold(captures, [], {7: PASSED}).published == 2
    assert fold(captures, [], {7: ACCEPTED}).published == 2


def test_what_is_rejected_never_was() -> None:
    found = fold([capture(1, "А"), capture(2, "Б", run=7), capture(3, "А")], [reading(2, 9, "Б заново")], {7: REJECTED})
    assert (texts(found), found.outcome) == (["А"], "stored")


def test_what_was_understood_of_a_rejected_answer_is_rejected_too() -> None:
    waiting = capture(1, other(Outcome.QUARANTINED), run=7)
    found = fold([waiting], [reading(1, 9, "А")], {7: REJECTED})
    assert (texts(found), found.aside, found.outcome) == ([], (), "quarantined")


def test_of_a_page_whose_only_article_is_rejected_nothing_is_known() -> None:
    assert fold([capture(1, "А", run=7)], [], {7: REJECTED}) == FoldedHistory()


def test_a_text_that_may_not_be_shown_does_not_hide_the_same_text_of_another_run() -> None:
    found = fold([capture(1, "А", run=7), capture(2, "А", run=8)], [], {7: REFUSED, 8: PASSED})
    assert (texts(found), found.published) == (["А", "А"], 2)
    assert texts(fold([capture(1, "А", run=7), capture(2, "А", run=8)], [], {7: ACCEPTED, 8: PASSED})) == ["А"]


def test_a_later_reading_is_shown_when_the_run_that_got_the_page_is_good() -> None:
    captures, readings = [capture(1, "А", run=7)], [reading(1, 9, "А заново")]
    assert fold(captures, readings, {7: REFUSED}).published is None
    assert fold(captures, readings, {7: PASSED}).published == 2


# Any order

PARSED = st.one_of(
    st.builds(text, st.sampled_from("АБВ"), st.sampled_from(["", "автор"]), parser=st.integers(1, 2)),
    st.builds(lambda words: text(f"Нач {words}", words=words, is_cut=True), st.integers(1, WORDS)),
    st.sampled_from([Outcome.MISSING, Outcome.NOT_ARTICLE, Outcome.QUARANTINED]).map(other),
)


@st.composite
def pasts(draw: st.DrawFn) -> tuple[list[Capture], list[LaterReading], dict[int, str]]:
    days = draw(st.lists(st.integers(1, 9), min_size=1, max_size=5, unique=True))
    runs = st.one_of(st.none(), st.integers(1, 2))
    captures = [
        replace(
            capture(day, draw(PARSED), until=day + draw(st.integers(0, 3)), run=draw(runs)),
            cause=draw(st.sampled_from(["fetch", IMPORT])),
            digest=draw(st.sampled_from("xy")),
        )
        for day in days
    ]
    read = draw(st.lists(st.tuples(st.sampled_from(days), PARSED), max_size=3))
    readings = [reading(of, 20 + number, said) for number, (of, said) in enumerate(read)]
    verdicts: dict[int, str] = draw(
        st.dictionaries(st.integers(1, 2), st.sampled_from([PASSED, REFUSED, ACCEPTED, REJECTED]))
    )
    return captures, readings, verdicts


@given(past=pasts(), data=st.data())
@settings(max_examples=examples(100))
def test_the_order_of_rows_does_not_matter(
    past: tuple[list[Capture], list[LaterReading], dict[int, str]], data: st.DataObject
) -> None:
    captures, readings, verdicts = past
    shuffled = data.draw(st.permutations(captures)), data.draw(st.permutations(readings))
    assert fold(*shuffled, verdicts) == fold(captures, readings, verdicts)


@given(past=pasts())
@settings(max_examples=examples(100))
def test_every_text_that_is_not_rejected_is_that_of_a_version_or_kept_beside_them(
    past: tuple[list[Capture], list[LaterReading], dict[int, str]],
) -> None:
    captures, readings, verdicts = past
    rejected = {one.id for one in captures if one.is_judged and verdicts.get(one.run_id or 0) == REJECTED}
    said = [(one.id, one.parsed) for one in captures] + [(one.capture_id, one.parsed) for one in readings]
    wanted = {told.document_hash for number, told in said if told.document_hash and number not in rejected}
    found = fold(captures, readings, verdicts)
    kept = [version.parsed.document_hash for version in (*found.versions, *found.aside)]
    assert wanted == set(kept)
    assert len(found.aside) == len({version.parsed.document_hash for version in found.aside})


@given(past=pasts())
@settings(max_examples=examples(100))
def test_what_may_be_shown_is_shown(past: tuple[list[Capture], list[LaterReading], dict[int, str]]) -> None:
    captures, readings, verdicts = past
    free = [one for one in captures if not one.is_judged or verdicts.get(one.run_id or 0) in (PASSED, ACCEPTED)]
    shown = any(one.parsed.content_hash for one in free)
    assert not shown or fold(captures, readings, verdicts).published is not None


@given(past=pasts())
@settings(max_examples=examples(100), deadline=None)
def test_an_article_in_what_was_seen_last_is_what_the_page_is(
    past: tuple[list[Capture], list[LaterReading], dict[int, str]],
) -> None:
    known = Past(*past)
    for one in known.captures:
        further = LaterReading(0, one.id, AFTER_ALL, text("Д"))
        assert not known.shows_last(one.id) or known.history(further).outcome == "stored"


def test_what_was_seen_last_shows_nothing_where_it_is_rejected_or_the_page_was_taken_down() -> None:
    rejected = Past([capture(1, other(Outcome.QUARANTINED), run=1)], verdicts={1: REJECTED})
    taken_down = Past([capture(1, "А")], removed="по просьбе")
    assert not rejected.shows_last(1)
    assert not taken_down.shows_last(1)
