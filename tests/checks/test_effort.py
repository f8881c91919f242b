"""Requests per article, against what earlier runs took."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from armcrawl.checks import Effort, breach_from_json, judge_effort

USUAL = [Effort(110, 5, 100), Effort(1000, 300, 640), Effort(70, 0, 60)]


def test_a_redirect_to_each_page_is_seen() -> None:
    breach = judge_effort(Effort(210, 5, 100), USUAL)
    assert str(breach) == "requests per article: 205 requests for 100 articles (2.05 each), usually 1.05 to 1.17"


@pytest.mark.parametrize(
    ("effort", "earlier"),
    [
        (Effort(160, 0, 100), USUAL),  # retries and probes
        (Effort(900, 800, 90), USUAL),  # a long hole in the ids
        (Effort(90, 0, 20), USUAL),  # a quiet night
        (Effort(900, 0, 100), USUAL[:1]),  # nobody knows yet what is usual
        (Effort(900, 0, 100), [USUAL[0], Effort(40, 0, 3), Effort(9, 9, 0)]),
    ],
)
def test_what_says_nothing_of_the_site_is_no_breach(effort: Effort, earlier: list[Effort]) -> None:
    assert judge_effort(effort, earlier) is None


def test_a_breach_comes_back_from_a_record_as_it_was() -> None:
    breach = judge_effort(Effort(210, 5, 100), USUAL)
    assert breach is not None
    stored = asdict(breach)
    assert breach_from_json(stored) == breach
    assert str(breach_from_json(stored)) == str(breach)
