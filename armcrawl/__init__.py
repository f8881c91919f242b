"""armcrawl turns Russian trade press into a clean, deduplicated, tagged database."""

__version__ = "0.1.0"

PARSER_VERSION = 9
"""Raised with every change of reading or refining that can change what is stored of a page."""
