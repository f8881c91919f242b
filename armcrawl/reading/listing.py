"""Home pages, rubrics, archives and results of a search: pages whose text is that of what they list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from armcrawl.addresses import is_home
from armcrawl.reading.entries import find_entries
from armcrawl.reading.roles import Role

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from armcrawl.reading.body import Body
    from armcrawl.reading.roles import Roles

# Between a title and the date of its article stand a rubric, a counter, a picture with its caption.
DATE_NEAR = 8
# A rubric may say in a line what it is about.
LONGEST_INTRODUCTION = 120
# Beside a text without a date five entries and more, four times as long as it, are a home page with an introduction.
FEWEST_ENTRIES = 5
OUTWEIGHING = 4


def what_is_listed(roles: Roles, body: Body) -> str | None:
    """Tell what makes a page a list of other pages, or return None for a page with a text of its own."""
    document = roles.document
    if is_home(document.address):
        return "the address is a home page's"
    entries = find_entries(document, roles.title)
    listed = {index for entry in entries for index in range(entry.first, entry.end)}
    if _is_dated(roles, listed):
        return None
    if any(map(is_home, (*document.meta.get("canonical", ()), *document.meta.get("og:url", ())))):
        return "the page declares that it is the home page"
    own = sum(len(line.text) for line in body.lines if line.index not in listed)
    if entries and own <= LONGEST_INTRODUCTION:
        return f"{len(entries)} entries without a text beside them"
    weight = sum(len(document.lines[index].text) for index in listed)
    if len(entries) >= FEWEST_ENTRIES and weight >= OUTWEIGHING * own:
        return f"{len(entries)} entries outweigh the text"
    return None


def _is_dated(roles: Roles, listed: AbstractSet[int]) -> bool:
    """Tell whether a date stands beside the title that is no entry's."""
    if roles.title is None:
        return False
    near = range(max(0, roles.title.index - DATE_NEAR), min(len(roles.of), roles.title.index + DATE_NEAR + 1))
    return any(roles.of[index] is Role.DATE and index not in listed for index in near)
