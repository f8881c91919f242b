"""Date lines: a date that is alone in its line, or beside counters, names, rubrics and tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from armcrawl.russian.dates.lines import ENTRY, LABEL_INSIDE, OF_DOCUMENT, is_of_event
from armcrawl.russian.dates.printed import find_date

if TYPE_CHECKING:
    from armcrawl.reading.layout.document import Line

# Characters of a line with a date, counters, a rubric, an author and tags; a longer line is a sentence.
MAX_DATE_LINE_LENGTH = 120
# Characters beside the date, without links that are rubrics, names or tags.
MAX_BESIDE_DATE = 60
# Characters beside a date in its own link: a time of day or «Опубликовано»; a headline with its date has more.
MAX_BESIDE_LINKED_DATE = 20
# Words of a link that is a headline; rubrics and names have fewer.
MIN_WORDS_OF_HEADLINE = 5
# Words in small letters beside a date: labels and rubrics have a few, a clause has more.
MAX_SMALL_WORDS = 3


def is_date_line(line: Line) -> bool:
    """Tell whether a line is a date with at most counters, names, rubrics or tags beside it; it may be a link."""
    # Cached, as several rules ask this of each line.
    if line.is_date is None:
        line.is_date = _is_date(line)
    return line.is_date


def _is_date(line: Line) -> bool:
    if len(line.text) > MAX_DATE_LINE_LENGTH:
        return False
    found = find_date(line.loose)
    if found is None:
        return line.moment is not None and not line.is_link and len(line.text) <= MAX_BESIDE_DATE
    before, _, after = line.loose.partition(found)
    is_entry = ENTRY.match(line.loose) or (LABEL_INSIDE.search(before) and not line.loose.endswith("."))
    if is_entry and not any(anchor.is_tag for anchor in line.anchors):
        return True
    if is_of_event(before, after):
        return False
    rest = before + after if after else before.rstrip(" ,")
    for anchor in line.anchors:
        if found in anchor.text and len(anchor.text) > len(found) + MAX_BESIDE_LINKED_DATE:
            return False
        # The text of a rubric, a name or a tag is not part of a clause.
        if len(anchor.text.split()) < MIN_WORDS_OF_HEADLINE:
            rest = rest.replace(anchor.text, "", 1)
    is_clause = rest.rstrip().endswith((".", "!", "?", ",", ":")) and any(map(str.isalpha, rest))
    return len(rest) <= MAX_BESIDE_DATE and not is_clause and _is_aside(rest)


def is_of_document(line: Line) -> bool:
    """Tell whether the date of a line is that of a document or of an event it names: «Приказ от 12.10.2026 № 345»."""
    found = find_date(line.loose)
    return found is not None and OF_DOCUMENT.search(line.loose.partition(found)[0]) is not None


def _is_aside(rest: str) -> bool:
    """Tell whether the text beside a date consists of labels, numbers and names, and is no clause."""
    words = [word for word in rest.split() if word.isalpha() and word.islower()]
    return len(words) <= MAX_SMALL_WORDS
