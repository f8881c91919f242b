"""How pieces of text become lines, each with its links, emphasis and machine-readable date."""

from __future__ import annotations

import re

from armcrawl.reading.layout.document import Anchor, Element, Line
from armcrawl.reading.layout.spacing import joined_with_spaces, normalise_spaces

DIGIT = re.compile(r"\d")
# Characters: `Line.loose` serves to find dates, rates and counters, which longer lines are not searched for. In these
# and in lines without a digit it is the same as `Line.text`.
LOOSE_LENGTH = 200
# A date that is a whole element before the first paragraph.
DAY_BEFORE_TEXT = re.compile(r"\s*\d{1,2}[.]\d{1,2}[.](?:\d\d|\d{4})(?:,? \d{1,2}:\d\d(?::\d\d)?)?\s*")

# The link that is open: its address, and whether it is declared as a tag or as a rubric. Two links whose addresses
# differ only in the fragment have equal tuples, and are distinguished by identity.
Open = tuple[str, bool, bool]


class LineSetter:
    """Collects the pieces of the current line, and the finished lines."""

    def __init__(self) -> None:
        self.root = Element("body", None)
        self.element = self.root
        self.lines: list[Line] = []
        self.linked: list[Line] = []
        self.itemprops: dict[str, str] = {}
        self.breaks = 0
        self.anchor: Open | None = None
        self.emphasis = 0
        self.pieces: list[str] = []
        self.anchors: list[tuple[Open, str]] = []
        self.emphasised = 0
        self.moment: str | None = None
        self.itemprop = ""
        self.before_link: str | None = None

    def mark(self, text: str) -> None:
        """Note that the piece of text that was added last is in a link, or bold."""
        if self.anchor is not None:
            self.anchors.append((self.anchor, text))
        if self.emphasis:
            self.emphasised += len(text.strip())

    def line_break(self) -> None:
        """Finish the current line at a `<br>`, and count the breaks before the next line."""
        if self.end_line():
            self.breaks = 1
        else:
            self.breaks += 1

    def end_line(self) -> bool:
        """Finish the current line; return whether it had any text.

        `pieces` stays the same list, to which the walk adds.
        """
        pieces = self.pieces
        if not pieces:
            return False
        if len(pieces) > 1:
            self._cut_day()
        whole: str | None = None
        if len(pieces) == 1:
            text = loose = whole = normalise_spaces(pieces[0])
        else:
            text = loose = normalise_spaces("".join(pieces))
            if len(text) < LOOSE_LENGTH and DIGIT.search(text):
                loose = joined_with_spaces(pieces)
        size = len(text)
        anchors: tuple[Anchor, ...] = ()
        linked, link_share, is_link = 0, 0.0, False
        if self.anchors:
            anchors = _joined(self.anchors, whole)
            linked = len(anchors[0].text) if len(anchors) == 1 else sum([len(anchor.text) for anchor in anchors])
            link_share = linked / (size or 1)
            is_link = linked > 0 and linked >= size - 2 * len(anchors) - 1
        element = self.element
        itemprop = self.itemprop or element.itemprop
        line = Line(
            len(self.lines),
            element,
            text,
            loose,
            anchors,
            linked,
            link_share,
            is_link,
            self.breaks,
            element.heading,
            self.emphasised * 10 >= size * 8,
            self.moment,
            itemprop,
            " ".join(self.before_link.split()) if self.before_link else "",
        )
        if itemprop and itemprop not in self.itemprops:
            self.itemprops[itemprop] = text
        self.lines.append(line)
        # The next line begins.
        if anchors:
            self.linked.append(line)
            self.anchors.clear()
        pieces.clear()
        self.breaks = self.emphasised = 0
        self.moment = self.before_link = None
        self.itemprop = ""
        return True

    def _cut_day(self) -> None:
        """Remove spaces at the end of the line; a date at its beginning becomes a line of its own."""
        pieces = self.pieces
        while len(pieces) > 1 and pieces[-1] == " ":
            pieces.pop()
        if len(pieces) > 1 and self.before_link != "" and _is_day(pieces[0]):
            # Style sheets separate a date in an element of its own from the text after it.
            later, linked = pieces[1:], self.anchors
            del pieces[1:]
            self.anchors = []
            self.end_line()
            pieces += later
            self.anchors = linked


def _is_day(text: str) -> bool:
    # The quick test first: few texts begin with a number.
    return text.lstrip()[:1].isdecimal() and DAY_BEFORE_TEXT.fullmatch(text) is not None


def _joined(anchors: list[tuple[Open, str]], whole: str | None) -> tuple[Anchor, ...]:
    """Return the links of a line, each with its pieces joined and its white space normalised.

    `whole` is the text of the line if it is a single piece, else None.
    """
    if len(anchors) == 1:
        (address, is_tag, is_rubric), text = anchors[0]
        return (Anchor(address, normalise_spaces(text) if whole is None else whole, is_tag, is_rubric),)
    joined: list[tuple[Open, str]] = []
    for link, text in anchors:
        before = joined.pop()[1] if joined and joined[-1][0] is link else ""
        joined.append((link, before + text))
    return tuple(
        [Anchor(address, normalise_spaces(text), is_tag, is_rubric) for (address, is_tag, is_rubric), text in joined]
    )
