"""Reports that cannot be written, and commands that fail, are told; neither hides how the run ended."""

from __future__ import annotations

import json
import logging
import os
import time
from html import unescape
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from armcrawl.checks import Breach
from armcrawl.errors import ArmcrawlError, UsageError
from armcrawl.reporting.alarms import Alarms, run_command
from armcrawl.reporting.delivery import Reports
from armcrawl.reporting.metrics import write_metrics
from armcrawl.reporting.page_lines import Beside
from armcrawl.reporting.report import RunReport, html_of, report_without_record, summary
from armcrawl.store.queries.run_examples import Compared, Example, Examples
from tests.conftest import COMMAND_SECONDS, FETCHED_AT
from tests.waiting import wait_for

FAILED = report_without_record("armtorg", "crawl", 1, "Every page failed: the «answer» was <cut> off.")
GOOD = report_without_record("armtorg", "crawl", 0, "Nothing new.", outcome="done")
KEY = "armtorg/news/7"
WITHHELD = "Withheld: nothing, as this run stored no article."


def refused() -> RunReport:
    """Return the report of a run with a breach, and pages of every kind."""
    report = report_without_record("armtorg", "crawl", 3, "The site shows something else than before.")
    breach = Breach("date", "missing", 20, 50, (0.0, 0.02), (KEY,), KEY)
    fields = (("title", "Цех <открыт>", "Цех <открыт>"), ("date", "31 мая 2016", "—"))
    address = "https://armtorg.ru/news"
    page = Compared(KEY, f"{address}/7", FETCHED_AT, "armtorg/news/6", f"{address}/6", "", fields)
    changed = Example(
        KEY, "https://armtorg.ru/news/7", "Цех закрыт", ("Цех открыт", "Абзац."), ("Цех закрыт", "Абзац.")
    )
    object.__setattr__(report.run, "breaches", (breach,))
    object.__setattr__(report.run, "verdict", "refused")
    lines = {KEY: Beside((("title: Цех построен", "title: Цех <открыт>"), ("date: 30 мая 2016", "")))}
    return RunReport(report.run, Examples({"changed": (changed,)}, (page,)), lines)


def test_a_breach_is_shown_with_its_pages() -> None:
    page = html_of(refused().to_json())
    assert "20 of 50 pages have no date (40%, usually 0% to 2%)" in page
    assert page.count('href="https://armtorg.ru/news/7"') == 2
    assert "<del>Цех открыт</del>" in page
    assert "<ins>Цех закрыт</ins>" in page
    assert "<td>date: 30 мая 2016</td><td></td>" in page


def test_a_change_is_told_in_plain_words_with_pages_before_and_after_and_what_may_be_decided() -> None:
    told = refused().to_json()
    assert told["change"] == [
        "What has changed:",
        f"  20 of 50 pages have no date (40%, usually 0% to 2%), since {KEY}, e.g. {KEY}",
        f"Affected: 20 pages, the first read 2026-11-23 07:00 UTC. {WITHHELD}",
        f"{KEY} now, beside armtorg/news/6 before:",
        "  date:   31 мая 2016  →  —",
        f"  {'title: Цех построен':<64} │ title: Цех <открыт>",
        f"  {'date: 30 мая 2016':<64} │",
        "Decide; until then later runs go on, and nothing of this one is shown:",
        "  `armcrawl runs accept None` if the site looks so from now on: all that the run stored is shown",
        "  `armcrawl runs reject None` if it is the site's fault: all pages of the run are asked for again",
        "  `armcrawl reparse --apply` after a mend, if it is ours: the run is checked again",
    ]
    assert all(line in unescape(html_of(told)) for line in told["change"])


def test_a_run_that_was_not_judged_says_so_in_its_summary_and_its_metrics(tmp_path: Path) -> None:
    report = report_without_record("armtorg", "crawl", 0, "Nothing is left to ask for.", outcome="done")
    object.__setattr__(report.run, "verdict", "not judged")
    object.__setattr__(report.run, "unjudged", "12 of 100 pages of news to compare with")
    assert (
        "checks",
        "not judged: 12 of 100 pages of news to compare with; what it stored is shown all the same",
    ) in list(summary(report.to_json()))
    write_metrics(report, tmp_path / "run.prom")
    assert 'verdict="not judged"} 1.0' in (tmp_path / "run.prom").read_text(encoding="utf-8")


def test_what_pages_say_is_never_markup() -> None:
    page = html_of(refused().to_json())
    assert "Цех &lt;открыт&gt;" in page
    assert "<открыт>" not in page


def test_a_command_gets_the_facts_and_the_report(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    said = run_command(
        "--on-failure", f'cat > {out}; echo "$ARMCRAWL_SITE $ARMCRAWL_EXIT_CODE $ARMCRAWL_SENTENCE"', FAILED
    )
    assert said == "armtorg 1 Every page failed: the «answer» was <cut> off."
    assert json.loads(out.read_text(encoding="utf-8"))["outcome"] == "failed"


def test_a_command_sees_nothing_of_the_environment_that_may_hold_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", "geheim")
    monkeypatch.setenv("ARMCRAWL_DATABASE_URL", "postgresql://me:geheim@db/press")
    said = run_command("--on-failure", 'env; echo "path: $PATH"', FAILED)
    assert "geheim" not in said
    assert f"path: {os.environ['PATH']}" in said


def test_a_command_that_reads_nothing_is_no_failure() -> None:
    assert run_command("--on-failure", "true", FAILED) == ""


def test_a_command_that_fails_is_told_with_what_it_said() -> None:
    with pytest.raises(ArmcrawlError, match=r"exit code 7: no mail today"):
        run_command("--on-failure", "echo no mail today; exit 7", FAILED)


def test_a_command_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(ArmcrawlError, match=r"took longer than 0\.3 seconds"):
        run_command("--on-failure", f"sleep 3600 & echo $! > {tmp_path}/pid; wait", FAILED, seconds=0.3)
    assert time.monotonic() - began < COMMAND_SECONDS
    child = Path(f"/proc/{int((tmp_path / 'pid').read_text(encoding='ascii'))}/stat")
    # The kernel ends it in its own time, and whoever adopts it buries it later still.
    wait_for(lambda: not child.exists() or " Z " in child.read_text(encoding="ascii"))


def test_a_command_that_fails_leaves_the_run_as_it_ended(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    report = tmp_path / "r.json"
    assert Reports(report=report, alarms=Alarms(on_failure="exit 7")).tell(FAILED)
    assert "--on-failure ended with exit code 7." in caplog.text
    assert json.loads(report.read_text(encoding="utf-8"))["exit_code"] == 1


def test_a_command_is_not_called_after_a_good_run(tmp_path: Path) -> None:
    assert Reports(alarms=Alarms(on_failure=f"touch {tmp_path}/called")).tell(GOOD)
    assert not (tmp_path / "called").exists()


def test_a_report_that_cannot_be_written_is_told_and_calls_the_command(
    caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    gone = tmp_path / "gone"
    called = f'echo "$ARMCRAWL_EXIT_CODE" > {tmp_path}/called'
    with caplog.at_level(logging.ERROR):
        assert not Reports(report=gone / "r.html", metrics=tmp_path / "m.prom", alarms=Alarms(on_failure=called)).tell(
            GOOD
        )
    assert "r.html cannot be written" in caplog.text
    assert (tmp_path / "called").read_text(encoding="ascii") == "1\n"
    assert (tmp_path / "m.prom").exists()


def test_metrics_of_a_run_that_could_not_begin_tell_its_exit_code(tmp_path: Path) -> None:
    Reports(metrics=tmp_path / "m.prom").tell(FAILED)
    families = text_string_to_metric_families((tmp_path / "m.prom").read_text(encoding="utf-8"))
    values = {family.name: family.samples[0].value for family in families if family.samples}
    assert values["armcrawl_run_exit_code"] == 1
    assert "armcrawl_run_requests" not in values


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"ARMCRAWL_REPORT": "report.pdf"}, ".html or .json"),
        ({"ARMCRAWL_REPORT": "no-such-folder/report.html"}, "no folder"),
        ({"ARMCRAWL_METRICS": "metrics.txt"}, ".prom"),
        ({"ARMCRAWL_METRICS": "folder.prom"}, "is a folder"),
    ],
)
def test_what_cannot_be_written_is_found_out_before_the_run(
    settings: dict[str, str], word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "folder.prom").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=word.replace(".", r"\.")):
        Reports.of(settings)
