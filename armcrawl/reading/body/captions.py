"""Captions: what stands in the element of a picture, or right after one, and is no sentence of the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from armcrawl.reading.body.role import Role

if TYPE_CHECKING:
    from armcrawl.reading.body.roles import Roles
    from armcrawl.reading.layout.document import Element, Line, Picture

# A caption names what is shown: 200 characters are four lines under a picture.
MAX_CAPTION_LENGTH = 200
# Between the line after a picture and the next sentence stand a short paragraph or two at most.
NEAR_SENTENCE = 3
SENTENCE_ENDS = (".", "!", "?", "…", ".»", "!»", "?»", ":", ";")


def mark_captions(roles: Roles) -> None:
    """Mark what stands beside pictures, or right after them."""
    lines = roles.document.lines
    for picture in roles.document.pictures:
        if picture.is_small:
            continue
        holder = _figure(picture, roles)
        if holder is not None:
            roles.mark(lines[holder.first : holder.end], Role.CAPTION)
            # «Источник: …» beside a picture is the picture's.
            for index in range(holder.first, holder.end):
                if roles.of[index] is Role.ATTRIBUTION:
                    roles.of[index] = Role.CREDIT
        following = lines[picture.before] if picture.before < len(lines) else None
        if following is not None and _is_flat_caption(roles, following, picture):
            roles.mark([following], Role.CAPTION)


def _is_flat_caption(roles: Roles, line: Line, picture: Picture) -> bool:
    """Tell whether a line right after a picture is its caption: one that is short and no sentence."""
    if line is roles.title or line.is_link or line.heading or len(line.text) > MAX_CAPTION_LENGTH:
        return False
    # A picture and a line that each have an element of the same kind are two paragraphs.
    if line.text != picture.alt and picture.element is not line.element and picture.element.is_like(line.element):
        return False
    if line.text == picture.alt:
        return True
    if line.text.endswith(SENTENCE_ENDS) or roles.continues_below(line) or roles.title is None:
        return False
    return line.index > roles.title.index and not _is_set_as_text(roles, line, picture)


def _is_set_as_text(roles: Roles, line: Line, picture: Picture) -> bool:
    """Tell whether a line has an element of its own that looks as the next sentence's: a caption has not."""
    if line.element is picture.element or line.emphasis:
        return False
    below = roles.document.lines[line.index + 1 : line.index + 1 + NEAR_SENTENCE]
    sentence = next((one for one in below if one.text.endswith(SENTENCE_ENDS)), None)
    return sentence is not None and sentence.element.signature == line.element.signature


def _figure(picture: Picture, roles: Roles) -> Element | None:
    """Return the element that holds a picture and its caption, and nothing else, if there is one."""
    lines = roles.document.lines
    found: Element | None = None
    for element in picture.element.ancestors():
        if element.images != 1 or element.parent is None or roles.has_title(element):
            break
        inside = lines[element.first : element.end]
        if not inside:
            continue
        text = " ".join(line.text for line in inside)
        if len(inside) > 2 or len(text) > MAX_CAPTION_LENGTH or any(line.is_link for line in inside):
            break
        has_sentence = any(line.text.endswith(SENTENCE_ENDS) for line in inside)
        if element.region == "figure" or text == picture.alt or not has_sentence:
            found = element
    return found
