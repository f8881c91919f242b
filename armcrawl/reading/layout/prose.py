"""What a line is, judged by its words alone: prose (running text), a sentence, or a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from armcrawl.reading.layout.document import Line

# Characters of prose: shorter lines are labels, buttons and names.
MIN_PROSE_LENGTH = 40
# Characters of prose without punctuation at its end: more than headings have.
MIN_UNSTOPPED_PROSE_LENGTH = 120
# The share of characters in links above which a line is no prose.
MAX_LINKED_PROSE = 0.6
# Words of a sentence; a rubric or a name that ends in a full stop has fewer.
MIN_WORDS = 4
# Words from which on a line is no name, unless all of them have capitals: a rubric has one or two.
MIN_NAMELESS = 3
STOPS = (".", "!", "?", "…", "»", ":", ";", ")", "”", '"')
SENTENCE_STOPS = (".", "!", "?", "…", ".»", "!»", "?»", ".)")


def is_prose(line: Line) -> bool:
    """Tell whether a line reads as running text."""
    text = line.text
    size = len(text)
    # The length first, as most lines are short. The same rule as `reads_as_prose`, repeated here to save a call per
    # line.
    return (
        size >= MIN_PROSE_LENGTH
        and line.link_share <= MAX_LINKED_PROSE
        and (size >= MIN_UNSTOPPED_PROSE_LENGTH or text.endswith(STOPS))
    )


def reads_as_prose(text: str) -> bool:
    """Tell whether a text reads as running text, whether or not it is a link."""
    size = len(text)
    return size >= MIN_PROSE_LENGTH and (size >= MIN_UNSTOPPED_PROSE_LENGTH or text.endswith(STOPS))


def is_sentence(line: Line) -> bool:
    """Tell whether a line is no link, ends as a sentence and has enough words for one."""
    return not line.is_link and ends_as_sentence(line.text)


def ends_as_sentence(text: str) -> bool:
    """Tell whether a text ends as a sentence and has enough words for one, whether or not it is a link."""
    return text.endswith(SENTENCE_STOPS) and len(text.split()) >= MIN_WORDS


def is_name(line: Line) -> bool:
    """Tell whether a line is a name, a rubric or a label, and not a short paragraph."""
    if is_prose(line) or line.text.endswith(STOPS):
        return False
    words = line.text.split()
    return len(words) < MIN_NAMELESS or all(word[0].isupper() for word in words)
