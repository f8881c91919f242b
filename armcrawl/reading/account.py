"""Every visible line of a page with its role and the reason for it: what `armcrawl inspect --lines` prints."""

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
    Role.TITLE: "best matches the title that the page declares",
    Role.CHROME: "has no letter or digit, or is the header's exchange rates",
    Role.TEASER: "links to another article, among lines that do the same",
    Role.COMMENT: "one of several similar blocks, each with a date and a name, a time of day or a link",
    Role.CAPTION: "next to a picture",
    Role.DATE: "a date with little text beside it",
    Role.TAGS: "a label for tags, or short links to similar addresses",
    Role.ATTRIBUTION: "names the source of the text",
}


class AccountedLine(NamedTuple):
    """A line as a browser would lay it out.

    `role` is `text`, `left out`, `link`, `outside`, or the name of the `Role` that a rule gave it, in lower case.
    """

    text: str
    role: str
    reason: str


def account(
    body: bytes, url: str, content_type: str | None = None, map_address: Callable[[str], str] | None = None
) -> list[AccountedLine]:
    """Return all visible lines of a page in page order; the arguments mean the same as those of `read_page`."""
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
        return ("link", "the whole line is a link") if line.is_link else ("outside", "above the title or below the end")
    if role is Role.CHROME and line.element.region:
        return "chrome", f"in <{line.element.region}>"
    name = role.name.lower().replace("_", " ")
    return name, REASONS.get(role, f"begins with the words of a {name}")
