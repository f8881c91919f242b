"""A rule of the program, and how it is changed to see whether a test notices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: `source` stands once in `file`, `replacement` takes its place.

    `rule` says in a sentence what no longer holds then. `tests` are the files that should notice, the likeliest first.
    """

    file: str
    source: str
    replacement: str
    rule: str
    tests: tuple[str, ...]

    def fault(self, top: Path) -> str | None:
        """Return why the change cannot be made, or None: a mutant whose rule was rewritten proves nothing."""
        file = top / self.file
        if not file.is_file():
            return f"there is no {self.file}"
        times = file.read_text(encoding="utf-8").count(self.source)
        if times != 1:
            return f"{self.file} has {self.source!r} {times} times"
        missing = [name for name in self.tests if not (top / name).exists()]
        return f"there is no {missing[0]}" if missing else None

    def applied(self, text: str) -> str:
        """Return the file's text with the change."""
        return text.replace(self.source, self.replacement)


def mutants_of(file: str, *tests: str, changes: dict[str, tuple[str, str]]) -> list[Mutant]:
    """Return the mutants of one file: by what rule is broken, the text that stands there and what takes its place."""
    return [
        Mutant(f"armcrawl/{file}", source, replacement, rule, tuple(f"tests/{name}" for name in tests))
        for rule, (source, replacement) in changes.items()
    ]
