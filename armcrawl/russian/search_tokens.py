"""The tokens of a text, one for each word or part of a code: what both databases index, and what queries look for."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from armcrawl.russian.codes import DEGREE, MAX_CODE, letters_of_code
from armcrawl.russian.lemmas import lemmas, token_of, tokens_beginning, tokens_like
from armcrawl.russian.look_alikes import CYRILLIC, fold_look_alikes
from armcrawl.russian.typography import UNPRINTED

LETTER, MARKS = r"[^\W\d_]", rf"[{UNPRINTED}\u0300-\u036f]"
IS_DEGREE = r"℃|°\s?[CСcс](?![^\W_])"
# What stands between spaces, brackets and quotes, up to its last letter or digit.
CHUNK = re.compile(rf"{IS_DEGREE}|[^\W_](?:[^\s\"«»„“”()!?;:—…]*[^\W_])?(?:\+\+|#)?")
PART = re.compile(
    rf"""(?P<degree>{IS_DEGREE})
    | (?P<dotted>(?<![^\W_.])(?:{LETTER}\.){{2,}}{LETTER}(?![^\W_]))  # E.S.T.E.R
    | (?P<letters>{LETTER}+(?:{MARKS}+{LETTER}*)*(?:\+\+|\#(?![^\W_]))?)
    | \d+""",
    re.VERBOSE,
)
# A normalised part may hold both: «м²».
PIECE = re.compile(r"\d+|[^\W\d_]+(?:\+\+|#)?")
NO_PART_OF_TOKEN = re.compile(r"[^\w+#]|_")
HYPHENS = frozenset("-‐‑")
# Stands for the end of a token that may go on, in what a query looks for; no token has it.
PREFIX = "*"
# Characters: a longer «word» is pasted data, for which its beginning is enough; marks above letters take more.
MAX_TOKEN_LENGTH = 64
MAX_PART_LENGTH = 16 * MAX_TOKEN_LENGTH


class Token(NamedTuple):
    """A token and its place in the text, in characters."""

    token: str
    start: int
    end: int


class Tokens(NamedTuple):
    """The tokens of a text in order, and beside them the compounds of those that a hyphen joins, without it."""

    words: list[str]
    joined: list[str]


def tokens(text: str) -> list[Token]:
    """Return the tokens of a text in order, each with its place.

    They consist of letters and digits, `_` between lemmas, and the signs of `C++`, `C#` and `°C`.
    """
    return [
        Token(token, chunk.start() + start, chunk.start() + end)
        for chunk in CHUNK.finditer(text)
        for token, start, end in (_placed if len(chunk[0]) <= MAX_TOKEN_LENGTH else _of_long_placed)(chunk[0])
    ]


@lru_cache(maxsize=65_536)
def _placed(chunk: str) -> tuple[Token, ...]:
    return _of_long_placed(chunk)


def _of_long_placed(chunk: str) -> tuple[Token, ...]:
    return tuple(Token(token, part.start(), part.end()) for part in PART.finditer(chunk) for token in _tokens_of(part))


def bare_tokens(text: str) -> Tokens:
    """Return the same without places, which is faster, and compounds."""
    words: list[str] = []
    joined: list[str] = []
    for chunk in CHUNK.findall(text):
        found = _of_chunk(chunk) if len(chunk) <= MAX_TOKEN_LENGTH else _of_long_chunk(chunk)
        words += found[0]
        joined += found[1]
    return Tokens(words, joined)


@lru_cache(maxsize=65_536)  # a newsroom uses some ten thousand forms again and again
def _of_chunk(chunk: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return _of_long_chunk(chunk)


def _of_long_chunk(chunk: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    parts = list(PART.finditer(chunk))
    return tuple(token for part in parts for token in _tokens_of(part)), tuple(map(_token, compounds(chunk, parts)))


def compounds(chunk: str, parts: list[re.Match[str]] | None = None) -> list[str]:
    """Return the words that a hyphen joins as one word in small letters: «медиа-центр» as «медиацентр»."""
    found: list[list[re.Match[str]]] = []
    for part in parts if parts is not None else list(PART.finditer(chunk)):
        last = found[-1][-1] if found else None
        is_next = last and last["letters"] and part.start() == last.end() + 1 and chunk[last.end()] in HYPHENS
        if part["letters"] and is_next:
            found[-1].append(part)
        else:
            found.append([part])
    return [word for run in found if len(run) > 1 and (word := "".join(_normalised(part[0]) for part in run))]


def _tokens_of(part: re.Match[str]) -> tuple[str, ...]:
    return (DEGREE,) if part["degree"] else _tokens_of_text(_undotted(part))


def _undotted(part: re.Match[str]) -> str:
    return part[0].replace(".", "") if part["dotted"] else part[0]


def _tokens_of_text(part: str) -> tuple[str, ...]:
    return tuple(_token(piece) for piece in PIECE.findall(_normalised(part)))


def looked_for(text: str) -> list[tuple[str, ...]]:
    """Return for each token of what is typed in a query all tokens that it may stand for."""
    return [
        alternatives
        for chunk in CHUNK.finditer(text)
        for part in PART.finditer(chunk[0])
        for alternatives in ([(DEGREE,)] if part["degree"] else map(_like, PIECE.findall(_normalised(_undotted(part)))))
    ]


def beginning(text: str) -> list[tuple[str, ...]]:
    """Return the same for what is typed before `*`: its last token may go on."""
    pieces = [piece for part in PART.finditer(text) for piece in PIECE.findall(_normalised(_undotted(part)))]
    if not pieces:
        return []
    *whole, last = pieces
    word = fold_look_alikes(last)
    starts = dict.fromkeys((word, letters_of_code(word) if word.isalpha() and len(word) <= MAX_CODE else word))
    goes_on = (*(start + PREFIX for start in starts), *(tokens_beginning(word) if CYRILLIC.search(word) else ()))
    return [*map(_like, whole), goes_on]


def like_compound(word: str) -> tuple[str, ...]:
    """Return what a word of `compounds` stands for."""
    return _like(word)


def _like(piece: str) -> tuple[str, ...]:
    word = _word(piece)
    return tokens_like(word) if word is not None and lemmas(word) else (_token(piece),)


def _token(piece: str) -> str:
    word = _word(piece)
    if word is None:
        return piece
    return letters_of_code(word) if len(word) <= MAX_CODE and not lemmas(word) else token_of(word)


def _word(piece: str) -> str | None:
    """Return letters in one alphabet; None for a number."""
    return None if piece.isdecimal() else fold_look_alikes(piece)


def _normalised(part: str) -> str:
    # The length is limited first: a flood of marks above a letter would take long to put in order.
    normalised = unicodedata.normalize("NFKC", part[:MAX_PART_LENGTH]).casefold().replace("ё", "е")
    return NO_PART_OF_TOKEN.sub("", normalised)[:MAX_TOKEN_LENGTH]
