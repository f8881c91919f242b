"""The notebook docs/analysis.ipynb, run on the sample; `python -m tests.notebook [FILE]` writes it with its outputs."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
from nbclient import NotebookClient

from tests.analysts import fill
from tests.conftest import TOP

NOTEBOOK = TOP / "docs" / "analysis.ipynb"
# On a machine with much other work pandas and matplotlib are imported for a minute.
MAX_SECONDS = 600
# Where a kernel keeps what it remembers: nothing of this belongs to whoever runs the tests.
FOLDERS = ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "MPLCONFIGDIR")


def run() -> Any:
    """Return the notebook as it is after a run on the sample, whatever outputs are stored with it."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    with TemporaryDirectory() as folder:
        database = f"sqlite:///{Path(folder) / 'sample.db'}"
        fill(database)
        environment = {**os.environ, **dict.fromkeys(FOLDERS, folder), "ARMCRAWL_DATABASE_URL": database}
        # The kernel's address is a file there.
        os.environ.update(dict.fromkeys(FOLDERS, folder))
        client = NotebookClient(
            notebook,
            timeout=MAX_SECONDS,
            startup_timeout=MAX_SECONDS,
            kernel_name="python3",
            record_timing=False,
            resources={"metadata": {"path": folder}},
        )
        client.execute(env=environment)
    # What it says of Python's version differs from machine to machine.
    notebook.metadata["language_info"] = {"name": "python"}
    return notebook


def main() -> None:
    """Write the notebook with the outputs of a run."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else NOTEBOOK
    nbformat.write(run(), path)


if __name__ == "__main__":
    main()
