"""From HTML to a document: one walk over the parsed tree makes all that the evidence is taken from.

No later step touches the tree again.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import count, islice
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

from armcrawl.reading.document import Anchor, Document, Element, Line, Overlay, Picture
from armcrawl.reading.html_elements import (
    BLOCK_TAGS,
    CONTROL_TAGS,
    EMPHASIS_TAGS,
    HEADINGS,
    LEAF_TAGS,
    REGION_ROLES,
    REGION_TAGS,
    TELLING_TAGS,
    UNREAD_TAGS,
)
from armcrawl.reading.links import Resolver, free_text_of_links, joined_address
from armcrawl.reading.markup import made_plain
from armcrawl.reading.regions import free_text_of_regions

if TYPE_CHECKING:
    from collections.abc import Callable

    from selectolax.lexbor import LexborNode

    from armcrawl.reading.charset import Decoded

# Only dates, rates and counters are read loosely: lines with digits, shorter than this.
DIGIT = re.compile(r"\d")
LOOSE_LENGTH = 200
DAY_BEFORE_TEXT = re.compile(r"\s*\d{1,2}[.]\d{1,2}[.](?:\d\d|\d{4})(?:,? \d{1,2}:\d\d(?::\d\d)?)?\s*")
# The microdata name of the day on which an article came out.
PUBLISHED = "datePublished"
# How machine-readable dates begin: a `datetime`, microdata's `content`, the `title` of hAtom's `<abbr>`.
ISO_DAY = re.compile(r"\s*\d{4}-?\d\d-?\d\d")
OF_UPDATE = re.compile(r"(?:обновл|измен|updated|modified|edited)[^|,;]*$", re.IGNORECASE)
# What stands behind a heading, and leads to itself.
PERMALINK_SIGNS = frozenset({"¶", "#", "§", "∞", "🔗", "⚓"})
# No page prints these; entities may bring them in, and a terminal would obey them. The others no reader sees: soft
# hyphens, spaces without width, marks of direction.
UNSEEN = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
# Nobody reads a page nested deeper than this; a hostile one is cut there.
DEEPEST_ELEMENT = 500
# A consent has two sentences beside its box.
LONGEST_LABEL = 300
# An icon is drawn with a dozen elements.
MOST_NODES_OF_LABEL = 60
# «Открыть» and «Меню» are no questions.
FEWEST_WORDS_OF_QUESTION = 3
MOST_BESIDE_QUESTION = 3
# Of a page that waits for its scripts nothing is shown but that it waits, and the small print.
MOST_BESIDE_VEILED = 2
SHOWN_AS_BLOCK = re.compile(r"display\s*:\s*(?:block|flex|grid|table|list-item)(?![\w-])", re.IGNORECASE)
# Twice the longest title that may be stored: every line of the page is compared with it.
LONGEST_DECLARED = 1000


def parse(page: Decoded, address: str, map_address: Callable[[str], str] | None = None) -> Document:
    """Parse a page and lay it out; relative links are resolved against `address`.

    `map_address` is given every absolute address, to map a stand-in server's back to the site's.
    """
    html = made_plain(page.text)
    # The parser works on UTF-8: what came so need not be encoded once more.
    tree = LexborHTMLParser(page.utf8 if page.utf8 is not None and html is page.text else html)
    base = next((node for node in tree.tags("base") if "href" in node.attributes), None)
    resolve = Resolver(joined_address(address, base.attributes["href"] if base else None), map_address)
    layout = _Layout(resolve)
    layout.read(tree)
    if (veiled := _veiled(layout)) is not None:
        layout = _Layout(resolve, veiled.mem_id)
        layout.read(tree)
    free_text_of_links(layout.lines, layout.linked)
    free_text_of_regions(layout.root, layout.regions, layout.lines)
    return Document(
        address=address,
        lines=layout.lines,
        pictures=layout.pictures,
        linked=[line for line in layout.linked if line.anchors],
        root=layout.root,
        regions=[element for element in layout.regions if element.region_root is element],
        page_title=layout.page_title,
        meta=layout.meta,
        scripts=layout.scripts,
        links=layout.links,
        itemprops=layout.itemprops,
        overlays=layout.overlays,
    )


# The address of a link while what it holds is laid out, and whether it is a tag's or a rubric's. Links that differ by
# the fragment alone are two all the same: they are told apart by identity.
_Open = tuple[str, bool, bool]


class _Layout:
    """The walk over the tree, and the line that is being set."""

    def __init__(self, resolve: Resolver, veiled: int | None = None) -> None:
        self.resolve = resolve
        # The element that is read though it is hidden, and those that were not read.
        self.veiled = veiled
        self.hidden: list[LexborNode] = []
        self.root = Element("body", None)
        self.element = self.root
        self.lines: list[Line] = []
        self.linked: list[Line] = []
        self.pictures: list[Picture] = []
        self.links: list[str] = []
        self.regions: list[Element] = []
        self.itemprops: dict[str, str] = {}
        self.overlays: list[Overlay] = []
        self.page_title = ""
        self.meta: dict[str, list[str]] = {}
        self.scripts: list[str] = []
        self.signatures = defaultdict[tuple[int, str, str], int](count(1).__next__)
        self.breaks = 0
        self.anchor: _Open | None = None
        self.emphasis = 0
        self.pieces: list[str] = []
        self.anchors: list[tuple[_Open, str]] = []
        self.clear()

    def clear(self) -> None:
        self.pieces.clear()
        self.anchors.clear()
        self.emphasised = 0
        self.moment: str | None = None
        self.itemprop = ""
        self.before_link: str | None = None

    def read(self, tree: LexborHTMLParser) -> None:
        """Read all that a page has."""
        if tree.head is not None:
            self.read_head(tree.head)
        if tree.body is not None:
            self.walk(tree.body)

    def read_head(self, head: LexborNode) -> None:
        """Read what the page says of itself before its body."""
        node: LexborNode | None = head.first_child
        while node is not None:
            tag = node.tag or ""
            if (declare := DECLARATIONS.get(tag)) is not None:
                declare(self, tag, node)
            node = node.next

    # What a page declares is taken in wherever it stands.

    def title(self, _tag: str, node: LexborNode) -> None:
        self.page_title = self.page_title or _evenly_spaced(node.text())[:LONGEST_DECLARED]

    def canonical(self, _tag: str, node: LexborNode) -> None:
        attributes = node.attributes
        if "canonical" in (attributes.get("rel") or "").lower().split() and (
            address := self.resolve(attributes.get("href") or "")
        ):
            self.meta.setdefault("canonical", []).append(address)

    def linked_data(self, _tag: str, node: LexborNode) -> None:
        if node.attributes.get("type") == "application/ld+json":
            self.scripts.append(node.text())

    def metadata(self, _tag: str, node: LexborNode) -> None:
        attributes = node.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        content = attributes.get("content")
        if name and content and (content := _evenly_spaced(content)[:LONGEST_DECLARED]):
            self.meta.setdefault(name.lower(), []).append(content)

    def walk(self, body: LexborNode) -> None:
        """Visit every node in page order, without recursion, so that depth cannot hurt."""
        node: LexborNode | None = body.first_child
        opened: list[tuple[Callable[[], object], LexborNode | None]] = []
        visits, visit_other = VISITS, _Layout.open_other
        while node is not None:
            tag = node.tag or "-comment"
            if tag == "-text":
                text = node.text_content or ""
                # White space between the elements of a line is one of its spaces; before a line it is none.
                if not text.isspace():
                    self.text(text)
                elif self.pieces:
                    self.pieces.append(" ")
                node = node.next
            elif (
                (visit := visits.get(tag, visit_other)) is not None
                and (len(opened) < DEEPEST_ELEMENT or tag in LEAF_TAGS)
                and (close := visit(self, tag, node)) is not None
            ):
                opened.append((close, node.next))
                node = node.first_child
            else:
                node = node.next
            while node is None and opened:
                close, node = opened.pop()
                close()
        self.end_line()
        self.root.end = len(self.lines)

    def noscript(self, tag: str, node: LexborNode) -> None:
        """Take in the pictures that a script would load; the text is not shown."""
        for image in node.css("img"):
            self.picture(tag, image)

    def is_hidden(self, node: LexborNode, attributes: dict[str, str | None]) -> bool:
        """Tell whether an element is not shown, and keep it: it may be the page that a script shows."""
        if not _is_hidden(attributes) or node.mem_id == self.veiled:
            return False
        self.hidden.append(node)
        return True

    def open_control(self, tag: str, node: LexborNode) -> Callable[[], object] | None:
        """Enter a button or label only where it holds more than buttons and labels say."""
        return self.open_other(tag, node) if _holds_text(node) or _is_heading(node) else None

    def open_other(self, tag: str, node: LexborNode) -> Callable[[], object] | None:
        """Enter an element that goes on in the line, unless its name or a style sets it in lines of its own."""
        # Custom elements are the blocks that a page is put together from.
        if "-" in tag:
            return self.open_block(tag, node)
        attributes = node.attributes
        if "style" in attributes or "hidden" in attributes:
            if self.is_hidden(node, attributes):
                return None
            if "style" in attributes and SHOWN_AS_BLOCK.search(attributes["style"] or ""):
                return self.open_shown_as_block(tag, node, attributes)
        return self.open_inline(tag, node, attributes)

    def open_shown_as_block(
        self, tag: str, node: LexborNode, attributes: dict[str, str | None]
    ) -> Callable[[], object] | None:
        """Enter an inline element that a style sets in lines of its own."""
        self.end_line()
        close = self.open_inline(tag, node, attributes)
        if close is None:
            return None

        def end() -> None:
            self.end_line()
            close()

        return end

    def open_inline(self, tag: str, node: LexborNode, attributes: dict[str, str | None]) -> Callable[[], object] | None:
        """Enter an element that goes on in the line."""
        itemprop = attributes.get("itemprop")
        if itemprop:
            self.itemprop = itemprop
        if tag == "a":
            if "#" in (attributes.get("href") or "") and node.text(strip=True) in PERMALINK_SIGNS:
                return None
            return self.open_anchor(node, attributes)
        if tag in EMPHASIS_TAGS:
            self.emphasis += 1
            return self.close_emphasis
        if tag in {"time", "abbr"} or itemprop == PUBLISHED:
            self.note_moment(attributes)
        return _nothing

    def note_moment(self, attributes: dict[str, str | None]) -> None:
        """Note the machine-readable date of a line: its first, and none that is said to be of an update."""
        moment = attributes.get("datetime") or attributes.get("content") or attributes.get("title") or ""
        if self.moment is None and ISO_DAY.match(moment) and not OF_UPDATE.search("".join(self.pieces)):
            self.moment = moment
            if attributes.get("itemprop") == PUBLISHED:
                self.itemprops.setdefault(PUBLISHED, moment)

    def open_anchor(self, node: LexborNode, attributes: dict[str, str | None]) -> Callable[[], object]:
        address = self.resolve(attributes.get("href") or "")
        if address is None:
            return _nothing
        self.links.append(address)
        rel = (attributes.get("rel") or "").split() if "rel" in attributes else ()
        # WordPress says `rel="category tag"` of rubrics.
        is_rubric = "category" in rel
        self.anchor = (address, "tag" in rel and not is_rubric, is_rubric)
        if "aria-label" in attributes and node.first_child is None:
            self.overlays.append(Overlay(address, attributes["aria-label"] or "", self.element))
        if self.before_link is None:
            self.before_link = "".join(self.pieces)
        return self.close_anchor

    def open_block(self, tag: str, node: LexborNode) -> Callable[[], object] | None:
        """Enter an element that is set in lines of its own."""
        attributes = node.attributes
        classes = attributes.pop("class", None) or ""
        if ("style" in attributes or "hidden" in attributes) and self.is_hidden(node, attributes):
            return None
        if self.pieces:
            self.end_line()
        self.breaks = 0
        parent = self.element
        signature = self.signatures[parent.signature, tag, classes]
        self.element = Element(tag, parent, classes, signature, len(self.lines))
        # Most elements have a class at most, and are no more than parts of what is around them.
        if attributes or tag in TELLING_TAGS:
            self.qualify(self.element, attributes)
        return self.close_block

    def qualify(self, element: Element, attributes: dict[str, str | None]) -> None:
        """Note what an element's tag and attributes tell: its name, whether it is a heading, or begins a region."""
        tag, region = element.tag, element.region
        if tag in REGION_TAGS:
            region = tag
        elif tag in HEADINGS:
            element.heading = HEADINGS[tag]
        if attributes:
            element.name = attributes.get("id") or ""
            element.itemprop = attributes.get("itemprop") or ""
            if "role" in attributes:
                role = attributes["role"] or ""
                region = REGION_ROLES.get(role, region)
                element.heading = _heading(attributes) if role == "heading" else element.heading
            if element.itemprop == PUBLISHED:
                self.note_moment(attributes)
        if region != element.region:
            element.region, element.region_root = region, element
            self.regions.append(element)

    def close_block(self) -> None:
        if self.pieces:
            self.end_line()
        self.breaks = 0
        element = self.element
        element.end = len(self.lines)
        if element.itemprop and element.itemprop not in self.itemprops:
            lines = self.lines[element.first : element.end]
            self.itemprops[element.itemprop] = lines[0].text if len(lines) == 1 else ""
        self.element = element.parent or self.root

    def close_anchor(self) -> None:
        # HTML5 parsers never nest links.
        self.anchor = None

    def close_emphasis(self) -> None:
        self.emphasis -= 1

    def text(self, text: str) -> None:
        self.pieces.append(text)
        if self.emphasis:
            self.emphasised += len(text.strip())
        if self.anchor is not None:
            self.anchors.append((self.anchor, text))

    def picture(self, _tag: str, node: LexborNode) -> None:
        attributes = node.attributes
        address = self.resolve(attributes.get("data-src") or attributes.get("src") or "")
        if address is None:
            return
        alt = " ".join((attributes.get("alt") or attributes.get("title") or "").split())
        before = len(self.lines) + bool(self.pieces)
        target = self.anchor[0] if self.anchor else None
        self.pictures.append(Picture(address, alt, before, self.element, _is_small(attributes), target))
        element: Element | None = self.element
        while element is not None:
            element.images += 1
            element = element.parent

    def line_break(self, _tag: str, _node: LexborNode) -> None:
        if self.end_line():
            self.breaks = 1
        else:
            self.breaks += 1

    def end_line(self) -> bool:
        """Set the line; return whether there was one."""
        pieces = self.pieces
        if not pieces:
            return False
        while len(pieces) > 1 and pieces[-1] == " ":
            pieces.pop()
        is_whole = len(pieces) == 1
        if not is_whole and self.before_link != "" and _is_day(pieces[0]):
            # A style sheet sets a day apart that stands in an element of its own before the first paragraph.
            self.pieces = pieces[:1]
            later, self.anchors = self.anchors, []
            self.end_line()
            self.pieces, self.anchors = pieces[1:], later
            pieces = self.pieces
            is_whole = len(pieces) == 1
        text = _evenly_spaced(pieces[0] if is_whole else "".join(pieces))
        size = len(text)
        anchors: tuple[Anchor, ...] = ()
        linked = 0
        if self.anchors:
            anchors = _joined(self.anchors, text if is_whole else None)
            linked = len(anchors[0].text) if len(anchors) == 1 else sum([len(anchor.text) for anchor in anchors])
        element = self.element
        line = Line(
            len(self.lines),
            element,
            text,
            text if is_whole or size >= LOOSE_LENGTH or not DIGIT.search(text) else _loosened(pieces),
            anchors,
            linked,
            linked / (size or 1) if linked else 0.0,
            linked > 0 and linked >= size - 2 * len(anchors) - 1,
            self.breaks,
            element.heading,
            self.emphasised * 10 >= size * 8,
            self.moment,
            self.itemprop or element.itemprop,
            " ".join(self.before_link.split()) if self.before_link else "",
        )
        if line.itemprop and line.itemprop not in self.itemprops:
            self.itemprops[line.itemprop] = text
        self.lines.append(line)
        if anchors:
            self.linked.append(line)
        self.breaks = 0
        self.clear()
        return True


DECLARATIONS: dict[str, Callable[[_Layout, str, LexborNode], None]] = {
    "title": _Layout.title,
    "link": _Layout.canonical,
    "script": _Layout.linked_data,
    "meta": _Layout.metadata,
}
# What is done at a node by its tag, and with it which elements are entered: each visit returns what leaves its element
# again, or None where the content is not laid out. What has no visit is not looked at.
VISITS: dict[str, Callable[[_Layout, str, LexborNode], Callable[[], object] | None] | None] = {
    **dict.fromkeys(UNREAD_TAGS),
    **DECLARATIONS,
    **dict.fromkeys(BLOCK_TAGS, _Layout.open_block),
    **dict.fromkeys(CONTROL_TAGS, _Layout.open_control),
    "br": _Layout.line_break,
    "img": _Layout.picture,
    "noscript": _Layout.noscript,
}


def _evenly_spaced(text: str) -> str:
    """Make every white space one space; a paragraph that has no other is told in a third of the time."""
    stripped = text.strip()
    # No white space is printable but the plain space, and no control character is.
    if "  " not in stripped and stripped.isprintable():
        return stripped
    spaced = " ".join(stripped.split())
    # What Python takes for white space though no reader sees it goes as all that is unseen does.
    if spaced.isprintable() and "\x85" not in stripped:
        return spaced
    return " ".join(UNSEEN.sub("", stripped).split())


def _is_day(text: str) -> bool:
    # Few texts begin with a number.
    return text.lstrip()[:1].isdecimal() and DAY_BEFORE_TEXT.fullmatch(text) is not None


def _loosened(pieces: list[str]) -> str:
    return " ".join(" ".join(pieces).split())


def _nothing() -> None:
    """Leave an element that changes nothing."""


def _joined(anchors: list[tuple[_Open, str]], whole: str | None) -> tuple[Anchor, ...]:
    """Join the pieces of one link that inline elements had parted, with even white space.

    `whole` is the text of a line that is one piece.
    """
    if len(anchors) == 1:
        (address, is_tag, is_rubric), text = anchors[0]
        return (Anchor(address, _evenly_spaced(text) if whole is None else whole, is_tag, is_rubric),)
    joined: list[tuple[_Open, str]] = []
    for link, text in anchors:
        before = joined.pop()[1] if joined and joined[-1][0] is link else ""
        joined.append((link, before + text))
    return tuple(
        [Anchor(address, _evenly_spaced(text), is_tag, is_rubric) for (address, is_tag, is_rubric), text in joined]
    )


def _heading(attributes: dict[str, str | None]) -> int:
    """Return the level of an element that declares itself a heading; 2 where it names none, as ARIA says."""
    level = attributes.get("aria-level") or ""
    return int(level) if level in {"1", "2", "3", "4", "5", "6"} else 2


def _veiled(layout: _Layout) -> LexborNode | None:
    """Return the hidden element that is the page, which a script shows when all is loaded.

    It holds headings, of which the page shows none, and most of the text.
    """
    if not layout.hidden or any(line.heading for line in layout.lines):
        return None
    shown = sum(len(line.text) for line in layout.lines)
    pages = [node for node in layout.hidden if node.css_first("h1, h2, h3") is not None]
    longest = max(pages, key=lambda node: len(node.text()), default=None)
    return longest if longest is not None and len(longest.text()) > MOST_BESIDE_VEILED * shown else None


def _is_heading(control: LexborNode) -> bool:
    """Tell whether a button is all of a heading, or holds one: the question above an answer that it opens."""
    parent = control.parent
    if control.tag != "button" or len(control.text().split()) < FEWEST_WORDS_OF_QUESTION:
        return False
    if parent is not None and parent.tag in HEADINGS:
        # Beside it an icon may stand, or white space.
        few = list(islice(parent.iter(include_text=True), MOST_BESIDE_QUESTION + 2))
        return len(few) <= MOST_BESIDE_QUESTION + 1 and parent.text(strip=True) == control.text(strip=True)
    return control.css_first("h2, h3, h4, h5, h6") is not None


def _holds_text(control: LexborNode) -> bool:
    """Tell whether a button or label was never closed: it holds more than any label says."""
    length = 0
    for visited, node in enumerate(control.traverse(include_text=True)):
        if node.tag == "-text":
            length += len((node.text_content or "").strip())
        if length > LONGEST_LABEL or visited > MOST_NODES_OF_LABEL:
            return True
    return False


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    if "hidden" in attributes:
        return True
    style = (attributes.get("style") or "").replace(" ", "").lower()
    return "display:none" in style or "visibility:hidden" in style


def _is_small(attributes: dict[str, str | None]) -> bool:
    """Tell whether a picture is declared smaller than 60 pixels: icons, counters and flags are."""
    for side in ("width", "height"):
        value = (attributes.get(side) or "").removesuffix("px")
        if value.isdecimal() and len(value) < 5 and int(value) < 60:
            return True
    return False
