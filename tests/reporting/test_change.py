"""What a report says of a change, in plain words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from armcrawl.checks import Breach, plainest
from armcrawl.checks.effort import EffortBreach
from armcrawl.reporting import page_lines
from armcrawl.reporting.change import OF_FIELD, SHOWN_BY, change
from armcrawl.reporting.page_lines import Beside
from armcrawl.reporting.report import report_without_record
from armcrawl.sites.judged import MEASURES, REQUESTS
from armcrawl.store.queries.run_examples import Compared, Examples, Repeated
from tests.conftest import FETCHED_AT

KEY = "armtorg/news/7"
NO_DATE = Breach("date", "missing", 20, 50, (0.0, 0.02), (KEY,), KEY)
REQUESTED = EffortBreach(REQUESTS, "2.00", 600, 300, (1.0, 1.1), (), "")
FIELDS = (
    *(("title", "Цех", "Кран"), ("date", "31 мая 2016", "—"), ("source", "Армтруба", "—")),
    *(("tags", "краны", "—"), ("text", "40 words", "3 words")),
)
NO_EXAMPLES = Examples({}, ())
PAGE = Compared(KEY, "https://armtorg.ru/news/7", FETCHED_AT, "armtorg/news/6", "", "", FIELDS)


def told(*breaches: Breach, verdict: str = "refused", withheld: int = 0, examples: Examples = NO_EXAMPLES) -> list[str]:
    run = report_without_record("armtorg", "crawl", 3, "The site has changed.", run_id=12).run
    return list(change(replace(run, breaches=breaches, verdict=verdict, withheld=withheld), examples, {}))


def test_all_that_a_refused_run_stored_is_withheld() -> None:
    assert "Affected: 20 pages. Withheld: all 30 articles of this run, the sound ones too." in told(
        NO_DATE, withheld=30
    )


def test_a_refused_run_without_an_article_withholds_nothing() -> None:
    assert "Affected: 20 pages. Withheld: nothing, as this run stored no article." in told(NO_DATE)


@pytest.mark.parametrize("verdict", ["accepted", "rejected"])
def test_of_a_run_that_a_person_decided_on_nothing_is_said_to_be_withheld(verdict: str) -> None:
    said = told(NO_DATE, verdict=verdict)
    assert f"Affected: 20 pages. The run is {verdict} by now." in said
    assert not any("Withheld" in line or "Decide" in line for line in said)


def test_what_a_decision_has_not_come_to_yet_is_said() -> None:
    assert (
        "Affected: 20 pages. The run is accepted by now; 3 of its articles wait for `armcrawl runs publish`."
        in told(NO_DATE, verdict="accepted", withheld=3)
    )


def test_of_several_signs_the_largest_number_is_the_least() -> None:
    said = told(NO_DATE, replace(NO_DATE, measure="tags", pages=15))
    assert any(line.startswith("Affected: at least 20 pages.") for line in said)


def test_requests_are_no_pages() -> None:
    assert any(line.startswith("Affected: 20 pages.") for line in told(NO_DATE, REQUESTED))
    assert not any("Affected" in line for line in told(REQUESTED))


@pytest.mark.parametrize(
    ("measure", "shown"),
    [
        ("text of other pages", "text"),
        ("a paragraph of other pages", "text"),
        ("number of title letters", "title"),
        ("method of body", "text"),
        ("second witness of date", "date"),
        ("links of tags", "tags"),
        ("attribution", "source"),
    ],
)
def test_another_article_is_compared_in_what_has_changed(measure: str, shown: str) -> None:
    said = told(replace(NO_DATE, measure=measure, value="yes"), examples=Examples({}, (PAGE,)))
    assert [line.split(":")[0].strip() for line in said if "  →  " in line] == [shown]


def test_all_measures_have_a_field_but_for_those_that_only_the_lines_show() -> None:
    alone = {measure for measure in MEASURES if OF_FIELD.sub("", measure) not in SHOWN_BY}
    unshown = {"page", "lead", "author", "images", "method of author", "second witness of author", REQUESTS}
    assert alone == unshown


def test_a_paragraph_is_told_with_the_articles_that_were_looked_at() -> None:
    examples = Examples({}, (), (Repeated("text", "Подпишитесь на нас.", 30, 40),))
    said = told(NO_DATE, examples=examples)
    assert "  30 of the last 40 articles of the run have in their text: «Подпишитесь на нас.»" in said


def test_what_says_less_of_the_same_pages_is_not_told_and_of_another_section_it_is() -> None:
    site_name = Breach("title", "the site's name", 20, 20, None, (KEY,), KEY, "news")
    same = Breach("title of other pages", "yes", 20, 20, None, (KEY,), KEY, "news")
    assert plainest([site_name, same]) == [site_name]
    assert plainest([replace(site_name, section=""), same]) == [replace(site_name, section="")]
    for elsewhere in (replace(same, section="video"), replace(same, section="")):
        assert plainest([site_name, elsewhere]) == [site_name, elsewhere]


def test_why_a_page_is_not_shown_line_by_line_is_said() -> None:
    run = replace(report_without_record("armtorg", "crawl", 3, "", run_id=12).run, breaches=(NO_DATE,))
    lines = {KEY: Beside(missing="1.warc.gz is missing")}
    assert "  Not line by line: 1.warc.gz is missing." in change(run, Examples({}, (PAGE,)), lines)


def test_a_page_that_breaks_reading_breaks_no_report(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr(page_lines, "archived_page", broken)
    found = page_lines.lines_beside(None, Path("nowhere"), PAGE)  # type: ignore[arg-type]  # nothing asks for it
    assert found == Beside(missing="reading failed: RecursionError: too deep")


def test_a_page_without_one_before_has_no_lines_beside_it() -> None:
    found = page_lines.lines_beside(None, Path("nowhere"), replace(PAGE, beside=None))  # type: ignore[arg-type]  # as above
    assert found == Beside(missing="no page of its section was shown before")
