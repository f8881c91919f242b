"""docs/analysis.ipynb runs, and is stored with what a run of it gives."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import nbformat

from tests.conftest import COMMAND_SECONDS, TOP
from tests.notebook import NOTEBOOK

if TYPE_CHECKING:
    from pathlib import Path


def without_pixels(path: Path) -> list[tuple[str, list[Any]]]:
    """Return the sources and outputs of all cells; of a chart that there is one, as its pixels are a machine's own."""
    cells = nbformat.read(path, as_version=4).cells
    return [(cell.source, [shown(output) for output in cell.get("outputs", ())]) for cell in cells]


def shown(output: Any) -> Any:
    data = dict(output.get("data", {}))
    if "image/png" in data:
        data["image/png"] = "a chart"
    return output.output_type, output.get("text"), data


def test_the_notebook_gives_what_is_stored_with_it(tmp_path: Path) -> None:
    # A process of its own: the kernel's client has its own loop and threads.
    command = [sys.executable, "-m", "tests.notebook", str(tmp_path / "run.ipynb")]
    subprocess.run(command, cwd=TOP, check=True, capture_output=True, timeout=2 * COMMAND_SECONDS)
    stored = without_pixels(NOTEBOOK)
    assert stored == without_pixels(tmp_path / "run.ipynb")
    charts = [data for _, outputs in stored for _, _, data in outputs if data.get("image/png")]
    assert len(charts) == 5
