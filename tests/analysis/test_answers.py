"""Rows as files for spreadsheets."""

from __future__ import annotations

import pytest

from armcrawl.analysis.cells import MAX_ROWS
from armcrawl.analysis.serving.answers import check_fits_excel
from armcrawl.errors import UsageError


def test_more_rows_than_a_sheet_holds_are_refused_before_any_is_sent() -> None:
    check_fits_excel(MAX_ROWS - 1)  # and the head
    with pytest.raises(UsageError, match="На лист Excel входит 1048575 строк"):
        check_fits_excel(MAX_ROWS)
