"""What a run's report says of doubts, wherever it is written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from prometheus_client.parser import text_string_to_metric_families

from armcrawl.reporting.metrics import write_metrics
from armcrawl.reporting.report import html_of, json_of, report_without_record, summary
from armcrawl.stats import stat

if TYPE_CHECKING:
    from pathlib import Path

    from armcrawl.reporting.report import RunReport

DOUBT = "cluster armtorg/news/2 holds 158 articles: texts of one template?"
UNJUDGED = "whether more articles than usual joined clusters (6 of 1 day): none of these days has 10 articles"


@pytest.fixture
def doubted() -> RunReport:
    stats = {"articles/new": 7, "clusters/doubts": DOUBT, "clusters/not_judged": UNJUDGED, "clusters/waiting": 12}
    told = {stat(name): value for name, value in stats.items()}
    return report_without_record("armtorg", "crawl", 0, "Nothing is left to ask for.", stats=told)


def test_doubts_what_was_not_judged_and_what_waits_stand_in_the_summary(doubted: RunReport) -> None:
    rows = dict(summary(doubted.to_json()))
    assert rows["articles"] == "new 7, changed 0, unchanged 0, duplicate 0, quarantined 0"
    assert rows["doubts"] == DOUBT
    assert rows["not judged"] == UNJUDGED
    assert rows["articles that wait to be compared with others"] == "12, see `armcrawl dedupe join`"


def test_a_run_without_doubts_says_nothing_of_them() -> None:
    rows = dict(summary(report_without_record("armtorg", "crawl", 0, "Nothing new.").to_json()))
    assert not rows.keys() & {"doubts", "not judged"}


def test_doubts_stand_on_the_page_and_in_json(doubted: RunReport) -> None:
    told = doubted.to_json()
    page = html_of(told)
    assert all(said in page for said in (DOUBT, UNJUDGED, "12, see"))
    assert json.loads(json_of(told))["stats"][stat("clusters/doubts")] == DOUBT


def test_metrics_of_a_doubted_run_are_numbers(doubted: RunReport, tmp_path: Path) -> None:
    write_metrics(doubted, tmp_path / "run.prom")
    families = text_string_to_metric_families((tmp_path / "run.prom").read_text(encoding="utf-8"))
    values = {sample.name: sample.value for family in families for sample in family.samples}
    assert values["armcrawl_run_waiting_articles"] == 12
