"""From HTML to a Document: one walk over the parsed tree collects everything that the rules of reading use.

No later step uses the tree.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import count
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

from armcrawl.reading.layout.declarations import MAX_DECLARED_LENGTH, Declarations
from armcrawl.reading.layout.document import Document, Element, Overlay, Picture
from armcrawl.reading.layout.html_elements import (
    BLOCK_TAGS,
    CONTROL_TAGS,
    DECLARING_TAGS,
    EMPHASIS_TAGS,
    HEADINGS,
    INLINE_TAGS,
    REGION_ROLES,
    REGION_TAGS,
    TELLING_TAGS,
    UNREAD_TAGS,
)
from armcrawl.reading.layout.line_setting import LineSetter
from armcrawl.reading.layout.links import Resolver, free_text_of_links, joined_address
from armcrawl.reading.layout.markup import simplified
from armcrawl.reading.layout.regions import free_text_of_regions
from armcrawl.reading.layout.shown import holds_text, is_hidden, is_question, is_small
from armcrawl.reading.layout.tag_numbers import names_by_number, number_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from selectolax.lexbor import LexborNode

    from armcrawl.reading.charset import Decoded

    # Called when the walk leaves an element.
    Leave = Callable[["_Layout"], object]
    # Called at a node, with its name. It returns the function to call when the walk leaves the element, or None if the
    # walk must not enter it.
    Visit = Callable[["_Layout", str, LexborNode], Leave | None]

# The microdata name of the date of publication.
PUBLISHED = "datePublished"
# The beginning of machine-readable dates: in `datetime`, in microdata's `content`, in the `title` of hAtom's `<abbr>`.
ISO_DAY = re.compile(r"\s*\d{4}-?\d\d-?\d\d")
# The end of the text before a date of the last update, which is no date of publication.
OF_UPDATE = re.compile(r"(?:обновл|измен|updated|modified|edited)[^|,;]*$", re.IGNORECASE)
# Texts of links after a heading that point to the heading itself.
PERMALINK_SIGNS = frozenset({"¶", "#", "§", "∞", "🔗", "⚓"})
# Levels: no real page is nested deeper. Deeper blocks, as in browsers, still separate lines, but become no elements.
DEEPEST_ELEMENT = 500
# How many times as long as all shown text a hidden element must be to count as the page itself: a page that waits for
# its scripts shows only a notice and the small print.
MIN_HIDDEN_TO_SHOWN = 2
SHOWN_AS_BLOCK = re.compile(r"display\s*:\s*(?:block|flex|grid|table|list-item)(?![\w-])", re.IGNORECASE)
# Attributes of a link that matter beside those of every link.
TELLING_ATTRIBUTES = frozenset({"style", "hidden", "itemprop"})
# Attributes of a block that matter beside its classes.
TELLING_ATTRIBUTES_OF_BLOCKS = frozenset({"hidden", "id", "itemprop", "role", "style"})
# Elements that a selector of the site's hints may find: a field is shown once, tags some dozens of times.
MAX_HINTED = 200


def parse(
    page: Decoded, address: str, map_address: Callable[[str], str] | None = None, hints: Mapping[str, str] | None = None
) -> Document:
    """Parse a page and return it as lines; relative links are resolved against `address` or `<base>`.

    `map_address` turns the absolute address of each link to a mirror into the site's own. `hints` are CSS selectors by
    field.
    """
    html = simplified(page.text)
    # The parser works on UTF-8: a page that came in UTF-8 need not be encoded again.
    tree = LexborHTMLParser(page.utf8 if page.utf8 is not None and html is page.text else html)
    base = next((node for node in tree.tags("base") if "href" in node.attributes), None)
    resolve = Resolver(joined_address(address, base.attributes["href"] if base else None), map_address)
    layout = _Layout(resolve)
    layout.read(tree)
    if (unveiled := _page_behind_script(layout)) is not None:
        layout = _Layout(resolve, unveiled.mem_id)
        layout.read(tree)
    free_text_of_links(layout.lines, layout.linked)
    free_text_of_regions(layout.root, layout.regions, layout.lines)
    return Document(
        address=address,
        lines=layout.lines,
        pictures=layout.pictures,
        linked=[line for line in layout.linked if line.anchors],
        root=layout.root,
        elements=layout.elements,
        regions=[element for element in layout.regions if element.region_root is element],
        page_title=layout.declared.page_title,
        meta=layout.declared.meta,
        scripts=layout.declared.scripts,
        links=layout.links,
        itemprops=layout.itemprops,
        overlays=layout.overlays,
        hinted={name: _texts_of(tree, selector) for name, selector in (hints or {}).items()},
    )


def _texts_of(tree: LexborHTMLParser, selector: str) -> tuple[str, ...]:
    """Return the texts of the elements that a selector finds, without those longer than a declared value may be."""
    texts = (" ".join(node.text(separator=" ").split()) for node in tree.css(selector)[:MAX_HINTED])
    return tuple(text for text in texts if 0 < len(text) <= MAX_DECLARED_LENGTH)


class _Layout(LineSetter):
    """The walk over the tree, which fills lines, pictures, links, regions, overlays and declarations."""

    def __init__(self, resolve: Resolver, unveiled: int | None = None) -> None:
        super().__init__()
        self.resolve = resolve
        # The identity of the one hidden element that is read all the same, and the hidden elements that were skipped.
        self.unveiled = unveiled
        self.hidden: list[LexborNode] = []
        self.pictures: list[Picture] = []
        self.links: list[str] = []
        self.elements: list[Element] = []
        self.regions: list[Element] = []
        self.overlays: list[Overlay] = []
        self.declared = Declarations(resolve)
        self.signatures: dict[tuple[int, str, str], int] = defaultdict(count(1).__next__)

    def read(self, tree: LexborHTMLParser) -> None:
        """Read the head and the body of a page."""
        if tree.head is not None:
            self.declared.read_head(tree.head)
        if tree.body is not None:
            self.walk(tree.body)

    def walk(self, body: LexborNode) -> None:
        """Visit every node in page order, without recursion, so that deep nesting cannot exhaust the stack."""
        # The open elements, the innermost last: what to do when one is left, and the node after it.
        opened: list[tuple[Leave, LexborNode | None]] = [(_nothing, body.first_child)]
        numbered, text_number, pieces = NUMBERED, TEXT, self.pieces
        while opened:
            leave, node = opened.pop()
            leave(self)
            while node is not None:
                number = node.tag_id
                # Every third node is a text, so no function is called for most of them.
                if number == text_number:
                    # White space between the elements of a line is a space of that line; at its beginning it is
                    # ignored. The parser tells most of it, before any text is decoded, but knows ASCII only.
                    if not node.is_empty_text_node and not (text := node.text_content or "").isspace():
                        pieces.append(text)
                        if self.anchor is not None or self.emphasis:
                            self.mark(text)
                    elif pieces:
                        pieces.append(" ")
                    node = node.next
                    continue
                try:
                    tag, visit = numbered[number]
                except KeyError:
                    tag, visit = _visit_by_name(node)
                if visit is None or (found := visit(self, tag, node)) is None:
                    node = node.next
                elif (first := node.first_child) is not None:
                    opened.append((found, node.next))
                    node = first
                else:
                    found(self)
                    node = node.next
        self.end_line()
        self.root.end = len(self.lines)

    def noscript(self, tag: str, node: LexborNode) -> None:
        """Add the pictures that a script would load otherwise; the text of `<noscript>` is not shown."""
        for image in node.css("img"):
            self.picture(tag, image)

    def is_hidden(self, node: LexborNode, attributes: dict[str, str | None]) -> bool:
        """Tell whether an element is hidden, and remember it: it may be the page itself, which a script would show."""
        if not is_hidden(attributes) or node.mem_id == self.unveiled:
            return False
        self.hidden.append(node)
        return True

    def open_control(self, tag: str, node: LexborNode) -> Leave | None:
        """Enter a button or label only if it contains more text than a real one, or is a question."""
        return self.open_other(tag, node) if holds_text(node) or is_question(node) else None

    def open_other(self, tag: str, node: LexborNode) -> Leave | None:
        """Enter an element that continues the line, unless its style begins a new one."""
        attributes = node.attributes
        if "style" in attributes or "hidden" in attributes:
            if self.is_hidden(node, attributes):
                return None
            if "style" in attributes and SHOWN_AS_BLOCK.search(attributes["style"] or ""):
                return self.open_shown_as_block(tag, node, attributes)
        return self.open_inline(tag, node, attributes)

    def open_shown_as_block(self, tag: str, node: LexborNode, attributes: dict[str, str | None]) -> Leave | None:
        """Enter an inline element whose style puts it on lines of its own."""
        self.end_line()
        leave = self.open_inline(tag, node, attributes)
        if leave is None:
            return None

        def end(layout: _Layout) -> None:
            layout.end_line()
            leave(layout)

        return end

    def open_inline(self, tag: str, node: LexborNode, attributes: dict[str, str | None]) -> Leave | None:
        """Enter an element that continues the line."""
        itemprop = attributes.get("itemprop")
        if itemprop:
            self.itemprop = itemprop
        if tag == "a":
            return self.open_anchor(node, attributes)
        if tag in EMPHASIS_TAGS:
            self.emphasis += 1
            return CLOSE_EMPHASIS
        if tag in {"time", "abbr"} or itemprop == PUBLISHED:
            self.note_moment(attributes)
        return _nothing

    def note_moment(self, attributes: dict[str, str | None]) -> None:
        """Note the first machine-readable date of a line, unless the text before it calls it that of an update."""
        moment = attributes.get("datetime") or attributes.get("content") or attributes.get("title") or ""
        if self.moment is None and ISO_DAY.match(moment) and not OF_UPDATE.search("".join(self.pieces)):
            self.moment = moment
            if attributes.get("itemprop") == PUBLISHED:
                self.itemprops.setdefault(PUBLISHED, moment)

    def open_link(self, tag: str, node: LexborNode) -> Leave | None:
        """Enter a link; nearly all have no attribute that matters beside those of every link."""
        attributes = node.attributes
        if TELLING_ATTRIBUTES.isdisjoint(attributes):
            return self.open_anchor(node, attributes)
        return self.open_other(tag, node)

    def open_anchor(self, node: LexborNode, attributes: dict[str, str | None]) -> Leave | None:
        href = attributes.get("href") or ""
        if "#" in href and node.text(strip=True) in PERMALINK_SIGNS:
            return None
        address = self.resolve(href)
        if address is None:
            return _nothing
        self.links.append(address)
        is_tag = is_rubric = False
        if "rel" in attributes:
            rel = (attributes["rel"] or "").split()
            # WordPress says `rel="category tag"` of rubrics.
            is_rubric = "category" in rel
            is_tag = "tag" in rel and not is_rubric
        self.anchor = (address, is_tag, is_rubric)
        if "aria-label" in attributes and node.first_child is None:
            self.overlays.append(Overlay(address, attributes["aria-label"] or "", self.element))
        if self.before_link is None:
            self.before_link = "".join(self.pieces) if self.pieces else ""
        return CLOSE_ANCHOR

    def open_block(self, tag: str, node: LexborNode) -> Leave | None:
        """Enter an element that is laid out on lines of its own."""
        attributes = node.attributes
        classes, is_told = "", tag in TELLING_TAGS
        if attributes:
            classes = attributes.pop("class", None) or ""
            # Most elements have no attribute that matters beside their classes.
            if attributes and not TELLING_ATTRIBUTES_OF_BLOCKS.isdisjoint(attributes):
                if ("style" in attributes or "hidden" in attributes) and self.is_hidden(node, attributes):
                    return None
                is_told = True
        if self.pieces:
            self.end_line()
        self.breaks = 0
        parent = self.element
        if parent.depth >= DEEPEST_ELEMENT:
            return CLOSE_DEEP_BLOCK
        signature = self.signatures[parent.signature, tag, classes]
        self.element = element = Element(tag, parent, classes, signature, len(self.lines))
        self.elements.append(element)
        if is_told:
            self.qualify(element, attributes)
        return CLOSE_BLOCK

    def qualify(self, element: Element, attributes: dict[str, str | None]) -> None:
        """Note an element's name, its microdata, and whether it is a heading or begins a region."""
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

    def close_deep_block(self) -> None:
        if self.pieces:
            self.end_line()
        self.breaks = 0

    def close_anchor(self) -> None:
        # HTML5 parsers never nest links.
        self.anchor = None

    def close_emphasis(self) -> None:
        self.emphasis -= 1

    def picture(self, _tag: str, node: LexborNode) -> None:
        attributes = node.attributes
        address = self.resolve(attributes.get("data-src") or attributes.get("src") or "")
        if address is None:
            return
        alt = " ".join((attributes.get("alt") or attributes.get("title") or "").split())
        before = len(self.lines) + bool(self.pieces)
        target = self.anchor[0] if self.anchor else None
        self.pictures.append(Picture(address, alt, before, self.element, is_small(attributes), target))
        element: Element | None = self.element
        while element is not None:
            element.images += 1
            element = element.parent


# The function to call at an element, by its tag. Elements with None are skipped.
VISITS: dict[str, Visit | None] = {
    **dict.fromkeys(INLINE_TAGS, _Layout.open_other),
    "a": _Layout.open_link,
    **dict.fromkeys(UNREAD_TAGS),
    **dict.fromkeys(DECLARING_TAGS, lambda layout, tag, node: layout.declared.take_in(tag, node)),
    **dict.fromkeys(BLOCK_TAGS, _Layout.open_block),
    **dict.fromkeys(CONTROL_TAGS, _Layout.open_control),
    "br": lambda layout, _tag, _node: layout.line_break(),
    "img": _Layout.picture,
    "noscript": _Layout.noscript,
}
# Unbound methods under names of the module: to bind a method anew at each element would take longer than its work.
CLOSE_BLOCK, CLOSE_DEEP_BLOCK = _Layout.close_block, _Layout.close_deep_block
CLOSE_ANCHOR, CLOSE_EMPHASIS = _Layout.close_anchor, _Layout.close_emphasis
TEXT = number_of("text")
NUMBERED: dict[int, tuple[str, Visit | None]] = {
    number_of("<!---->"): ("-comment", None),
    **{number: (tag, VISITS[tag]) for number, tag in names_by_number(VISITS.keys() - {"-comment"}).items()},
}


def _visit_by_name(node: LexborNode) -> tuple[str, Visit | None]:
    """Return the name of a node whose tag has no fixed number, and the function to call there."""
    tag = node.tag or "-comment"
    # Custom elements, which have a hyphen in their name, are usually blocks.
    return tag, VISITS.get(tag, _Layout.open_block if "-" in tag else _Layout.open_other)


def _nothing(_layout: _Layout) -> None:
    """Leave an element that needs nothing to be done."""


def _heading(attributes: dict[str, str | None]) -> int:
    """Return the level of an element that declares itself a heading; 2 where it names none, as ARIA says."""
    level = attributes.get("aria-level") or ""
    return int(level) if level in {"1", "2", "3", "4", "5", "6"} else 2


def _page_behind_script(layout: _Layout) -> LexborNode | None:
    """Return the hidden element that is the page itself, to be shown by a script when all is loaded, or None.

    It has a heading, while the page shows none, and is more than MIN_HIDDEN_TO_SHOWN times as long as all shown text.
    """
    if not layout.hidden or any(line.heading for line in layout.lines):
        return None
    shown = sum(len(line.text) for line in layout.lines)
    pages = [node for node in layout.hidden if node.css_first("h1, h2, h3") is not None]
    longest = max(pages, key=lambda node: len(node.text()), default=None)
    return longest if longest is not None and len(longest.text()) > MIN_HIDDEN_TO_SHOWN * shown else None
