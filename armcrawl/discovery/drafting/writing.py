"""A draft becomes a TOML file with comments: what was seen, and how sure it is."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from armcrawl.discovery.drafting.declaring import Draft
    from armcrawl.discovery.drafting.sections import SectionDraft

MAX_LINE_LENGTH = 120
# What ends a line, or steers a terminal.
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def declaration_of(draft: Draft) -> str:
    """Return the text of the declaration."""
    # Pages may have anything in their titles and addresses, and a comment ends with its line.
    return "".join(f"{CONTROL.sub(' ', line)}\n" for line in _lines(draft))


def _lines(draft: Draft) -> Iterator[str]:
    yield f"# {draft.title or draft.name}: drafted by looking at a few pages; beside it stands what was seen."
    yield from (f"# To look at: {doubt}." for doubt in draft.doubts)
    yield f"name = {_toml(draft.name)}"
    if draft.title:
        yield f"title = {_toml(draft.title)}"
    yield f"hosts = [{_toml(draft.host)}]"
    if draft.base_url is not None:
        yield f"base_url = {_toml(draft.base_url)}"
    told = "" if draft.is_zone_told else "  # no page tells its zone: is it this one?"
    yield f"zone = {_toml(draft.zone)}{told}"
    if draft.title:
        yield f"own_names = [{_toml(draft.title)}]"
    yield "delay = 2.0"
    yield f"verified = false  # remove it when `armcrawl trial {draft.name}` reads its pages right"
    if draft.exclude:
        yield "# Pages that look like articles by their address alone, and are linked to from menus."
        yield from _list("exclude", draft.exclude)
    for section in draft.sections:
        yield ""
        yield from _section(section)
    for source in draft.sources:
        yield ""
        yield f"# {source.said}."
        yield "[[discovery]]"
        yield f"kind = {_toml(source.kind)}"
        if source.sections:
            yield f"sections = {_toml(source.sections)}"
        for name, value in source.options.items():
            yield f"{name} = {_toml(value)}"
    if draft.left_out:
        yield ""
        yield "# Not taken for articles:"
        yield from (f"#   {text}" for text in draft.left_out)


def _section(section: SectionDraft) -> Iterator[str]:
    yield f"# {how_sure(section)}"
    yield "[[sections]]"
    yield f"name = {_toml(section.name)}"
    if section.title:
        yield f"title = {_toml(section.title)}"
    if section.listings:
        yield f"listing = {_toml(section.listings[0])}"
    yield from _list("addresses", section.patterns)
    if section.key:
        yield f"key = {_toml(section.key)}"


def how_sure(section: SectionDraft) -> str:
    """Tell what speaks for a section."""
    right = sum(len(family.right) for family in section.families)
    wrong = sum(len(family.wrong) for family in section.families)
    fed = sum(len(family.fed) for family in section.families)
    seen = len(section.known)
    looked = f"{right} of {right + wrong} looked at read as dated articles" if right + wrong else "none was looked at"
    return f"{seen} articles seen, {fed} of them in a feed; {looked}."


def _list(name: str, values: Sequence[str]) -> Iterator[str]:
    line = f"{name} = {_toml(list(values))}"
    if len(line) <= MAX_LINE_LENGTH:
        yield line
        return
    yield f"{name} = ["
    yield from (f"  {_toml(value)}," for value in values)
    yield "]"


def _toml(value: str | list[str]) -> str:
    # JSON writes texts and lists of them as TOML does, but for what is no text.
    return json.dumps(value, ensure_ascii=False).encode(errors="replace").decode()
