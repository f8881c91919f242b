"""What a line is by its words alone: running text, a sentence, or a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from armcrawl.reading.layout.document import Line

# A sentence: shorter lines are labels, buttons and names unless they stand among paragraphs.
MIN_PROSE_LENGTH = 40
# A text without a full stop at its end is prose only when it is longer than any heading.
MIN_UNSTOPPED_PROSE_LENGTH = 120
MAX_LINKED_PROSE = 0.6
# A lead that is a sentence has this many words; a rubric or a name has fewer.
MIN_WORDS = 4
# A rubric has one word or two, so a short line that may be the first paragraph has more.
MIN_NAMELESS = 3
STOPS = (".", "!", "?", "…", "»", ":", ";", ")", "”", '"')
SENTENCE_STOPS = (".", "!", "?", "…", ".»", "!»", "?»", ".)")


def is_prose(line: Line) -> bool:
    """Tell whether a line reads as running text."""
    text = line.text
    size = len(text)
    # First what tells most lines: they are short. The rest is `reads_as_prose`, without another call for each line.
    return (
        size >= MIN_PROSE_LENGTH
        and line.link_share <= MAX_LINKED_PROSE
        and (size >= MIN_UNSTOPPED_PROSE_LENGTH or text.endswith(STOPS))
    )


def reads_as_prose(text: str) -> bool:
    """Tell whether a text reads as running text, be it a link or none."""
    size = len(text)
    return size >= MIN_PROSE_LENGTH and (size >= MIN_UNSTOPPED_PROSE_LENGTH or text.endswith(STOPS))


def is_sentence(line: Line) -> bool:
    """Tell whether a line ends as a sentence and has the words for one."""
    return not line.is_link and ends_as_sentence(line.text)


def ends_as_sentence(text: str) -> bool:
    """Tell whether a text ends as a sentence and has the words for one, be it a link or none."""
    return text.endswith(SENTENCE_STOPS) and len(text.split()) >= MIN_WORDS


def is_name(line: Line) -> bool:
    """Tell whether a line is a name, a rubric or a label, and not a short paragraph."""
    if is_prose(line) or line.text.endswith(STOPS):
        return False
    words = line.text.split()
    return len(words) < MIN_NAMELESS or all(word[0].isupper() for word in words)
