"""From bytes to text: which charset a page is really in, and whether its text is corrupted."""

from __future__ import annotations

import codecs
import math
import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from zlib import adler32

if TYPE_CHECKING:
    from collections.abc import Iterator

BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# The HTML standard's prescan looks at the first 1024 bytes; old templates have long comments before `<meta>`.
PRESCAN_BYTES = 4096
META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-z0-9_-]+)""", re.IGNORECASE)
XML_CHARSET = re.compile(rb"""\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*["']\s*([a-z0-9_-]+)""", re.IGNORECASE)
HEADER_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([a-z0-9_-]+)""", re.IGNORECASE)
# Python's own codecs, and what the HTML standard forbids: no page is in them, and some decode slowly.
NOT_OF_PAGES = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "utf-7"})
# What servers and editors declare by default: no evidence against a Russian charset.
LATIN = frozenset({"iso8859-1", "iso8859-15", "cp1252", "ascii", "latin-1"})
CYRILLIC = ("cp1251", "koi8-r", "cp866", "iso8859-5")
RUSSIAN_FALLBACK = CYRILLIC[0]
UTF8_LETTER = re.compile(rb"[\xc3-\xdf][\x80-\xbf]")
ASCII = bytes(range(0x80))
# Cyrillic letters in UTF-8 for each other non-ASCII byte, in a damaged page that still counts as UTF-8: in windows-1251
# hardly any two bytes form such a letter by chance.
MIN_GOOD_LETTERS = 2
# A surrogate encoded by itself, as careless programs do: invalid UTF-8, and no database accepts it.
SURROGATE_LEAD = b"\xed"
SURROGATE = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")

# The share of each letter in Russian text, in thousandths, from the Russian National Corpus (S. Sharoff, 2005).
FREQUENCIES = (
    {"о": 110, "е": 85, "а": 80, "и": 74, "н": 67, "т": 63, "с": 55, "р": 47, "в": 45, "л": 44, "к": 35, "м": 32}
    | {"д": 30, "п": 28, "у": 26, "я": 20, "ы": 19, "ь": 17, "г": 17, "з": 16, "б": 16, "ч": 14, "й": 12, "х": 10}
    | {"ж": 9, "ш": 7, "ю": 6, "ц": 5, "щ": 4, "э": 3, "ф": 3, "ъ": 0.4, "ё": 0.4}
)
# A capital counts as 0.3 of its small letter: capitals are rarer, but a whole text may be in capitals.
SHARE_OF_CAPITALS = 0.3
# The share of any other character, in thousandths: below that of the rarest letter.
RAREST = 0.03
# Logarithms are stored as multiples of 1/30, so that the largest fits a byte and bytes are summed without a loop.
STEPS = 30
# About three words: with fewer letters their frequencies prove nothing.
MIN_LETTERS = 20
# The mean logarithm of the shares is 3.3 to 3.8 for pages decoded correctly, and at most 2.7 for others.
CERTAIN = 3.0
# The lower half of an Adler-32 checksum, modulo 65,521, is the sum of the bytes plus one; 256 bytes never exceed that.
ADLER = 1 << 16
MAX_SUMMED = 256
# Of a longer text a sample of 500 to 1000 letters is taken: its mean differs from that of all by a fortieth.
MAX_LETTERS = 1000
# In natural logarithms: a declared charset loses only to one that makes the letters e times as likely on average.
MIN_ADVANTAGE = 1.0
# At least three non-ASCII bytes in a row: Russian words are such, words of other languages in Latin letters are not.
WORDS_OF_HIGH_BYTES = re.compile(rb"[\x80-\xff]{3,}")

# Three and more Cyrillic letters in UTF-8: in a one-byte Cyrillic charset these bytes would make no word.
# The first letter is spelt out, as a pattern that begins with a repetition is tried at every byte of a page.
UTF8_WORDS = re.compile(rb"[\xd0\xd1][\x80-\xbf](?:[\xd0\xd1][\x80-\xbf]){2,}")
UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
# A page is checked in eight parts for another charset: a part is about as long as a lead.
PARTS = 8
# The share of a page's letters that a second charset, or double encoding, must have; less is a slip in a few words.
MIN_PART = 0.05
# UTF-8 that was read as windows-1251 or Latin-1, and written as UTF-8 once more: «РќРѕРІРѕСЃС‚Рё», «ÐÐ¾Ð²Ð¾ÑÑÐ¸».
HIGH_OF_1251 = re.escape("".join(sorted(set(bytes(range(0x80, 0xC0)).decode("cp1251", "ignore")))))
HIGH_OF_1252 = re.escape("".join(sorted(set(bytes(range(0x80, 0xC0)).decode("cp1252", "ignore")))))
TWICE_ENCODED = re.compile(rf"(?:[РС][{HIGH_OF_1251}\x98]){{4,}}|(?:[ÐÑ][\x80-\xbf{HIGH_OF_1252}]){{4,}}")
# «о», the commonest letter, encoded twice.
TWICE_ENCODED_O = ("Рѕ".encode(), "Ð¾".encode())
# The characters of these that most pages do not have, so that a quick search rules double encoding out.
RARE_IN_TWICE_ENCODED_O = "ѕÐ"
NOT_ASCII = re.compile(r"[^\x00-\x7f]")
# Bytes in which UTF-16 shows: its Latin markup has a NUL in every second byte.
UTF16_SAMPLE = 400


class Decoded(NamedTuple):
    """A page's text, the charset it was decoded from, and notes on doubts and repairs.

    `fault` says why the text cannot be trusted, None if it can. `utf8` is the body itself where it is the text in UTF-8
    without any change.
    """

    text: str
    charset: str
    notes: tuple[str, ...] = ()
    fault: str | None = None
    utf8: bytes | None = None


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """Return a page's text and how it was decoded; it raises nothing.

    A byte order mark wins. Bytes that are valid UTF-8 are UTF-8, as hardly any others are valid by accident. Otherwise
    the charset that HTTP header, `<meta>` or XML prolog declare is used, unless the frequencies of the letters prove it
    wrong; where none is declared, the frequencies decide between the Cyrillic charsets.
    """
    notes: list[str] = []
    declared = next(iter(_declared(body, content_type)), None)
    if SURROGATE_LEAD in body and SURROGATE.search(body) and _is_mostly_utf8(body):
        body = SURROGATE.sub(b"", body)
        notes.append("charset/surrogates_removed")
    for bom, charset in BOMS:
        if body.startswith(bom):
            text = body[len(bom) :].decode(charset, "replace")
            break
    else:
        text, charset = _by_content(body, content_type)
    if declared and declared != charset:
        notes.append("charset/misdeclared")
    # Decoders never yield lone surrogates, so NUL is the one character left that a database refuses.
    if b"\0" in body and "\0" in text:
        text = text.replace("\0", "")
        notes.append("charset/nul_removed")
    if "\N{REPLACEMENT CHARACTER}" in text:
        notes.append("charset/undecodable")
    is_as_sent = charset == "utf-8" and not notes and not body.startswith(codecs.BOM_UTF8)
    return Decoded(text, charset, tuple(notes), _fault(body, text, charset), body if is_as_sent else None)


def _declared(body: bytes, content_type: str | None) -> Iterator[str]:
    """Yield the canonical names of the declared charsets: HTTP header, `<meta>`, XML prolog."""
    header = HEADER_CHARSET.search(content_type or "")
    meta = META_CHARSET.search(body, 0, PRESCAN_BYTES)
    prolog = XML_CHARSET.match(body)
    found = (header[1] if header else "", *(match[1].decode("ascii") if match else "" for match in (meta, prolog)))
    yield from (name for one in found if (name := _canonical(one)))


def _by_content(body: bytes, content_type: str | None) -> tuple[str, str]:
    start = body[:UTF16_SAMPLE]
    if b"\0" in start and start.count(0) > len(start) // 4:
        charset = "utf-16-be" if body[:1] == b"\0" else "utf-16-le"
        return body.decode(charset, "replace"), charset
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    charset = _one_byte_charset(body, [*_declared(body, content_type)])
    return body.decode(charset, "replace"), charset


def _one_byte_charset(body: bytes, declared: list[str]) -> str:
    """Return the charset of bytes that are not valid UTF-8."""
    named = next((name for name in declared if name not in LATIN), None)
    # A damaged page, or one that is cut in the middle of a letter, is still UTF-8.
    if named in {None, "utf-8"} and _is_mostly_utf8(body):
        return "utf-8"
    if named not in {None, "utf-8", *CYRILLIC}:
        return named or RUSSIAN_FALLBACK
    if named is None and declared and not WORDS_OF_HIGH_BYTES.search(body):
        return declared[0]
    assumed = named if named in CYRILLIC else RUSSIAN_FALLBACK
    return _likeliest(body.translate(None, ASCII), assumed, MIN_ADVANTAGE if named in CYRILLIC else 0.0)


def _likeliest(letters: bytes, assumed: str, margin: float = MIN_ADVANTAGE) -> str:
    """Return the Cyrillic charset in which non-ASCII bytes are likeliest Russian.

    It is `assumed` unless another one is better by more than `margin`, a difference of mean natural logarithms.
    """
    if len(letters) < MIN_LETTERS:
        return assumed
    if _likelihood(letters, assumed) > CERTAIN:
        return assumed
    likelihood = {charset: _likelihood(letters, charset) for charset in CYRILLIC}
    likeliest = max(CYRILLIC, key=lambda charset: likelihood[charset])
    return likeliest if likelihood[likeliest] > likelihood[assumed] + margin else assumed


def _likelihood(letters: bytes, charset: str) -> float:
    """Return the mean natural logarithm of the shares, in thousandths, of the letters that bytes stand for."""
    sample = letters[:: len(letters) // MAX_LETTERS + 1]
    return _total(sample.translate(_logarithms(charset))) / len(sample) / STEPS + math.log(RAREST)


def _total(octets: bytes) -> int:
    """Return the sum of some bytes, from checksums of 256 each, which takes a tenth of the time of `sum`."""
    starts = range(0, len(octets), MAX_SUMMED)
    return sum([adler32(octets[start : start + MAX_SUMMED]) % ADLER - 1 for start in starts])


@lru_cache(maxsize=len(CYRILLIC))
def _logarithms(charset: str) -> bytes:
    """Return for each byte of a charset the logarithm of its letter's share divided by RAREST, times STEPS."""
    letters = [bytes([byte]).decode(charset, "replace") for byte in range(256)]
    capitals = {letter.upper(): SHARE_OF_CAPITALS * share for letter, share in FREQUENCIES.items()}
    shares = [max(RAREST, FREQUENCIES.get(one, capitals.get(one, 0))) for one in letters]
    return bytes(round(STEPS * math.log(share / RAREST)) for share in shares)


def _fault(body: bytes, text: str, charset: str) -> str | None:
    """Return why a text cannot be trusted: it was encoded twice, or is in two charsets; None if it can."""
    is_whole_utf8 = charset == "utf-8" and "\N{REPLACEMENT CHARACTER}" not in text
    if charset in {"utf-8", *CYRILLIC} and not is_whole_utf8 and _is_in_two_charsets(body, charset):
        return "the page is in two charsets"
    if charset == "utf-8" and not any(letter in text for letter in RARE_IN_TWICE_ENCODED_O):
        return None
    if not any(letter in body for letter in TWICE_ENCODED_O):
        return None
    twice = sum(len(found[0]) for found in TWICE_ENCODED.finditer(text)) / 2
    if twice >= MIN_LETTERS and twice >= MIN_PART * len(NOT_ASCII.findall(text)) / 2:
        return "the page was encoded twice"
    return None


def _is_in_two_charsets(body: bytes, charset: str) -> bool:
    """Tell whether each of two charsets makes up a considerable part of a page's words."""
    if not UTF8_WORDS.search(body) and _likelihood_of_parts(body.translate(None, ASCII), charset) > CERTAIN:
        return False
    utf8 = sum(len(word) for word in UTF8_WORDS.findall(body)) // 2
    others = b"".join(WORDS_OF_HIGH_BYTES.findall(UTF8_SEQUENCE.sub(b" ", body) if utf8 else body))
    if min(utf8, len(others)) >= max(MIN_LETTERS, MIN_PART * (utf8 + len(others))):
        return True
    return charset in CYRILLIC and any(_likeliest(part, charset) != charset for part in _parts(others))


def _likelihood_of_parts(letters: bytes, charset: str) -> float:
    """Return the `_likelihood` of the least likely part of some letters; 0 if they are too few or not Cyrillic."""
    parts = _parts(letters) if charset in CYRILLIC else []
    return min((_likelihood(part, charset) for part in parts), default=0.0)


def _parts(letters: bytes) -> list[bytes]:
    length = len(letters) // PARTS
    return [letters[place * length :][:length] for place in range(PARTS)] if length >= MIN_LETTERS else []


def _is_mostly_utf8(body: bytes) -> bool:
    """Tell whether bytes are UTF-8 with a few bad bytes, and not another charset.

    Every second byte of Russian UTF-8 begins a letter and is followed by one that cannot begin a letter; in
    windows-1251 each byte is a letter.
    """
    letters = len(UTF8_LETTER.findall(body))
    others = len(body.translate(None, ASCII)) - 2 * letters
    return letters > MIN_GOOD_LETTERS * others


@lru_cache(maxsize=256)  # pages declare few charsets
def _canonical(charset: str) -> str | None:
    try:
        name = codecs.lookup(charset).name
        # Codecs that are no charsets, such as `hex`, fail on these bytes; they would accept empty ones.
        b"<>".decode(name, "replace")
    except (LookupError, UnicodeError, ValueError):
        return None
    return None if name in NOT_OF_PAGES else name
