"""What the documents promise stands in docs/promises.md, each with a test that there is."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
TEXT = (TOP / "docs" / "promises.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (?P<chapter>[^|]+) \| (?P<promise>[^|]+) \| `(?P<file>tests/[\w/]+\.py)::(?P<test>\w+)` \|$")
# SECURITY.md has no headings: each of its points begins with what it is about.
CHAPTERS = {"SECURITY.md": r"^- \*\*([^*]+?)\.?\*\*"}
HEADING = r"^##+ (.+)$"
# The whole of this document is one table below its title, and another one below a heading.
TITLE_TOO = {"docs/faults.md": r"^##? (.+)$"}
DOCUMENTS = ("SECURITY.md", "docs/operations.md", "docs/guide.md", "docs/faults.md", "docs/fleet.md", "docs/python.md")


def rows() -> list[tuple[str, re.Match[str]]]:
    """Return each row, with the document whose promise it is."""
    document, found = "", []
    for line in TEXT.partition("## Without a test")[0].splitlines():
        if line.startswith("## "):
            document = line.removeprefix("## ")
        if line.startswith("| ") and not line.startswith(("| chapter", "| ---")):
            match = ROW.match(line)
            assert match is not None, line
            found.append((document, match))
    return found


@cache
def named_in(file: str) -> set[str]:
    """Return the names of the tests that a file has."""
    tree = ast.parse((TOP / file).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_each_promise_has_a_test_that_there_is() -> None:
    lost = [match[0] for _, match in rows() if match["test"] not in named_in(match["file"])]
    assert lost == []


def test_no_promise_stands_twice() -> None:
    promises = [(document, match["chapter"], match["promise"]) for document, match in rows()]
    assert len({*promises}) == len(promises)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_each_chapter_of_a_document_has_its_promises(document: str) -> None:
    text = re.sub(r"^```.*?^```", "", (TOP / document).read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    chapters = re.findall({**CHAPTERS, **TITLE_TOO}.get(document, HEADING), text, re.MULTILINE)
    assert {*chapters} == {match["chapter"] for of, match in rows() if of == document}
