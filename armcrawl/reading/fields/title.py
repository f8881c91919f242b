"""The title: the line that is the best heading and best agrees with the titles that the page declares."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING

from armcrawl.items import Evidence
from armcrawl.reading.layout.dated_line import is_date_line
from armcrawl.reading.layout.prose import is_prose
from armcrawl.russian.dates.printed import find_date
from armcrawl.russian.phrases import RUBRIC_NAME, phrase_of
from armcrawl.russian.typography import normal_form
from armcrawl.sites import host_of, split_address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from armcrawl.reading.fields.structured import Declared
    from armcrawl.reading.layout.document import Document, Line

# Characters: the longest title seen has 150, and a line of more than 400 is a paragraph.
MAX_TITLE_LENGTH = 400
CUT_MARKS = ("...", "…")
SITE_NAME_AFTER = re.compile(r"\s+(?:[|—–»/·•-]|::)\s+")
WORD = re.compile(r"\w+")
ROOT = re.compile(r"https?://[^/?]+/?")
MAX_SLASHES_OF_ROOT = 3
SITE_NAME_SIGNS = frozenset("|—–»/·•-")
# Signs between a date and the title in one heading.
BESIDE_DATE = " (|—–-·,"
# The agreement of an <h1> all of whose words are in a declared title, but in other order: a slogan or a rubric shares
# none.
WORDS_WEIGHT = 0.5
# The agreement of a line that equals <title> including the site's name: a copy for machines, and less than a line with
# the main part alone.
WHOLE_PAGE_TITLE = 0.7
# Letters: that a shorter title («Новости», «О портале») is part of another proves nothing.
MIN_LETTERS = 12
# The agreement of a line with a declared title that is cut, or that has a rubric before it.
NEARLY_EQUAL = 0.9
OUTSIDE = frozenset({"nav", "footer", "aside", "menu", "dialog", "form", "figcaption"})
HEADING_WEIGHT = {1: 4.0, 2: 3.0, 3: 2.0, 4: 1.0, 5: 0.5, 6: 0.5}
# The weight of bold text that is no heading: less than an <h4>, more than an <h5>.
EMPHASIS_WEIGHT = 0.8
# Agreement with the page's own <title> outweighs any heading tag, as logos and widgets are headings too.
AGREEMENT_WEIGHT = 8.0
# The score of an <h1> that is most of <title>: no other line can be better, so none is examined.
CERTAIN_SCORE = HEADING_WEIGHT[1] + 0.75 * AGREEMENT_WEIGHT
# A line with a lower score has neither a high heading nor any agreement, and is no title.
MIN_SCORE = 1.5
# Lines between a rubric's name and the article's own heading: the site's menu at most.
MAX_BELOW_RUBRIC = 60
MAX_WORDS_OF_RUBRIC = 4
# Links to the site below a heading that are its menu: tags and a rubric below a title are fewer.
MIN_LINKS_OF_MENU = 4
# Words of a heading that may be the article's title: a rubric has one or two.
MIN_WORDS = 3
# Lines below a heading within which its date is, perhaps after a counter.
DATE_NEAR = 2
# Lines below a heading within which its text begins, after a date, a caption or a byline.
PROSE_NEAR = 6
# Characters of words that are compared: shorter ones are in every text.
MIN_WORD_LENGTH = 4


@dataclass(frozen=True, slots=True)
class Title:
    """The title, how it was found, and the line that shows it; None if it is declared only."""

    text: str
    evidence: Evidence
    line: Line | None


def find_title(document: Document, declared: Declared) -> Title | None:
    """Return the title of the page, or None if neither a line nor a declaration can be one."""
    site = _names_of_site(document)
    names = [(method, text) for method, text in (*declared.titles, ("page-title", document.page_title)) if text]
    known = [(method, _compared(text), text.endswith(CUT_MARKS)) for method, text in names]
    known = [one for one in known if one[1] not in site]
    headings = [line for line in document.lines if line.heading == 1 and _may_be_title(line, document)]
    best = _best(headings, known, site)
    if best is None or best[0] < CERTAIN_SCORE:
        words = {word for _, name, _ in known for word in WORD.findall(name)}
        likely = [
            line
            for line in document.lines
            if line.heading or line.emphasis or line.itemprop or _shares_word(line, words)
        ]
        best = _best([line for line in likely if _may_be_title(line, document)], known, site)
    line = best[1] if best is not None else None
    if line is not None or not declared.titles:
        line = _below_rubric(line, document, [_compared(text) for _, text in declared.titles]) or line
    if line is not None:
        return Title(_cleaned(line, known), _evidence(line, known), line)
    for method, text in names:
        pieces = [text] if method != "page-title" else SITE_NAME_AFTER.split(text)
        main = next((one for one in pieces if len(one) >= MIN_LETTERS and _compared(one) not in site), None)
        if main is not None:
            return Title(main, Evidence(method), None)
    return None


def _below_rubric(top: Line | None, document: Document, declared: Sequence[str]) -> Line | None:
    """Return the article's own heading below the name of a rubric or a slogan, which may be all that `<title>` says.

    It is next to a date and above prose, with no prose between it and the rubric. If other headings like it exist, they
    are a list, and None is returned. `top` is the best line so far, `declared` are the declared titles in compared
    form.
    """
    first = top.index + 1 if top is not None else 0
    found: Line | None = None
    for line in document.lines[first : first + MAX_BELOW_RUBRIC]:
        if (line.heading or line.emphasis) and _heads_text(line, document) and _says_more(line, top):
            found = line
            break
        if is_prose(line):
            break
    if found is None or (top is not None and not _is_rubric(top, found, document, declared)):
        return None
    like = (line for line in document.lines if line is not found and line.element.signature == found.element.signature)
    return None if any(_heads_text(line, document) for line in like) else found


def _heads_text(line: Line, document: Document) -> bool:
    """Tell whether a line is a heading or bold, has a date right beside it, and prose below it."""
    stands_out = line.heading or line.emphasis
    if not stands_out or len(line.text.split()) < MIN_WORDS or not _may_be_title(line, document):
        return False
    around = document.lines[max(0, line.index - 1) : line.index + 1 + DATE_NEAR]
    if is_date_line(line) or not any(is_date_line(one) for one in around if one is not line):
        return False
    below = document.lines[line.index + 1 : line.index + 1 + PROSE_NEAR]
    return any(map(is_prose, takewhile(lambda one: not one.heading, below)))


def _says_more(line: Line, top: Line | None) -> bool:
    return top is None or len(line.text) > len(top.text)


def _is_rubric(top: Line, below: Line, document: Document, declared: Sequence[str]) -> bool:
    """Tell whether a heading is no title: the name of a rubric, the text of a link elsewhere, or above the menu."""
    if RUBRIC_NAME.fullmatch(top.text):
        return True
    name = _compared(top.text)
    if name in declared:
        return False
    if len(top.text.split()) <= MAX_WORDS_OF_RUBRIC and any(
        normal_form(anchor.text) == name and not _is_same_page(anchor.address, document.address)
        for line in document.lines
        for anchor in line.anchors
    ):
        return True
    links = [anchor for line in document.lines[top.index : below.index] if line.is_link for anchor in line.anchors]
    own = host_of(document.address)
    return sum(host_of(anchor.address) == own for anchor in links) >= MIN_LINKS_OF_MENU


def _names_of_site(document: Document) -> frozenset[str]:
    """Return the names of the site: those it declares, and the texts and pictures of links to its home page."""
    if _is_root(document.address):
        return frozenset()
    names = [name for key in ("og:site_name", "application-name") for name in document.meta.get(key, ())]
    names += [anchor.text for line in document.linked for anchor in line.anchors if _is_root(anchor.address)]
    names += [picture.alt for picture in document.pictures if picture.target and _is_root(picture.target)]
    return frozenset(normal_form(name) for name in names if name)


@lru_cache(maxsize=4096)  # most links of a page are on every page of its site
def _is_root(address: str) -> bool:
    return address.count("/") <= MAX_SLASHES_OF_ROOT and ROOT.fullmatch(address) is not None


def is_shown(title: str, document: Document) -> bool:
    """Tell whether any line of the page, even a link, contains the title."""
    name = normal_form(title)
    return any(name in normal_form(line.text) for line in document.lines)


def _best(lines: list[Line], known: list[tuple[str, str, bool]], site: frozenset[str]) -> tuple[float, Line] | None:
    """Return the highest score and its line; of equal ones the first, as the second is a lead that repeats it."""
    best: tuple[float, Line] | None = None
    for line in lines:
        score = _score(line, known)
        if score < MIN_SCORE or (best is not None and score <= best[0]):
            continue
        if score <= HEADING_WEIGHT[1] and phrase_of(line.text) is not None:
            continue
        if find_date(line.text) != line.text and normal_form(line.text) not in site:
            best = (score, line)
    return best


def _may_be_title(line: Line, document: Document) -> bool:
    is_text = len(line.text) <= MAX_TITLE_LENGTH and line.element.region not in OUTSIDE
    return is_text and not _is_link_elsewhere(line, document)


def _shares_word(line: Line, words: set[str]) -> bool:
    """Tell quickly whether a line may agree with a declared title: its first word is in one, which is rare."""
    first = WORD.search(line.text)
    return first is not None and first[0].casefold().replace("ё", "е") in words


def _is_link_elsewhere(line: Line, document: Document) -> bool:
    return line.is_link and any(not _is_same_page(anchor.address, document.address) for anchor in line.anchors)


def _is_same_page(one: str, other: str) -> bool:
    """Tell whether two addresses differ at most in scheme, host and query: a site serves a page under several."""
    return one.rstrip("/") == other.rstrip("/") or (
        not _is_root(one) and split_address(one)[1].rstrip("/") == split_address(other)[1].rstrip("/")
    )


def _score(line: Line, known: list[tuple[str, str, bool]]) -> float:
    heading = HEADING_WEIGHT.get(line.heading, EMPHASIS_WEIGHT if line.emphasis else 0.0)
    agreement, method = _best_agreement(line.text, known)
    if method == "page-title" and not line.heading and agreement == 1.0 and SITE_NAME_AFTER.search(line.text):
        agreement = WHOLE_PAGE_TITLE
    if line.heading == 1 and not agreement:
        agreement = WORDS_WEIGHT * _shared_words(line.text, known)
    score = heading + AGREEMENT_WEIGHT * agreement + (1.0 if line.itemprop in {"headline", "name"} else 0.0)
    if line.is_link or line.element.region == "header":
        score -= 0.5
    return score


def _best_agreement(title: str, known: list[tuple[str, str, bool]]) -> tuple[float, str]:
    text = _compared(title)
    best = (0.0, "")
    for method, name, is_cut in known:
        agreement = _agreement(text, name, is_cut=is_cut)
        if agreement > best[0]:
            best = (agreement, method)
            if agreement == 1.0:
                break
    return best


@lru_cache(maxsize=64)  # one title is compared with each of the few that the page declares
def _compared(title: str) -> str:
    """Return the form in which titles are compared: the normal form, without dots that mark a cut."""
    for mark in CUT_MARKS:
        title = title.removesuffix(mark)
    return normal_form(title)


def _evidence(line: Line, known: list[tuple[str, str, bool]]) -> Evidence:
    method = f"h{line.heading}" if line.heading else "emphasis" if line.emphasis else "line"
    if not known:
        return Evidence(method)
    agreement, witness = _best_agreement(line.text, known)
    return Evidence(method, witness if agreement else known[0][0], agreement > 0)


def _agreement(text: str, name: str, *, is_cut: bool) -> float:
    """Return how well a line agrees with a declared title, from 0 to 1; both are in compared form."""
    if not text:
        return 0.0
    if text == name:
        return 1.0
    if len(text) < MIN_LETTERS:
        return 0.0
    if text in name:
        return _part_of_name(text, name)
    if is_cut and len(name) >= MIN_LETTERS and text.startswith(name.rsplit(" ", 1)[0]):
        return NEARLY_EQUAL
    main = _main_part(name)
    if len(main) >= MIN_LETTERS and (text.startswith(main) or _rubric_before(text, name)):
        return NEARLY_EQUAL * len(main) / len(text)
    return 0.0


@lru_cache(maxsize=16)  # the page's own few
def _main_part(name: str) -> str:
    """Return the longest part of a declared title between the signs that separate the site's name."""
    return max(SITE_NAME_AFTER.split(name), key=len)


def _rubric_before(text: str, name: str) -> str:
    """Return the rubric and its sign before a declared title («Эксклюзив | »), or ""."""
    main = name if name in text else _main_part(name)
    before = text.removesuffix(main)
    if before == text or before.rstrip()[-1:] not in SITE_NAME_SIGNS:
        return ""
    # If it is declared in that place as well, it is part of the title: «Кран — не роскошь».
    sign = " ".join(before.split()[-2:])
    return "" if f"{sign} {main}" in name else before


def _shared_words(text: str, known: list[tuple[str, str, bool]]) -> float:
    """Return the share of a heading's words that are in declared titles, from 0 to 1; short words do not count."""
    words = [word for word in WORD.findall(_compared(text)) if len(word) >= MIN_WORD_LENGTH]
    declared = {word for _, name, _ in known for word in WORD.findall(name)}
    return sum(word in declared for word in words) / len(words) if len(words) > 1 else 0.0


def _part_of_name(text: str, name: str) -> float:
    """Return the agreement of a text that is part of a declared title: more if signs separate it from the rest."""
    before, _, after = name.partition(text)
    rest = (before.strip(), after.strip())
    parted = (not rest[0] or rest[0][-1] in SITE_NAME_SIGNS) and (not rest[1] or rest[1][0] in SITE_NAME_SIGNS)
    share = len(text) / len(name)
    # «Title — Rubric — Portal»: a rest that begins with a sign may be long, another one counts against the line.
    return 0.5 + 0.5 * share if parted else 0.6 * share


def _cleaned(line: Line, known: list[tuple[str, str, bool]]) -> str:
    """Return the title without a date at the beginning or end of its line, and without a rubric at the beginning."""
    if shorter := _without_date(line.loose):
        matches = any(_agreement(_compared(shorter), name, is_cut=cut) > 0 for _, name, cut in known)
        whole = any(_compared(line.text) in name for _, name, _ in known)
        return shorter if matches and not whole else line.text
    text = _compared(line.text)
    if any(text in name for _, name, _ in known):
        return line.text
    length = max((len(_rubric_before(text, name)) for _, name, _ in known), default=0)
    # The compared form may be shorter than the printed one; then the length of the rubric is not known.
    return line.text[length:] if len(text) == len(line.text) else line.text


def _without_date(heading: str) -> str | None:
    """Return a heading without the date at its beginning or end; None if it has none there."""
    found = find_date(heading)
    if found is None:
        return None
    if heading.rstrip(" )").endswith(found):
        return heading.removesuffix(")").rstrip()[: -len(found)].strip(BESIDE_DATE)
    return (
        heading.lstrip(" (").removeprefix(found).strip(BESIDE_DATE + ").")
        if heading.lstrip(" (").startswith(found)
        else None
    )
