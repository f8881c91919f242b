"""Lines inside the text that a rule claimed, or that are links, and are given back to the text.

They are bare numbers and dates in tables, lists and chronicles, headings such as «Обсуждение», and lines that are one
link to another site.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from armcrawl.reading.body.boxes import unwrapped
from armcrawl.reading.body.comments import CLOCK
from armcrawl.reading.body.container import ENTRIES
from armcrawl.reading.body.role import FREE, Role
from armcrawl.reading.body.roles import NEAR_ABOVE_TITLE
from armcrawl.reading.layout.entries import own_hosts
from armcrawl.reading.layout.prose import ends_as_sentence, is_sentence
from armcrawl.russian.phrases import phrase_of
from armcrawl.sites import host_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from armcrawl.reading.body.text import Text
    from armcrawl.reading.layout.document import Element, Line

DIGIT = re.compile(r"\d")
# Addresses by which a page is shared in social networks, or its newsroom followed.
SHARING = re.compile(
    r"//(?:[\w-]+\.)?(?:vk\.com|vkontakte\.ru|t\.me|telegram\.me|ok\.ru|max\.ru|dzen\.ru|rutube\.ru|youtube\.com|youtu\.be|twitter\.com|"
    r"x\.com|facebook\.com|instagram\.com|linkedin\.com|whatsapp\.com|wa\.me|viber\.com|pinterest\.com)(?:/|$)|[/?]share",
    re.IGNORECASE,
)
NUMBER = re.compile(r"[\d\s]+")


def reclaimed_lines(text: Text) -> list[Line]:
    """Return the claimed lines and links below the first main line that belong to the text.

    A date with a time of day is that of the publication, and so is the first date if there is none above the text.
    """
    of, first = text.roles.of, text.main[0].index
    hosts = own_hosts(text.roles.document)
    is_dated = Role.DATE in of[max(0, text.start - NEAR_ABOVE_TITLE) : first]
    found: list[Line] = []
    dated: Element | None = None
    # Remembered, as searching a branch anew for each of its lines would take quadratic time.
    chronicles: dict[Element, bool] = {}
    data: dict[Element, bool] = {}
    for line in text.lines[first + 1 : text.parts[-1].end]:
        role = of[line.index]
        if role is FREE:
            if line.is_link and line.index < text.last and _is_linked_text(line, text, hosts):
                found.append(line)
            continue
        if role is Role.COMMENTS and line.index < text.last and not DIGIT.search(line.text):
            # «Обсуждение» is a heading in a scientific paper if text of the main look follows.
            found.append(line)
        # A line with a microdata name is metadata of the page.
        if role not in (Role.DATE, Role.COUNTER) or line.is_link or line.itemprop:
            continue
        branch = text.branch(line)
        if branch is None:
            continue
        if role is Role.DATE and not is_dated:
            is_dated, dated = True, branch
            continue
        if branch is dated and branch not in text.parts:
            continue
        cell = _cell(line, branch) if branch not in text.parts else None
        is_bare = NUMBER.fullmatch(line.text) if role is Role.COUNTER else cell or not CLOCK.search(line.loose)
        is_set_as_text = (
            cell
            or line.heading
            or text.look(line) in text.main_looks
            or _remembered(_is_chronicle, branch, text, chronicles)
        )
        is_of_data = cell is line.element and not cell.children and _remembered(_holds_data, branch, text, data)
        if is_bare and ((line.index < text.last and is_set_as_text) or is_of_data):
            found.append(line)
    return found


def _remembered(ask: Callable[[Element, Text], bool], branch: Element, text: Text, known: dict[Element, bool]) -> bool:
    if branch not in known:
        known[branch] = ask(branch, text)
    return known[branch]


def _is_linked_text(line: Line, text: Text, hosts: set[str]) -> bool:
    """Tell whether a line that is one link to another site is a heading, an item or a sentence of the text.

    Buttons and banners are in other elements, and links to the page's own site lead to other articles.
    """
    if text.branch(line) is None or phrase_of(line.text) is not None:
        return False
    if any(SHARING.search(one.address) or host_of(one.address) in hosts for one in line.anchors):
        return False
    is_paragraph = text.look(line) in text.main_looks and ends_as_sentence(line.text)
    return is_paragraph or line.heading > 0 or line.element.tag in ENTRIES - {"td", "th"}


def _is_chronicle(branch: Element, text: Text) -> bool:
    """Tell whether a branch is a chronicle: it has sentences and dates, and nothing else."""
    lines = text.lines[branch.first : branch.end]
    is_plain = all(text.roles.of[line.index] in (Role.FREE, Role.DATE) and not line.is_link for line in lines)
    return is_plain and any(map(is_sentence, lines))


def _holds_data(branch: Element, text: Text) -> bool:
    """Tell whether a branch is a table or list of data: it has other lines beside numbers and dates, and no links.

    Half of a list's lines must be such lines, as a list of the article's details (date, views, rubric) has fewer.
    """
    branch = unwrapped(branch)
    lines = text.lines[branch.first : branch.end]
    free = sum(text.roles.is_free(line) for line in lines)
    is_table = branch.tag == "table"
    return free >= (1 if is_table else len(lines) / 2) and not any(line.linked for line in lines)


def _cell(line: Line, branch: Element) -> Element | None:
    """Return the list item or table cell that contains a line, inside a branch; None if there is none."""
    around = (one for one in line.element.ancestors() if one.depth >= branch.depth)
    return next((one for one in around if one.tag in ENTRIES), None)
