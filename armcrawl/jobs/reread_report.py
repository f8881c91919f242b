"""What a rereading changed, for people and programs: counts, the largest examples, JSON Lines, a page with diffs."""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from heapq import heappush, heappushpop
from itertools import count
from typing import TYPE_CHECKING, Any

from armcrawl.files import STANDARD_OUTPUT
from armcrawl.reporting.rendering import changed_pieces, macros
from armcrawl.store.articles.documents import pieces_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from types import TracebackType
    from typing import TextIO

    from armcrawl.jobs.rereading import Chunk, FieldChange, Reread

PAGE, LINES = ".html", ".jsonl"
# A person looks at some; a program takes all from the JSON Lines.
EXAMPLES = 5
MAX_ON_PAGE = 500


@dataclass
class RereadReport(AbstractContextManager["RereadReport"]):
    """Collects what changed, and writes all of it into files: JSON Lines, a page, or both.

    Nothing is written until something changed.
    """

    paths: Sequence[Path]

    counts: Counter[str] = field(default_factory=Counter)
    fields: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))  # kinds of changes
    changed: int = 0
    problems: list[str] = field(default_factory=list)
    # Refused runs that may be shown, now that it is applied, with why they were not judged.
    healed: dict[int, str | None] = field(default_factory=dict)
    largest: list[tuple[int, int, str, FieldChange]] = field(default_factory=list)
    order: Iterator[int] = field(default_factory=count)
    files: ExitStack = field(default_factory=ExitStack)
    lines: list[TextIO] = field(default_factory=list)
    pages: list[TextIO] = field(default_factory=list)

    def _open(self) -> None:
        self.macros = macros("reread.html")
        self.lines = [self._file(path) for path in self.paths if path.suffix != PAGE]
        self.pages = [self._file(path) for path in self.paths if path.suffix == PAGE]
        for page in self.pages:
            page.write(self.macros.head())

    def _file(self, path: Path) -> TextIO:
        if path == STANDARD_OUTPUT:
            return sys.stdout
        path.parent.mkdir(parents=True, exist_ok=True)
        return self.files.enter_context(path.open("w", encoding="utf-8"))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the files."""
        for page in self.pages:
            page.write(self.macros.foot(self.changed, MAX_ON_PAGE, self.rows()))
        self.files.close()

    def add(self, chunk: Chunk) -> None:
        """Take over what came of some pages."""
        self.counts += chunk.counts
        self.problems += chunk.problems
        for reread in chunk.rereads:
            self._add(reread)

    def rows(self) -> list[tuple[str, int, int, int]]:
        """Return for each field how often it was gained, lost and changed, the most frequent first."""
        found = sorted(self.fields.items(), key=lambda item: (-item[1].total(), item[0]))
        return [(name, kinds["gained"], kinds["lost"], kinds["changed"]) for name, kinds in found]

    def to_json(self) -> dict[str, Any]:
        """Return the counts as plain values, and where all changes are."""
        names = ("field", "gained", "lost", "changed")
        return {
            "pages": dict(self.counts),
            "changed": self.changed,
            "fields": [dict(zip(names, row, strict=True)) for row in self.rows()],
            "problems": self.problems,
            "healed_runs": list(self.healed),
            "reports": [str(path) for path in self.paths] if self.changed else [],
        }

    def examples(self) -> Iterator[tuple[str, FieldChange]]:
        """Yield the largest changes, with the keys of their pages."""
        for _, _, key, change in sorted(self.largest, reverse=True):
            yield key, change

    def _add(self, reread: Reread) -> None:
        if not self.changed:
            self._open()
        self.changed += 1
        key = str(reread.target.key)
        for change in reread.changes:
            self.fields[change.field][change.kind] += 1
            row = {
                "key": key,
                "field": change.field,
                "kind": change.kind,
                "before": change.before,
                "after": change.after,
            }
            for lines in self.lines:
                lines.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")
            self._remember(key, change)
        if self.pages and self.changed <= MAX_ON_PAGE:
            shown = [
                (change.field, change.kind, [*changed_pieces(pieces_of(change.before), pieces_of(change.after))])
                for change in reread.changes
            ]
            for page in self.pages:
                page.write(self.macros.change(key, reread.target.address, shown))

    def _remember(self, key: str, change: FieldChange) -> None:
        entry = (len(str(change.before or "")) + len(str(change.after or "")), next(self.order), key, change)
        if len(self.largest) < EXAMPLES:
            heappush(self.largest, entry)
        else:
            heappushpop(self.largest, entry)
