"""What the bodies of a file unpack to, against what they take in it: a file of bombs costs no more than any other.

A body that is a bomb by itself is refused by `armcrawl.reading.decoding`. But one that is not may be packed once more,
as its record is: then a hundred times are ten thousand.
"""

from __future__ import annotations

from armcrawl.reading.decoding import IS_LARGE, MAX_BODY, MEGABYTE, UndecodableError, unpack

# What is packed already shrinks no more in its record, and pages shrink to a tenth: in the long run no file has more.
MAX_SHRUNK, LEEWAY = 30, MAX_BODY + MEGABYTE


class Bodies:
    """The packed bodies of one file, in their order."""

    def __init__(self) -> None:
        self.left = LEEWAY
        self.seen = 0

    def bears(self, body: bytes, encoding: str | None, position: int) -> bool:
        """Tell whether the next body may be unpacked, by what the file had up to its place, and note what it costs."""
        self.left = min(LEEWAY, self.left + MAX_SHRUNK * max(0, position - self.seen))
        self.seen = max(self.seen, position)
        if encoding is None or not body:
            return True
        try:
            cost = len(unpack(body, encoding, min(MAX_BODY, self.left)).body)
        except UndecodableError as error:
            # Nobody knows how far it came.
            cost = self.left + 1 if IS_LARGE in str(error) and self.left < MAX_BODY else MAX_SHRUNK * len(body)
        is_borne = cost <= self.left
        self.left -= min(cost, self.left)
        return is_borne
