"""Changes that the page for engineers shows as a diff, made in a copy of the project."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.conftest import TOP
from tests.mutants.__main__ import Copy
from tests.mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def changes(heading: str) -> Iterator[Mutant]:
    """Yield the changes that stand under a heading."""
    page = (TOP / "docs" / "engineers.md").read_text(encoding="utf-8")
    part = page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    (shown,) = re.findall(r"```diff\n(.*?)```", part, re.DOTALL)
    for file, hunks in re.findall(r"^--- (\S+)\n((?:[ +@-].*\n)+?)(?=--- |\Z)", shown, re.MULTILINE):
        for hunk in hunks.split("@@\n"):
            lines = hunk.splitlines(keepends=True)
            before, after = ("".join(line[1:] for line in lines if line[0] != sign) for sign in "+-")
            yield Mutant(file, before, after, heading, ())


def changed_copy(folder: Path, heading: str) -> Copy:
    """Return a copy of the project with these changes."""
    copy = Copy(folder)
    for change in changes(heading):
        assert change.fault(copy.folder) is None
        file = copy.folder / change.file
        file.write_text(change.applied(file.read_text(encoding="utf-8")), encoding="utf-8")
    return copy
