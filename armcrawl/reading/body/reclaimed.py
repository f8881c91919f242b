"""What stands amid a text and is a part of it, though it is a bare number, a date, a heading or a link."""

from __future__ import annotations

import re
from functools import cache
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
    from armcrawl.reading.body.text import Text
    from armcrawl.reading.layout.document import Element, Line

DIGIT = re.compile(r"\d")
# Where a page is handed on to friends, and where its newsroom is followed.
SHARING = re.compile(
    r"//(?:[\w-]+\.)?(?:vk\.com|vkontakte\.ru|t\.me|telegram\.me|ok\.ru|max\.ru|dzen\.ru|rutube\.ru|youtube\.com|youtu\.be|twitter\.com|"
    r"x\.com|facebook\.com|instagram\.com|linkedin\.com|whatsapp\.com|wa\.me|viber\.com|pinterest\.com)(?:/|$)|[/?]share",
    re.IGNORECASE,
)
NUMBER = re.compile(r"[\d\s]+")


def reclaimed_lines(text: Text) -> list[Line]:
    """Return the bare numbers and dates that stand among the text, or in its tables and lists: they are text.

    A date with a clock is a publication's, and so is the first date where none stands above the text.
    """
    of, first = text.roles.of, text.main[0].index
    hosts = own_hosts(text.roles.document)
    is_dated = Role.DATE in of[max(0, text.start - NEAR_ABOVE_TITLE) : first]
    found: list[Line] = []
    dated: Element | None = None
    # To look through a part anew for each of its lines would take quadratic time.
    is_chronicle = cache(lambda branch: _is_chronicle(branch, text))
    is_data = cache(lambda branch: _holds_data(branch, text))
    for line in text.lines[first + 1 : text.parts[-1].end]:
        role = of[line.index]
        if role is FREE:
            if line.is_link and line.index < text.last and _is_linked_text(line, text, hosts):
                found.append(line)
            continue
        # What is named in microdata is said of the page.
        if role is Role.COMMENTS and line.index < text.last and not DIGIT.search(line.text):
            # «Обсуждение» heads a part of a paper, where text of the main look goes on after it.
            found.append(line)
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
        is_set_as_text = cell or line.heading or text.look(line) in text.main_looks or is_chronicle(branch)
        is_of_data = cell is line.element and not cell.children and is_data(branch)
        if is_bare and ((line.index < text.last and is_set_as_text) or is_of_data):
            found.append(line)
    return found


def _is_linked_text(line: Line, text: Text, hosts: set[str]) -> bool:
    """Tell whether a line that is one link to another site is a heading, an item or a sentence of the text.

    Buttons and banners have other elements, and links to the own site lead to other articles.
    """
    if text.branch(line) is None or phrase_of(line.text) is not None:
        return False
    if any(SHARING.search(one.address) or host_of(one.address) in hosts for one in line.anchors):
        return False
    is_paragraph = text.look(line) in text.main_looks and ends_as_sentence(line.text)
    return is_paragraph or line.heading > 0 or line.element.tag in ENTRIES - {"td", "th"}


def _is_chronicle(branch: Element, text: Text) -> bool:
    """Tell whether a part of the container tells what was when: dates and sentences, and nothing else."""
    lines = text.lines[branch.first : branch.end]
    is_plain = all(text.roles.of[line.index] in (Role.FREE, Role.DATE) and not line.is_link for line in lines)
    return is_plain and any(map(is_sentence, lines))


def _holds_data(branch: Element, text: Text) -> bool:
    """Tell whether a table or list is one of data: it says something beside numbers and dates, and links nowhere.

    A list of details, as date, views and rubric, says less than it counts.
    """
    branch = unwrapped(branch)
    lines = text.lines[branch.first : branch.end]
    said = sum(text.roles.is_free(line) for line in lines)
    is_table = branch.tag == "table"
    return said >= (1 if is_table else len(lines) / 2) and not any(line.linked for line in lines)


def _cell(line: Line, branch: Element) -> Element | None:
    """Return the entry of a list or the cell of a table that a line inside a branch is in."""
    around = (one for one in line.element.ancestors() if one.depth >= branch.depth)
    return next((one for one in around if one.tag in ENTRIES), None)
