"""What documents and comments point to is there."""

from __future__ import annotations

import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

TOP = Path(__file__).parents[1]
FOLDERS = ("armcrawl", "pipelines", "tests", "benchmarks", "interop")
TEXTS = [*TOP.glob("*.md"), *TOP.glob("docs/*.md"), *TOP.glob("armcrawl/**/*.py"), *TOP.glob("pipelines/*.py")]
FILES = ["/" + str(path.relative_to(TOP)) for folder in FOLDERS for path in (TOP / folder).rglob("*.*")]
PATH = re.compile(r"`((?:[\w-]+/)*[\w-]+\.(?:py|toml))[`:]")
NAME = re.compile(r"`(armcrawl(?:\.[a-z_]+)+)`")
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
CODE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
# What a user makes, and what a package registers.
OTHERS = {"armcrawl.toml", "sites/ventil.toml", "armcrawl.discovery"}


def test_each_file_and_module_that_a_text_names_is_there() -> None:
    lost = set[tuple[str, str]]()
    for path in TEXTS:
        text = path.read_text(encoding="utf-8")
        missing = [name for name in PATH.findall(text) if not any(file.endswith("/" + name) for file in FILES)]
        missing += [name for name in NAME.findall(text) if not is_there(name)]
        lost |= {(str(path.relative_to(TOP)), name) for name in missing if name not in OTHERS}
    assert lost == set()


def test_each_link_of_a_document_leads_to_a_file_and_a_chapter_that_are_there() -> None:
    lost = set[tuple[str, str]]()
    for path in [*TOP.glob("*.md"), *TOP.glob("docs/*.md")]:
        for name, chapter in LINK.findall(CODE.sub("", path.read_text(encoding="utf-8"))):
            target = path.parent / name if name else path
            if not target.exists() or (chapter and chapter not in anchors_of(target)):
                lost.add((path.name, f"{name}#{chapter}"))
    assert lost == set()


def anchors_of(path: Path) -> set[str]:
    """Return what links call the chapters of a document: in small letters, with hyphens for spaces, without signs."""
    headings = HEADING.findall(CODE.sub("", path.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def is_there(name: str) -> bool:
    """Tell whether a dotted name is a module, or stands in one."""
    parent, _, last = name.rpartition(".")
    try:
        return find_spec(name) is not None or hasattr(import_module(parent), last)
    except ModuleNotFoundError:
        return False
