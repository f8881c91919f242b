"""Captions: lines in the element of a picture, or right after a picture, that are no sentences of the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from armcrawl.reading.body.role import Role

if TYPE_CHECKING:
    from armcrawl.reading.body.roles import Roles
    from armcrawl.reading.layout.document import Element, Line, Picture

# Characters: a caption names what is shown, and 200 are about four lines under a picture.
MAX_CAPTION_LENGTH = 200
# Lines: with a picture and its caption in an element of their own nothing else may be there.
MAX_CAPTION_LINES = 2
# Lines after a possible caption among which the next sentence of the text is looked for, to compare their looks.
NEAR_SENTENCE = 3
SENTENCE_ENDS = (".", "!", "?", "…", ".»", "!»", "?»", ":", ";")


def mark_captions(roles: Roles) -> None:
    """Mark the lines beside pictures, or right after them, that are captions."""
    lines = roles.document.lines
    for picture in roles.document.pictures:
        if picture.is_small:
            continue
        holder = _figure(picture, roles)
        if holder is not None:
            roles.mark(lines[holder.first : holder.end], Role.CAPTION)
            # «Источник: …» in the element of a picture names the picture's source.
            for index in range(holder.first, holder.end):
                if roles.of[index] is Role.ATTRIBUTION:
                    roles.of[index] = Role.CREDIT
        following = lines[picture.before] if picture.before < len(lines) else None
        if following is not None and _is_flat_caption(roles, following, picture):
            roles.mark([following], Role.CAPTION)


def _is_flat_caption(roles: Roles, line: Line, picture: Picture) -> bool:
    """Tell whether a line right after a picture is its caption: its `alt`, or a short line that is no sentence."""
    if line is roles.title or line.is_link or line.heading or len(line.text) > MAX_CAPTION_LENGTH:
        return False
    # A picture and a line in two elements that look alike are two paragraphs.
    if line.text != picture.alt and picture.element is not line.element and picture.element.is_like(line.element):
        return False
    if line.text == picture.alt:
        return True
    if line.text.endswith(SENTENCE_ENDS) or roles.continues_below(line) or roles.title is None:
        return False
    return line.index > roles.title.index and not _is_set_as_text(roles, line, picture)


def _is_set_as_text(roles: Roles, line: Line, picture: Picture) -> bool:
    """Tell whether a line is set as a paragraph: in an element of its own that looks like that of the next sentence."""
    if line.element is picture.element or line.emphasis:
        return False
    below = roles.document.lines[line.index + 1 : line.index + 1 + NEAR_SENTENCE]
    sentence = next((one for one in below if one.text.endswith(SENTENCE_ENDS)), None)
    return sentence is not None and sentence.element.signature == line.element.signature


def _figure(picture: Picture, roles: Roles) -> Element | None:
    """Return the outermost element that contains a picture and its caption and nothing else; None if there is none."""
    lines = roles.document.lines
    found: Element | None = None
    for element in picture.element.ancestors():
        if element.images != 1 or element.parent is None or roles.has_title(element):
            break
        inside = lines[element.first : element.end]
        if not inside:
            continue
        text = " ".join(line.text for line in inside)
        if len(inside) > MAX_CAPTION_LINES or len(text) > MAX_CAPTION_LENGTH or any(line.is_link for line in inside):
            break
        has_sentence = any(line.text.endswith(SENTENCE_ENDS) for line in inside)
        if element.region == "figure" or text == picture.alt or not has_sentence:
            found = element
    return found
