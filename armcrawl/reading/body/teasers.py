"""Teasers: neighbouring blocks, or links with leads, each of which links to another article of the site."""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING

from armcrawl.reading.body.role import TEASER, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from armcrawl.reading.body.roles import Roles
    from armcrawl.reading.layout.document import Element

# Characters outside of links: a teaser's lead is one or two sentences, and none seen is as long.
MAX_TEASER_LENGTH = 500
# Levels between a link and the element around all teasers; deeper links are in blocks, which `_mark_run` compares.
MAX_FLAT_DEPTH = 3
# Lines from one link to the next: teasers without containers have a lead and a date between them at most.
MAX_FLAT_STEP = 3


def mark_teasers(roles: Roles) -> None:
    """Mark runs of neighbouring blocks with the same tag, or of links, each of which links to another article."""
    indexes, claims = sorted(roles.targets), roles.claims
    for element in elements_around(roles, indexes):
        if claims != roles.claims:
            claims = roles.claims
            indexes = [index for index in indexes if roles.of[index] is not TEASER]
        inside = indexes[bisect_left(indexes, element.first) : bisect_left(indexes, element.end)]
        if len(inside) < 2:
            continue
        _mark_flat_teasers(roles, element, inside)
        if len(element.children) < 2:
            continue
        run: list[Element] = []
        for child in element.children:
            if child.first == child.end:
                continue
            is_teaser = _is_teaser(roles, child, inside)
            if run and not (is_teaser and child.tag == run[-1].tag):
                _mark_run(roles, run)
                run = []
            if is_teaser:
                run.append(child)
        _mark_run(roles, run)


def _is_teaser(roles: Roles, element: Element, indexes: Sequence[int]) -> bool:
    """Tell whether an element links to exactly one other article and contains little other text."""
    inside = indexes[bisect_left(indexes, element.first) : bisect_left(indexes, element.end)]
    if not inside or roles.has_title(element) or len({roles.targets[index] for index in inside}) != 1:
        return False
    lines = roles.document.lines[element.first : element.end]
    return sum([len(line.text) - line.linked for line in lines]) <= MAX_TEASER_LENGTH


def _mark_run(roles: Roles, run: list[Element]) -> None:
    if len(run) < 2:
        return
    keys = {roles.targets[index] for item in run for index in range(item.first, item.end) if index in roles.targets}
    if len(keys) < 2:
        return
    roles.teased |= keys
    for item in run:
        roles.mark(roles.document.lines[item.first : item.end], Role.TEASER)


def _mark_flat_teasers(roles: Roles, element: Element, inside: Sequence[int]) -> None:
    """Mark teasers that follow each other without containers: link, lead, link, lead.

    `inside` are the indexes of the element's lines that link to other articles.
    """
    lines = roles.document.lines
    links = [index for index in inside if lines[index].is_link]
    flat = [index for index in links if lines[index].element.depth - element.depth <= MAX_FLAT_DEPTH]
    if len({roles.targets[index] for index in flat}) < 2:
        return
    for run in _close_runs(flat):
        keys = {roles.targets[index] for index in run}
        # Two links with other lines between them may be «Читайте также» inside a text; three are a block of teasers.
        if len(keys) < 2 or (len(keys) == 2 and run[-1] - run[0] > len(run) - 1):
            continue
        block = lines[run[0] : run[-1] + 1]
        if any(line is roles.title or len(line.text) > MAX_TEASER_LENGTH for line in block):
            continue
        roles.teased |= keys
        roles.mark(block, Role.TEASER)
        _mark_last_lead(roles, run)


def _mark_last_lead(roles: Roles, run: list[int]) -> None:
    """Mark the lead of the last teaser, if the other teasers of the run have leads and it looks like the first one."""
    has_leads = any(second - first > 1 for first, second in pairwise(run))
    lines = roles.document.lines
    if not has_leads or run[-1] + 1 >= len(lines):
        return
    lead, link = lines[run[-1] + 1], lines[run[-1]]
    if lead.element.signature == lines[run[0] + 1].element.signature or lead.element is link.element:
        roles.mark([lead], Role.TEASER)


def _close_runs(indexes: Sequence[int]) -> list[list[int]]:
    """Split rising line indexes into runs in which neighbours differ by at most MAX_FLAT_STEP."""
    runs: list[list[int]] = []
    for index in indexes:
        if runs and index - runs[-1][-1] <= MAX_FLAT_STEP:
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs


def elements_around(roles: Roles, indexes: Iterable[int]) -> list[Element]:
    """Return all elements around at least two of the lines with these indexes, the innermost first."""
    lines = roles.document.lines
    found: set[Element] = set()
    shared: dict[Element, None] = {}
    for index in indexes:
        element: Element | None = lines[index].element
        while element is not None and element not in found:
            found.add(element)
            element = element.parent
        # All elements above the one where the paths of two lines meet contain both.
        while element is not None and element not in shared:
            shared[element] = None
            element = element.parent
    return sorted(shared, key=lambda element: -element.depth)
