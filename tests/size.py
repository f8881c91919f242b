"""How much code each room holds: lines without blanks and docstrings, and the files of each folder; `make size`."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

TOP = Path(__file__).parents[1]
PACKAGES = ("armcrawl", "pipelines")
# What was one house of corridors before it had rooms: they are told together.
CORRIDORS = ("store", "crawling", "reporting", "cli", "jobs", "discovery")
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def lines_of_code(source: str) -> int:
    """Count the lines that are neither blank nor part of a docstring."""
    described = set[int]()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            described.update(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    return sum(bool(line.strip()) for number, line in enumerate(source.splitlines(), 1) if number not in described)


def main() -> None:
    """Print a line for each room and each folder in it."""
    lines, files = Counter[str](), Counter[str]()
    for path in sorted(path for package in PACKAGES for path in (TOP / package).rglob("*.py")):
        folder = path.parent.relative_to(TOP)
        size = lines_of_code(path.read_text(encoding="utf-8"))
        for place in (folder, *folder.parents):
            lines[str(place)] += size
        files[str(folder)] += 1
    for folder_name in sorted(lines):
        print(f"{lines[folder_name]:6}  {files[folder_name]:3}  {folder_name}")
    together = sum(lines[f"armcrawl/{room}"] for room in CORRIDORS)
    print(f"{together:6}       {', '.join(CORRIDORS)} together")


if __name__ == "__main__":
    main()
