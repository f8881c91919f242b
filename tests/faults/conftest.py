"""The table of faults is printed after the tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.faults.table import COLUMNS

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Print what came of each fault, as it was measured."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.getreports(kind)]
    rows = [value for report in reports for name, value in report.user_properties if name == "fault"]
    if not rows:
        return
    widths = [max(len(line[column]) for line in (COLUMNS, *rows)) for column in range(len(COLUMNS))]
    terminalreporter.section("faults")
    for line in (COLUMNS, *sorted(rows)):
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        terminalreporter.write_line("  ".join(cells).rstrip())
