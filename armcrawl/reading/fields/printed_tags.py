"""The tags: a group of short links near the body that are neither rubrics nor dates nor a menu."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, takewhile
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote_plus

from armcrawl.items import Evidence, Tag
from armcrawl.reading.body.role import LABELS_OF_BOXES, TEASER, Role
from armcrawl.russian.dates.printed import find_date
from armcrawl.russian.phrases import RUBRIC_LABEL, TAG_LABEL, Phrase, phrase_of
from armcrawl.russian.typography import normal_form
from armcrawl.sites import host_of, identify, site_of, split_address

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from armcrawl.reading.body.roles import Roles
    from armcrawl.reading.fields.structured import Declared
    from armcrawl.reading.layout.document import Anchor, Line

# Characters: the longest tag seen in the trade press has under 60; longer links are headlines.
MAX_TAG_LENGTH = 90
# Lines: the most tags that an article has in a list below a label, or in a `<nav>` of their own.
MAX_TAGS = 40
# Links in one group: beyond this they are a menu or an index, not tags.
MAX_IN_GROUP = 5 * MAX_TAGS
# Words in the address of a tag's page.
TAG_ADDRESS = re.compile(
    r"(?:^|[/?&_-])(?:tags?|metk[ai]|labels?|keywords?|teg[i]?|temy?|theme|topic|subject|метк[аи]|тег[и]?)(?:[/=_.-]|$)",
    re.IGNORECASE,
)
# Words in the address of a rubric's or an author's page, links to which are often beside tags.
RUBRIC_ADDRESS = re.compile(
    r"(?:^|[/?&_-])(?:categor(?:y|ies)|rubri[ck][asi]?|sections?|razdel[y]?|cat|рубрик[аи]|раздел[ы]?|категори[яи]"
    r"|authors?|avtor[y]?|users?|profile)(?:[/=_.-]|$)",
    re.IGNORECASE,
)
# The number of articles with a tag: «Метки: АЭС (12), задвижки (5)».
COUNT = re.compile(r"\(\d{1,5}\)")
# The heading of a tag cloud, which has the whole site's tags and is the same on every page.
CLOUD = re.compile(
    r"\W*(?:облако\b|(?:все|популярные|частые|основные) (?:хештеги|теги|тэги|метки|темы|ключевые слова)"
    r"|tag cloud|popular tags|all tags)",
    re.IGNORECASE,
)
LETTER = re.compile(r"[^\W\d_]")
WORD = re.compile(r"\w")
WORDS = re.compile(r"[\w.-]+")
DIGIT = re.compile(r"\d")
SEPARATORS = re.compile(r"[\s,;|•·#/]+")
# A label at the end of the text before the links. It begins the text, or follows a sign, or the word before it lacks a
# space.
ENDS_IN_LABEL = re.compile(rf"(?:^|\W|(?<=[a-zа-яё\d])(?=[A-ZА-ЯЁ]))(?:{TAG_LABEL})\s*[:—–-]?\W*$", re.IGNORECASE)
ENDS_IN_RUBRIC = re.compile(rf"(?:^|\W|(?<=[a-zа-яё\d])(?=[A-ZА-ЯЁ]))(?:{RUBRIC_LABEL})\s*[:—–-]?\W*$", re.IGNORECASE)
LABEL = re.compile(rf"^\W*(?:{TAG_LABEL})\b\s*:?\s*", re.IGNORECASE)
# Characters of a label with its signs and spaces: «Ключевые слова публикации: ».
MAX_LABEL_LENGTH = 40
# Characters before links: a longer text is a sentence, and only links to addresses of tags are tags after it.
MAX_BEFORE_LENGTH = 40
# Characters of a line with date, author, counters and tags; a longer one is a paragraph with links.
MAX_DETAILS_LENGTH = 200
# Characters of a word that is searched for in the text: shorter words are in every text.
MIN_WITNESS_LENGTH = 4
# Letters at the end of a word that may differ between its cases.
ENDING = 3
# Lines above the title: some templates put the tags there; what is further up is a menu.
NEAR_TITLE = 3
# Lines between the label of a box of related articles and its last link.
MAX_BOX_LENGTH = 10
# The score (see `_score`) that a group of links needs to be taken for tags.
MIN_SCORE = 2.0
# The share of characters in links from which a line is one of tags.
MIN_LINK_SHARE = 0.5
# The share of links to addresses of tags from which those addresses count: some tags may link to the pages of persons
# or places, while a menu has one link to the list of all tags.
MIN_ADDRESSED = 0.3
# Regions that may contain the tags of an article.
BESIDE_TEXT = frozenset({"nav", "aside"})
# Phrases that links beside tags consist of.
NOT_TAGS = frozenset(Phrase) - {Phrase.TAGS}


@dataclass(slots=True, eq=False)
class LinkGroup:
    """Links with only signs between them; `is_alone` tells that their lines contain nothing else but a label."""

    lines: tuple[Line, ...]
    anchors: tuple[Anchor, ...]
    has_label: bool
    is_alone: bool = True

    @property
    def first(self) -> int:
        """The index of the group's first line."""
        return self.lines[0].index

    @property
    def is_called_tags(self) -> bool:
        """Whether the page itself calls the links tags."""
        return self.has_label or any(anchor.is_tag for anchor in self.anchors)


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags and how they were found; `is_label_empty` tells that there is a label for tags, but no tag."""

    tags: tuple[Tag, ...]
    evidence: Evidence | None = None
    is_label_empty: bool = False


def tag_groups(roles: Roles) -> Iterator[LinkGroup]:
    """Yield the groups of links that may be the article's tags: first those called tags, and the likeliest first."""
    groups = [group for group in _groups(roles) if len(group.anchors) <= MAX_IN_GROUP]
    yield from _likeliest([group for group in groups if group.is_called_tags], roles)
    yield from _likeliest([group for group in groups if not group.is_called_tags], roles)


def _likeliest(groups: list[LinkGroup], roles: Roles) -> list[LinkGroup]:
    """Return the groups with a sufficient score, the highest first."""
    scored = [(_score(group, roles), group) for group in groups]
    likely = [pair for pair in scored if pair[0] >= MIN_SCORE and not _is_in_box(pair[1], roles)]
    return [group for _, group in sorted(likely, key=lambda pair: -pair[0])]


def tags_of(group: LinkGroup | None, roles: Roles, declared: Declared) -> Tags:
    """Return the tags of the chosen group; without a group, those listed as plain text, else the declared ones."""
    if group is not None:
        tags = tuple(Tag(_printed(anchor), anchor.address) for anchor in group.anchors if _printed(anchor))
        return Tags(tags, _evidence(group, tags, declared))
    listed = _listed_without_links(roles)
    if listed:
        return Tags(listed, Evidence("label"))
    is_label_empty = any(map(LABEL.match, (line.text for line in roles.lines_of(Role.TAGS))))
    evidence = Evidence("declared") if declared.keywords else None
    return Tags(tuple(map(Tag, declared.keywords)), evidence, is_label_empty)


def _printed(anchor: Anchor) -> str:
    return anchor.text.strip(" #,;|•·")


def _evidence(group: LinkGroup, tags: tuple[Tag, ...], declared: Declared) -> Evidence:
    method = "rel-tag" if group.anchors[0].is_tag else "label" if group.has_label else "links"
    if not declared.keywords:
        return Evidence(method)
    same = {normal_form(tag.printed) for tag in tags} == set(map(normal_form, declared.keywords))
    return Evidence(method, "declared", same)


def _groups(roles: Roles) -> Iterator[LinkGroup]:
    """Yield the groups of links from shortly above the title on, each from one line or from several in a row."""
    open_group: LinkGroup | None = None
    in_cloud = False
    first = max(0, roles.title.index - NEAR_TITLE) if roles.title is not None else 0
    above: Line | None = None
    for line in roles.document.lines[first:]:
        if line.anchors:
            # A tag cloud consists of the links after its heading, up to a line without links.
            in_cloud = (in_cloud if above is None else _opens_cloud(above)) or _opens_cloud(line)
        above = None if line.anchors else line
        if above is not None or in_cloud:
            # Signs between tags may stand in elements of their own.
            if open_group is not None and WORD.search(line.text):
                yield open_group
                open_group = None
            continue
        found = [] if _holds_no_tags(line, roles) else list(_groups_of_line(line, roles))
        if open_group is not None and len(found) == 1 and _continues(open_group, found[0]):
            # A group with too many links is dropped later: it is cut here, as a page of links would take quadratic
            # time.
            lines = (*open_group.lines[: MAX_IN_GROUP + 1], line)
            anchors = (*open_group.anchors[: MAX_IN_GROUP + 1], *found[0].anchors)
            open_group = LinkGroup(lines, anchors, open_group.has_label)
            continue
        if open_group is not None:
            yield open_group
            open_group = None
        if len(found) == 1 and found[0].is_alone:
            open_group = found[0]
        else:
            yield from found
    if open_group is not None:
        yield open_group


def _opens_cloud(line: Line) -> bool:
    return not line.is_link and CLOUD.match(line.text) is not None


def _groups_of_line(line: Line, roles: Roles) -> Iterator[LinkGroup]:
    """Yield the groups of links in a line, each with only signs between its links, without rubrics and dates."""
    # A line of links alone is one chunk.
    is_plain = line.is_link and not line.before_link
    chunks = [("", list(line.anchors), "")] if is_plain else list(_chunks(line))
    is_label_above = line.index > 0 and _is_label(roles.document.lines[line.index - 1], roles)
    for before, anchors, after in chunks:
        label = _label_at_end(before[-MAX_LABEL_LENGTH - 1 :]) if before else None
        if label == "rubric":
            continue
        has_label = label == "tag"
        is_whole = len(chunks) == 1 and (has_label or not before or not WORD.search(before)) and not _has_words(after)
        # A «#» before each name says as much as a label.
        has_label = has_label or (is_whole and all(anchor.text.startswith("#") for anchor in anchors))
        for run in _runs(anchors, roles):
            is_alone = is_whole and len(run) == len(anchors)
            group = LinkGroup((line,), run, has_label or (is_label_above and is_alone), is_alone)
            if _may_be_tags(group, roles, len(before)):
                yield group


@lru_cache(maxsize=1024)  # a site has few labels
def _label_at_end(before: str) -> str | None:
    """Return "tag" or "rubric" if the text before links ends in a label for these, else None."""
    last = max(0, len(before) - MAX_LABEL_LENGTH)
    if ENDS_IN_RUBRIC.search(before, last):
        return "rubric"
    return "tag" if ENDS_IN_LABEL.search(before, last) else None


def _holds_no_tags(line: Line, roles: Roles) -> bool:
    """Tell quickly whether a line cannot hold tags: most lines cannot."""
    role, count = roles.of[line.index], len(line.anchors)
    if role is TEASER or role is Role.TITLE or count > MAX_IN_GROUP:
        return True
    if line.before_link or any(anchor.is_tag for anchor in line.anchors):
        is_prose = len(line.text) > MAX_DETAILS_LENGTH and line.link_share < MIN_LINK_SHARE
        return is_prose and not any(anchor.is_tag or _kind(anchor.address) == "tag" for anchor in line.anchors)
    return (
        line.heading > 0
        or 2 * line.linked < len(line.text)
        or (role is Role.CHROME and line.element.region not in BESIDE_TEXT)
        or (count == 1 and len(line.anchors[0].text) > MAX_TAG_LENGTH)
    )


def _runs(anchors: list[Anchor], roles: Roles) -> Iterator[tuple[Anchor, ...]]:
    """Yield runs of links that may be tags, separated by links that cannot be.

    If there are such others, links to addresses of different kinds are separated as well.
    """
    if len(anchors) == 1:
        if _may_be_tag(anchors[0], roles):
            yield (anchors[0],)
        return
    may_be = {anchor: _may_be_tag(anchor, roles) for anchor in anchors}
    is_mixed = not all(may_be.values())
    if not is_mixed and not any(anchor.is_tag for anchor in anchors):
        yield tuple(anchors)
        return
    for key, run in groupby(anchors, key=lambda link: (may_be[link], link.is_tag, is_mixed and _kind(link.address))):
        if key[0]:
            yield tuple(run)


def _chunks(line: Line) -> Iterator[tuple[str, list[Anchor], str]]:
    """Yield the chunks of links with only signs between them, each with the text before and after it."""
    before, place = "", 0
    found: list[Anchor] = []
    for anchor in line.anchors:
        start = line.text.find(anchor.text, place)
        between = line.text[place : max(start, place)]
        if not found:
            before = between
        elif _has_words(between):
            yield before, found, between
            before, found = between, []
        found.append(anchor)
        place = max(start, place) + len(anchor.text)
    yield before, found, line.text[place:]


def _has_words(text: str) -> bool:
    """Tell whether a text has more than signs and counts such as «(12)»."""
    return text != "" and WORD.search(text) is not None and WORD.search(COUNT.sub("", text)) is not None


def _may_be_tags(group: LinkGroup, roles: Roles, before: int) -> bool:
    """Tell whether the place of a group allows tags; `before` is the length of the text before it."""
    line = group.lines[0]
    is_called_tags = group.has_label or all(anchor.is_tag for anchor in group.anchors)
    is_addressed = all(_kind(anchor.address) == "tag" for anchor in group.anchors)
    if before > MAX_BEFORE_LENGTH and not (is_addressed or group.anchors[0].is_tag):
        return False
    if (line.heading or roles.of[line.index] is Role.CHROME) and not (
        is_called_tags or _has_nav_of_its_own(line, roles)
    ):
        return False
    # Among other words, links must be called tags, or link to addresses of tags in a line that is mostly links.
    return is_called_tags or group.is_alone or (is_addressed and line.link_share >= MIN_LINK_SHARE)


def _has_nav_of_its_own(line: Line, roles: Roles) -> bool:
    """Tell whether a line is in a `<nav>` with links to tags only, or in such an `<aside>` inside the article.

    A menu also links to other pages, and the tags of the whole site are in a column beside the article.
    """
    nav = line.element.region_root
    if line.heading or nav is None or line.element.region not in BESIDE_TEXT or nav.end - nav.first > MAX_TAGS:
        return False
    if line.element.region == "aside" and not any(
        one.tag == "article" and roles.has_title(one) for one in nav.ancestors()
    ):
        return False
    anchors = (anchor for line in roles.document.lines[nav.first : nav.end] for anchor in line.anchors)
    return all(_kind(anchor.address) == "tag" for anchor in anchors)


def _is_label(line: Line, roles: Roles) -> bool:
    return not line.anchors and roles.of[line.index] is Role.TAGS


def _may_be_tag(anchor: Anchor, roles: Roles) -> bool:
    """Tell whether a link may be a tag: a short name that links to another page, which is no article."""
    return (
        len(anchor.text) <= MAX_TAG_LENGTH
        and not anchor.is_rubric
        and (anchor.address != roles.document.address or anchor.is_tag)
        and _is_name_of(_printed(anchor), anchor.address)
    )


@lru_cache(maxsize=4096)  # most links of a page are on every page of its site
def _is_name_of(text: str, address: str) -> bool:
    """Tell whether a link may be a tag by text and address: it is no rubric, article, label or date."""
    return (
        LETTER.search(text) is not None
        and _kind(address) != "rubric"
        and identify(address) is None
        and phrase_of(text) not in NOT_TAGS
        and not _is_date(text)
    )


def _is_date(text: str) -> bool:
    return DIGIT.search(text) is not None and find_date(text) is not None


def _continues(group: LinkGroup, found: LinkGroup) -> bool:
    """Tell whether a line's links continue a group: in the same element, or in a similar one with similar addresses."""
    previous, line = group.lines[-1], found.lines[0]
    inner, outer = previous.element, line.element
    if not found.is_alone or found.has_label > group.has_label or inner.tag != outer.tag:
        return False
    is_list = inner.tag == "li" or _kind(group.anchors[-1].address) == _kind(found.anchors[0].address)
    if inner is outer or (inner.parent is outer.parent and inner.is_like(outer) and is_list):
        return True
    near = inner.parent is outer.parent or (
        inner.parent is not None and outer.parent is not None and inner.parent.parent is outer.parent.parent
    )
    return near and len({_pattern(anchor.address) for anchor in (group.anchors[-1], *found.anchors)}) == 1


def _is_in_box(group: LinkGroup, roles: Roles) -> bool:
    """Tell whether a group is in a box of related articles: its label is above, with only links between."""
    if group.is_called_tags:
        return False
    for index in range(group.first - 1, max(-1, group.first - 1 - MAX_BOX_LENGTH), -1):
        line = roles.document.lines[index]
        if roles.of[index] in LABELS_OF_BOXES:
            return True
        if line.link_share < MIN_LINK_SHARE and not (roles.of[index] is Role.TEASER or line.heading):
            return False
    return False


@lru_cache(maxsize=4096)
def _kind(address: str) -> str | None:
    """Return "tag" or "rubric" if the words of an address say that it is the page of one, else None."""
    _, path, query = split_address(address)
    path = unquote_plus(f"{path}?{query}" if query else path)
    if TAG_ADDRESS.search(path):
        return "tag"
    return "rubric" if RUBRIC_ADDRESS.search(path) else None


@lru_cache(maxsize=4096)
def _pattern(address: str) -> tuple[str, str, tuple[str, ...]]:
    """Return what the addresses of a site's tags have in common: host, path without the last segment, query names."""
    host, path, query = split_address(address)
    path = path.rstrip("/")
    # The name of a tag may contain a slash: everything after `/tags/` belongs to it.
    if (named := TAG_ADDRESS.search(path)) and named.end() < len(path):
        return host, path[: named.end()], ()
    if query:
        return host, path, tuple(name for name, _ in parse_qsl(query, keep_blank_values=True))
    return host, path.rpartition("/")[0], ()


def _score(group: LinkGroup, roles: Roles) -> float:
    """Return a score for a group of links being the tags of this article; MIN_SCORE is needed.

    For it speak a label, `rel="tag"`, addresses of tags, and that the text mentions what the links name.
    """
    address = group.anchors[0].address
    page = roles.document.address
    is_called_tags = group.is_called_tags
    if not is_called_tags and host_of(address) != host_of(page) and site_of(address) is not site_of(page):
        return 0.0
    count = len(group.anchors)
    addressed = sum([_kind(anchor.address) == "tag" for anchor in group.anchors]) / count
    addressed = addressed if addressed >= MIN_ADDRESSED else 0.0
    is_attributed = group.first > 0 and roles.of[group.first - 1] is Role.ATTRIBUTION
    is_above = roles.title is not None and group.first < roles.title.index
    if not (is_called_tags or addressed) and (is_above or (count == 1 and not is_attributed)):
        # The rest of the score could not reach MIN_SCORE.
        return 0.0
    is_one_kind = is_called_tags or len({_pattern(anchor.address) for anchor in group.anchors}) == 1
    if is_called_tags:
        named = 0.0
    elif is_one_kind or addressed:
        named = sum([_is_named_in(anchor, roles.unlinked_text) for anchor in group.anchors]) / count
    elif all(_is_named_in(anchor, roles.unlinked_text) for anchor in group.anchors):
        named = 1.0
    else:
        # Links with several kinds of addresses, not all mentioned in the text, are a menu.
        return 0.0
    score = 4.0 * any(anchor.is_tag for anchor in group.anchors) + 4.0 * group.has_label
    score += 2.0 + addressed if addressed else 0.0
    score += 2.0 * named
    if not (is_called_tags or addressed):
        score += 0.5 if count > 1 else -0.5
        score += 1.5 if is_attributed else 0.0
    if is_above and not addressed:
        score -= 2.5
    # An address of one segment is that of a rubric or another page of the site, not of a tag.
    if not addressed and not any(_pattern(address)[1:]) and (count == 1 or named < 1):
        score -= 1.5
    return score


def _is_named_in(anchor: Anchor, text: str) -> bool:
    """Tell whether a text contains the stems of all longer words of a link."""
    words = WORDS.findall(anchor.text.casefold().replace("ё", "е"))
    stems = [word[: max(MIN_WITNESS_LENGTH, len(word) - ENDING)] for word in words if len(word) >= MIN_WITNESS_LENGTH]
    return bool(stems) and all(stem in text for stem in stems)


def _listed_without_links(roles: Roles) -> tuple[Tag, ...]:
    """Return the tags that are plain text, in the line of a label («Метки: одно, другое») or below it."""
    for line in roles.lines_of(Role.TAGS):
        label = LABEL.match(line.text)
        is_hashtags = line.text.startswith("#")
        if line.anchors or not (label or is_hashtags):
            continue
        end = label.end() if label else 0
        texts = [line.text[end:]] if end < len(line.text) else _listed_below(line, roles)
        # If semicolons separate the names, a comma is part of a name.
        names = [name.strip(" .,;#") for text in texts for name in text.split(_sign_between(text))]
        if found := tuple(Tag(name) for name in names if 0 < len(name) <= MAX_TAG_LENGTH):
            return found
    return ()


def _sign_between(names: str) -> str:
    return next((sign for sign in ("#", ";") if sign in names), ",")


def opens_list_of_text(label: Line, roles: Roles, text: Sequence[Line]) -> bool:
    """Tell whether a label in a line of its own heads a list inside the text: «Темы:» of a meeting are no tags."""
    is_surrounded = bool(text) and text[0].index < label.index < text[-1].index
    below = _listed_below(label, roles) if is_surrounded and LABEL.fullmatch(label.text) else []
    return bool(below) and label.index + len(below) < text[-1].index


def _listed_below(label: Line, roles: Roles) -> list[str]:
    """Return the items of a list right below a label, or the one short line there with commas."""
    lines = roles.document.lines[label.index + 1 :][:MAX_TAGS]
    first = lines[0] if lines else None
    if first is None or first.anchors or first.text.endswith("."):
        return []
    if first.element.tag != "li":
        return [first.text] if _sign_between(first.text) in first.text and len(first.text) <= MAX_TAG_LENGTH else []
    items = takewhile(lambda line: line.element.parent is first.element.parent and not line.anchors, lines)
    return [line.text for line in items]
