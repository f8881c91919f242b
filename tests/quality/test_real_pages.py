"""Rows of pages that lie beside the checkout."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.quality.real_pages import ROWS, real_pages

if TYPE_CHECKING:
    from pathlib import Path

JUDGE = "import sys\nprint('wrong: page 1')\nprint('title 1.000', *sys.argv[1:])\n"


def test_without_the_folder_a_line_says_so(tmp_path: Path) -> None:
    assert real_pages(tmp_path / "real-pages") == [
        "Real pages: not measured, as there is no folder real-pages in a folder shared beside the checkout."
    ]


@pytest.mark.e2e
def test_each_way_to_show_the_pages_is_a_row(tmp_path: Path) -> None:
    (tmp_path / "score.py").write_text(JUDGE, encoding="utf-8")
    assert real_pages(tmp_path) == [
        "Real pages, as they are: title 1.000",
        "Real pages, --strip: title 1.000 --strip",
        "Real pages, --moved: title 1.000 --moved",
    ]
    assert len(ROWS) == 3


@pytest.mark.e2e
def test_a_judge_that_fails_is_no_row(tmp_path: Path) -> None:
    (tmp_path / "score.py").write_text("raise SystemExit('no pages')", encoding="utf-8")
    with pytest.raises(ChildProcessError, match="no pages"):
        real_pages(tmp_path)
