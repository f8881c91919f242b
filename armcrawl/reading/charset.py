"""Bytes become text: which charset a page is really in."""

from __future__ import annotations

import codecs
import re

BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# The HTML standard's prescan looks at the first 1024 bytes; old templates put comments before <meta>.
PRESCAN_BYTES = 4096
META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-z0-9_-]+)""", re.IGNORECASE)
HEADER_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([a-z0-9_-]+)""", re.IGNORECASE)
# Python's own notations, and what the HTML standard forbids: no page is in them, and some take long.
NO_PAGES = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "utf-7"})
RUSSIAN_FALLBACK = "cp1251"
# Half of a letter outside the basic plane, as careless programs write it: no UTF-8, and no database takes it.
UTF8_LETTER = re.compile(rb"[\xc3-\xdf][\x80-\xbf]")
NOT_ASCII = re.compile(rb"[\x80-\xff]")
# In whole pages there are no bad bytes; in windows-1251 hardly any two bytes make a letter by chance.
FEWEST_GOOD_LETTERS = 2
SURROGATE = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")


def decode(body: bytes, content_type: str | None = None) -> tuple[str, str, tuple[str, ...]]:
    """Return a page's text, the charset that was used, and notes on doubts and repairs.

    A byte order mark wins; then what the HTTP header or `<meta>` declares, unless the bytes prove it
    wrong; UTF-8 is nearly never valid by accident, so bytes that are valid UTF-8 are UTF-8, and
    others on a Russian site are windows-1251.
    """
    notes: list[str] = []
    declared = _declared(body, content_type)
    if SURROGATE.search(body) and _is_mostly_utf8(body):
        body = SURROGATE.sub(b"", body)
        notes.append("charset/surrogates_removed")
    for bom, charset in BOMS:
        if body.startswith(bom):
            text = body[len(bom) :].decode(charset, "replace")
            break
    else:
        text, charset = _by_content(body, declared)
    if declared and _canonical(declared) != _canonical(charset):
        notes.append("charset/misdeclared")
    # Decoders never yield lone surrogates, so NUL is the one character left that a database refuses.
    if "\0" in text:
        text = text.replace("\0", "")
        notes.append("charset/nul_removed")
    if "\N{REPLACEMENT CHARACTER}" in text:
        notes.append("charset/undecodable")
    return text, charset, tuple(notes)


def _declared(body: bytes, content_type: str | None) -> str | None:
    header = HEADER_CHARSET.search(content_type or "")
    if header and _canonical(header[1]):
        return header[1].lower()
    meta = META_CHARSET.search(body, 0, PRESCAN_BYTES)
    if meta and _canonical(meta[1].decode("ascii")):
        return meta[1].decode("ascii").lower()
    return None


def _by_content(body: bytes, declared: str | None) -> tuple[str, str]:
    start = body[:400]
    if b"\0" in start and start.count(0) > len(start) // 4:  # every second byte of UTF-16 Latin markup is 0
        charset = "utf-16-be" if body[:1] == b"\0" else "utf-16-le"
        return body.decode(charset, "replace"), charset
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    if declared is None or _canonical(declared) == "utf-8":
        # A damaged page, or one that is cut in the middle of a letter, is still UTF-8.
        charset = "utf-8" if _is_mostly_utf8(body) else RUSSIAN_FALLBACK
        return body.decode(charset, "replace"), charset
    return body.decode(declared, "replace"), _canonical(declared) or declared


def _is_mostly_utf8(body: bytes) -> bool:
    """Tell a few bad bytes from another charset altogether.

    Every second byte of Russian UTF-8 leads a letter, and is followed by one that cannot lead; in windows-1251
    Russian both are letters.
    """
    letters = len(UTF8_LETTER.findall(body))
    others = len(NOT_ASCII.findall(body)) - 2 * letters
    return letters > FEWEST_GOOD_LETTERS * others


def _canonical(charset: str) -> str | None:
    try:
        name = codecs.lookup(charset).name
        # Empty bytes would be decoded by what is no charset at all, as `hex`.
        b"<>".decode(name, "replace")
    except (LookupError, UnicodeError):
        return None
    return None if name in NO_PAGES else name
