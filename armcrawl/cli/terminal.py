"""What a page says, on a terminal: the page must not steer it."""

from __future__ import annotations

import re

# Control characters but tab and line feed, and what turns the direction of a line.
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def harmless(text: str) -> str:
    """Return a text with a replacement character for each that would steer a terminal; its length stays."""
    return STEERING.sub("\N{REPLACEMENT CHARACTER}", text)
