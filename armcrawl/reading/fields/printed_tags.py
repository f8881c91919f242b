"""The tags: a group of short links in one place near the body, told from rubrics, dates and menus."""

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

# The longest tag seen in the trade has under 60 characters; a headline has more.
MAX_TAG_LENGTH = 90
MAX_TAGS = 40
# In lines of their own, or behind a label, there may be more; beyond this they are a menu or an index.
MAX_IN_GROUP = 5 * MAX_TAGS
TAG_ADDRESS = re.compile(
    r"(?:^|[/?&_-])(?:tags?|metk[ai]|labels?|keywords?|teg[i]?|temy?|theme|topic|subject|метк[аи]|тег[и]?)(?:[/=_.-]|$)",
    re.IGNORECASE,
)
# Rubrics and authors stand beside tags.
RUBRIC_ADDRESS = re.compile(
    r"(?:^|[/?&_-])(?:categor(?:y|ies)|rubri[ck][asi]?|sections?|razdel[y]?|cat|рубрик[аи]|раздел[ы]?|категори[яи]"
    r"|authors?|avtor[y]?|users?|profile)(?:[/=_.-]|$)",
    re.IGNORECASE,
)
# How often a tag was given: «Метки: АЭС (12), задвижки (5)».
COUNT = re.compile(r"\(\d{1,5}\)")
# What the site's own tags stand under, on every page the same.
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
# A label ends what is printed before the links: at the beginning, behind a sign, or where the next word is glued on.
ENDS_IN_LABEL = re.compile(rf"(?:^|\W|(?<=[a-zа-яё\d])(?=[A-ZА-ЯЁ]))(?:{TAG_LABEL})\s*[:—–-]?\W*$", re.IGNORECASE)
ENDS_IN_RUBRIC = re.compile(rf"(?:^|\W|(?<=[a-zа-яё\d])(?=[A-ZА-ЯЁ]))(?:{RUBRIC_LABEL})\s*[:—–-]?\W*$", re.IGNORECASE)
LABEL = re.compile(rf"^\W*(?:{TAG_LABEL})\b\s*:?\s*", re.IGNORECASE)
# «Ключевые слова» or «Теги новости» with their colon, and some signs and spaces behind it.
MAX_LABEL_LENGTH = 40
# Longer text before links is a sentence: it takes more than a word in it to make them tags.
MAX_BEFORE_LENGTH = 40
# A line of date, author, counters and tags is shorter than a paragraph with links.
MAX_DETAILS_LENGTH = 200
# Words shorter than this are in every text.
MIN_WITNESS_LENGTH = 4
# Endings change with the case: what two forms share is the word less three letters.
ENDING = 3
# Some templates set the tags right above the title; what is further up is a menu.
NEAR_TITLE = 3
# A box of related articles is known by the label above its links, which are not many.
MAX_BOX_LENGTH = 10
# What a group of links needs to be believed when nothing but its place speaks for it.
MIN_SCORE = 2.0
# Of a line of tags at least half is links.
MIN_LINKED = 0.5
# Tags may be places and persons with pages of their own; in a menu one link of many leads to all tags.
MIN_ADDRESSED = 0.3
# Regions that may hold the tags of an article.
BESIDE_TEXT = frozenset({"nav", "aside"})
# What links beside tags say.
NO_TAGS = frozenset(Phrase) - {Phrase.TAGS}


@dataclass(slots=True, eq=False)
class LinkGroup:
    """Links that follow one another with nothing but signs between; `is_alone` where their line holds nothing else."""

    lines: tuple[Line, ...]
    anchors: tuple[Anchor, ...]
    has_label: bool
    is_alone: bool = True

    @property
    def first(self) -> int:
        """The index of the group's first line."""
        return self.lines[0].index

    @property
    def is_said(self) -> bool:
        """Whether the page itself calls the links tags."""
        return self.has_label or any(anchor.is_tag for anchor in self.anchors)


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags found, and how; `is_label_empty` where a label promises tags and none are found."""

    tags: tuple[Tag, ...]
    evidence: Evidence | None = None
    is_label_empty: bool = False


def tag_groups(roles: Roles) -> Iterator[LinkGroup]:
    """Yield the groups of links that may be the article's tags, the likeliest first: those that are said to be tags."""
    groups = [group for group in _groups(roles) if len(group.anchors) <= MAX_IN_GROUP]
    yield from _likeliest([group for group in groups if group.is_said], roles)
    yield from _likeliest([group for group in groups if not group.is_said], roles)


def _likeliest(groups: list[LinkGroup], roles: Roles) -> list[LinkGroup]:
    """Return the groups that are likely enough, in order."""
    scored = [(_score(group, roles), group) for group in groups]
    likely = [pair for pair in scored if pair[0] >= MIN_SCORE and not _is_in_box(pair[1], roles)]
    return [group for _, group in sorted(likely, key=lambda pair: -pair[0])]


def tags_of(group: LinkGroup | None, roles: Roles, declared: Declared) -> Tags:
    """Return the tags of the chosen group; without one, those listed as plain text or declared."""
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
    """Yield the groups below the title: links of a line, and those of the lines that go on where it stops."""
    open_group: LinkGroup | None = None
    in_cloud = False
    first = max(0, roles.title.index - NEAR_TITLE) if roles.title is not None else 0
    above: Line | None = None
    for line in roles.document.lines[first:]:
        if line.anchors:
            # A cloud is links below its label or in one line with it, down to where something else begins.
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
            # Of more links than a group may hold the rest is of no account: a page of them would take quadratic time.
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
    """Yield the links of a line that nothing but signs parts, without those that are rubrics, dates or counters."""
    # Of links alone nothing needs to be told apart.
    is_plain = line.is_link and not line.before_link
    chunks = [("", list(line.anchors), "")] if is_plain else list(_chunks(line))
    is_label_above = line.index > 0 and _is_label(roles.document.lines[line.index - 1], roles)
    for before, anchors, after in chunks:
        label = _label_at_end(before[-MAX_LABEL_LENGTH - 1 :]) if before else None
        if label == "rubric":
            continue
        has_label = label == "tag"
        is_whole = len(chunks) == 1 and (has_label or not before or not WORD.search(before)) and not _says(after)
        # A printed «#» before each name says it as well.
        has_label = has_label or (is_whole and all(anchor.text.startswith("#") for anchor in anchors))
        for run in _runs(anchors, roles):
            is_alone = is_whole and len(run) == len(anchors)
            group = LinkGroup((line,), run, has_label or (is_label_above and is_alone), is_alone)
            if _may_be_tags(group, roles, len(before)):
                yield group


@lru_cache(maxsize=1024)  # a site has few labels
def _label_at_end(before: str) -> str | None:
    """Tell whether what stands before links ends in a label, and of what: a "tag", a "rubric"."""
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
        is_prose = len(line.text) > MAX_DETAILS_LENGTH and line.link_share < MIN_LINKED
        return is_prose and not any(anchor.is_tag or _kind(anchor.address) == "tag" for anchor in line.anchors)
    return (
        line.heading > 0
        or 2 * line.linked < len(line.text)
        or (role is Role.CHROME and line.element.region not in BESIDE_TEXT)
        or (count == 1 and len(line.anchors[0].text) > MAX_TAG_LENGTH)
    )


def _runs(anchors: list[Anchor], roles: Roles) -> Iterator[tuple[Anchor, ...]]:
    """Yield the links that may be tags, parted by those that are none; beside such, kinds are parted as well."""
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
    """Yield the links of a line that only signs part, with the text before the first and behind the last."""
    before, place = "", 0
    found: list[Anchor] = []
    for anchor in line.anchors:
        start = line.text.find(anchor.text, place)
        between = line.text[place : max(start, place)]
        if not found:
            before = between
        elif _says(between):
            yield before, found, between
            before, found = between, []
        found.append(anchor)
        place = max(start, place) + len(anchor.text)
    yield before, found, line.text[place:]


def _says(text: str) -> bool:
    """Tell whether more than signs and counts stand there."""
    return text != "" and WORD.search(text) is not None and WORD.search(COUNT.sub("", text)) is not None


def _may_be_tags(group: LinkGroup, roles: Roles, before: int) -> bool:
    """Tell whether links may be tags where they stand."""
    line = group.lines[0]
    is_said = group.has_label or all(anchor.is_tag for anchor in group.anchors)
    is_addressed = all(_kind(anchor.address) == "tag" for anchor in group.anchors)
    if before > MAX_BEFORE_LENGTH and not (is_addressed or group.anchors[0].is_tag):
        return False
    if (line.heading or roles.of[line.index] is Role.CHROME) and not (is_said or _has_nav_of_its_own(line, roles)):
        return False
    # Amid other words only what is called a tag is one; a line of date, counters and links is no sentence.
    return is_said or group.is_alone or (is_addressed and line.link_share >= MIN_LINKED)


def _has_nav_of_its_own(line: Line, roles: Roles) -> bool:
    """Tell whether a line is in a `<nav>` of links to tags alone, or in such an `<aside>` inside the article.

    A menu leads to other pages as well, and the site's own tags stand in a column beside the article.
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
    """Tell whether a link may be a tag: a short name that leads to another page, which is no article."""
    return (
        len(anchor.text) <= MAX_TAG_LENGTH
        and not anchor.is_rubric
        and (anchor.address != roles.document.address or anchor.is_tag)
        and _is_name_of(_printed(anchor), anchor.address)
    )


@lru_cache(maxsize=4096)  # most links of a page are on every page of its site
def _is_name_of(text: str, address: str) -> bool:
    """Tell whether a text may be the name of what an address leads to: no rubric, article, label or date."""
    return (
        LETTER.search(text) is not None
        and _kind(address) != "rubric"
        and identify(address) is None
        and phrase_of(text) not in NO_TAGS
        and not _is_date(text)
    )


def _is_date(text: str) -> bool:
    return DIGIT.search(text) is not None and find_date(text) is not None


def _continues(group: LinkGroup, found: LinkGroup) -> bool:
    """Tell whether the links of a line go on with a group: in the same place, or in like ones with like addresses."""
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
    """Tell whether a group is of a box of related articles: the label of one stands above it, with links between."""
    if group.is_said:
        return False
    for index in range(group.first - 1, max(-1, group.first - 1 - MAX_BOX_LENGTH), -1):
        line = roles.document.lines[index]
        if roles.of[index] in LABELS_OF_BOXES:
            return True
        if line.link_share < MIN_LINKED and not (roles.of[index] is Role.TEASER or line.heading):
            return False
    return False


@lru_cache(maxsize=4096)
def _kind(address: str) -> str | None:
    """Tell what the address says that it names: a "tag", a "rubric", or nothing."""
    _, path, query = split_address(address)
    path = unquote_plus(f"{path}?{query}" if query else path)
    if TAG_ADDRESS.search(path):
        return "tag"
    return "rubric" if RUBRIC_ADDRESS.search(path) else None


@lru_cache(maxsize=4096)
def _pattern(address: str) -> tuple[str, str, tuple[str, ...]]:
    """The address without what differs from tag to tag: its last step, or the values of its query."""
    host, path, query = split_address(address)
    path = path.rstrip("/")
    # A tag's name may hold a slash: behind `/tags/` all is name.
    if (named := TAG_ADDRESS.search(path)) and named.end() < len(path):
        return host, path[: named.end()], ()
    if query:
        return host, path, tuple(name for name, _ in parse_qsl(query, keep_blank_values=True))
    return host, path.rpartition("/")[0], ()


def _score(group: LinkGroup, roles: Roles) -> float:
    """Weigh what speaks for a group of links being the tags of this article."""
    address = group.anchors[0].address
    page = roles.document.address
    is_said = group.is_said
    if not is_said and host_of(address) != host_of(page) and site_of(address) is not site_of(page):
        return 0.0
    count = len(group.anchors)
    addressed = sum([_kind(anchor.address) == "tag" for anchor in group.anchors]) / count
    addressed = addressed if addressed >= MIN_ADDRESSED else 0.0
    is_attributed = group.first > 0 and roles.of[group.first - 1] is Role.ATTRIBUTION
    is_above = roles.title is not None and group.first < roles.title.index
    if not (is_said or addressed) and (is_above or (count == 1 and not is_attributed)):
        # Whatever else speaks for them, it would not be enough.
        return 0.0
    is_one_kind = is_said or len({_pattern(anchor.address) for anchor in group.anchors}) == 1
    if is_said:
        named = 0.0
    elif is_one_kind or addressed:
        named = sum([_is_told(anchor, roles.told) for anchor in group.anchors]) / count
    elif all(_is_told(anchor, roles.told) for anchor in group.anchors):
        named = 1.0
    else:
        # Links to pages of several kinds are a menu, unless something else speaks for them.
        return 0.0
    score = 4.0 * any(anchor.is_tag for anchor in group.anchors) + 4.0 * group.has_label
    score += 2.0 + addressed if addressed else 0.0
    score += 2.0 * named
    if not (is_said or addressed):
        score += 0.5 if count > 1 else -0.5
        score += 1.5 if is_attributed else 0.0
    if is_above and not addressed:
        score -= 2.5
    # A page of the site's own, such as a rubric, has a short address without a name of its own.
    if not addressed and not any(_pattern(address)[1:]) and (count == 1 or named < 1):
        score -= 1.5
    return score


def _is_told(anchor: Anchor, text: str) -> bool:
    """Tell whether the page's own text speaks of what a link names."""
    words = WORDS.findall(anchor.text.casefold().replace("ё", "е"))
    stems = [word[: max(MIN_WITNESS_LENGTH, len(word) - ENDING)] for word in words if len(word) >= MIN_WITNESS_LENGTH]
    return bool(stems) and all(stem in text for stem in stems)


def _listed_without_links(roles: Roles) -> tuple[Tag, ...]:
    """Read «Метки: одно, другое» where the tags are plain text, in the label's own line or below it."""
    for line in roles.lines_of(Role.TAGS):
        label = LABEL.match(line.text)
        is_hashtags = line.text.startswith("#")
        if line.anchors or not (label or is_hashtags):
            continue
        end = label.end() if label else 0
        texts = [line.text[end:]] if end < len(line.text) else _listed_below(line, roles)
        # Where a semicolon parts the names, a comma is a part of one.
        names = [name.strip(" .,;#") for text in texts for name in text.split(_sign_between(text))]
        if found := tuple(Tag(name) for name in names if 0 < len(name) <= MAX_TAG_LENGTH):
            return found
    return ()


def _sign_between(names: str) -> str:
    return next((sign for sign in ("#", ";") if sign in names), ",")


def opens_list_of_text(label: Line, roles: Roles, text: Sequence[Line]) -> bool:
    """Tell whether a label in a line of its own opens a list amid the text: «Темы:» of a meeting are no tags."""
    is_amid = bool(text) and text[0].index < label.index < text[-1].index
    below = _listed_below(label, roles) if is_amid and LABEL.fullmatch(label.text) else []
    return bool(below) and label.index + len(below) < text[-1].index


def _listed_below(label: Line, roles: Roles) -> list[str]:
    """Return the items of a list right below a label, or the one line there that has commas."""
    lines = roles.document.lines[label.index + 1 :][:MAX_TAGS]
    first = lines[0] if lines else None
    if first is None or first.anchors or first.text.endswith("."):
        return []
    if first.element.tag != "li":
        return [first.text] if _sign_between(first.text) in first.text and len(first.text) <= MAX_TAG_LENGTH else []
    items = takewhile(lambda line: line.element.parent is first.element.parent and not line.anchors, lines)
    return [line.text for line in items]
