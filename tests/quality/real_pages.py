"""Pages that nobody here wrote: other people's, so they lie beside the checkout, and not in it.

Where the folder is present its own `score.py` judges what `armcrawl inspect --jsonl` makes of them.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[3] / "shared" / "real-pages"
# As they are; without metadata, as small sites lack it; and those that are no articles under an article's address.
ROWS = {"as they are": (), "--strip": ("--strip",), "--moved": ("--moved",)}


def real_pages(folder: Path = FOLDER) -> list[str]:
    """Return a line for each way to show the pages, or one that says that there are none.

    Raises ChildProcessError if the judge fails.
    """
    judge = folder / "score.py"
    if not judge.exists():
        return [
            f"Real pages: not measured, as there is no folder {folder.name} in a folder shared beside the checkout."
        ]
    return [f"Real pages, {name}: {judged(judge, arguments)}" for name, arguments in ROWS.items()]


def judged(judge: Path, arguments: tuple[str, ...]) -> str:
    """Return what the judge says in its last line. Raises ChildProcessError if it fails."""
    done = subprocess.run([sys.executable, str(judge), *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0 or not done.stdout.strip():
        said = (done.stderr or done.stdout).strip()
        raise ChildProcessError(f"{judge.name} ended with {done.returncode}: {said[-300:]}")
    return done.stdout.strip().splitlines()[-1]
