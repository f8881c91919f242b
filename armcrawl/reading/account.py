"""Every line of a page with its part in it, and the reason: what `armcrawl inspect --lines` shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from armcrawl.reading.body.role import Role
from armcrawl.reading.charset import decode
from armcrawl.reading.fields.structured import declared
from armcrawl.reading.layout.layout import parse
from armcrawl.reading.page import examine
from armcrawl.sites import site_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from armcrawl.reading.layout.document import Line

REASONS = {
    Role.TITLE: "agrees best with what the page says of itself",
    Role.CHROME: "says nothing, or is the header's exchange rates",
    Role.TEASER: "points to another article, beside others that do",
    Role.COMMENT: "one of like blocks with a date each, and a name, a clock or a link",
    Role.CAPTION: "beside a picture",
    Role.DATE: "a date with little beside it",
    Role.TAGS: "a label for tags, or short links to like addresses",
    Role.ATTRIBUTION: "says where the text comes from",
}


class AccountedLine(NamedTuple):
    """A line as a browser would set it: `role` is `text`, `left out`, or what a rule made of it."""

    text: str
    role: str
    reason: str


def account(
    body: bytes, url: str, content_type: str | None = None, map_address: Callable[[str], str] | None = None
) -> list[AccountedLine]:
    """Return all visible lines of a page in their order; the arguments are `read_page`'s."""
    site = site_of(url)
    document = parse(decode(body, content_type), url, map_address, site.hints.selectors if site else None)
    examined = examine(document, declared(document))
    judged_lines = {judged.line.index: judged for judged in examined.body.judged_lines}
    accounted = []
    for line in document.lines:
        judged = judged_lines.get(line.index)
        if judged is not None:
            role, reason = "text" if judged.is_text else "left out", judged.reason
        else:
            role, reason = _claimed(line, examined.roles.of[line.index])
        accounted.append(AccountedLine(line.text, role, reason))
    return accounted


def _claimed(line: Line, role: Role) -> tuple[str, str]:
    if role is Role.FREE:
        return ("link", "all of it is a link") if line.is_link else ("outside", "outside of title and text")
    if role is Role.CHROME and line.element.region:
        return "chrome", f"in <{line.element.region}>"
    name = role.name.lower().replace("_", " ")
    return name, REASONS.get(role, "begins with words that say so")
