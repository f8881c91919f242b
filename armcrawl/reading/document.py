"""A page as a browser would lay it out: lines of text in their containers, in page order.

One walk over the parsed tree makes all that the evidence is taken from, so that no later step
touches the tree again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin, urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser

from armcrawl.addresses import site_of
from armcrawl.reading.markup import made_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from selectolax.lexbor import LexborNode

BLOCK_TAGS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "search",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
# Elements that hold no text of the page: what they hold is not looked at.
LEAF_TAGS = frozenset(
    [
        "-comment",
        "audio",
        "br",
        "button",
        "canvas",
        "datalist",
        "embed",
        "head",
        "iframe",
        "img",
        "input",
        "label",
        "link",
        "map",
        "math",
        "meta",
        "noembed",
        "noframes",
        "object",
        "option",
        "script",
        "select",
        "style",
        "svg",
        "template",
        "textarea",
        "title",
        "video",
    ]
)
DECLARING_TAGS = frozenset({"meta", "script", "title"})
HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
EMPHASIS_TAGS = frozenset({"b", "strong", "font", "big"})
REGION_TAGS = frozenset({"nav", "header", "footer", "aside", "form", "figure", "figcaption", "dialog", "menu"})
REGION_ROLES = {
    "navigation": "nav",
    "banner": "header",
    "contentinfo": "footer",
    "complementary": "aside",
    "search": "form",
    "dialog": "dialog",
    "alertdialog": "dialog",
}
# Only dates, rates and counters are read loosely: lines with digits, shorter than this.
DIGIT = re.compile(r"\d")
LOOSE_LENGTH = 200
# No page prints these; entities may bring them in, and a terminal would obey them.
CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x9f]")
# Nobody reads a page nested deeper than this; a hostile one is cut there.
DEEPEST_ELEMENT = 500
# Twice the longest title that may be stored: every line of the page is compared with it.
LONGEST_DECLARED = 1000
# No browser takes much longer ones, and PostgreSQL's indexes none above 2,700 bytes.
LONGEST_ADDRESS = 2000


@dataclass(slots=True, eq=False)
class Element:
    """A block-level element; its lines are `first <= index < end`.

    `region` names the navigation, footer, form ... that it is part of, and `region_root` is where
    that begins. Elements of equal `signature` have the same tags and classes all the way up.
    """

    tag: str
    parent: Element | None
    depth: int
    region: str = ""
    region_root: Element | None = None
    heading: int = 0
    classes: str = ""
    signature: int = 0
    itemprop: str = ""
    first: int = 0
    end: int = 0
    images: int = 0
    children: list[Element] = field(default_factory=list)

    def ancestors(self) -> Iterator[Element]:
        """Yield this element and all around it, inside out."""
        element: Element | None = self
        while element is not None:
            yield element
            element = element.parent

    def holds(self, index: int) -> bool:
        """Tell whether the line of that index is inside this element."""
        return self.first <= index < self.end

    def is_like(self, other: Element) -> bool:
        """Tell whether two elements look alike from outside."""
        return self.tag == other.tag and self.classes == other.classes


class Anchor(NamedTuple):
    """A link in a line, and whether it was declared as a tag of the page."""

    address: str
    text: str
    is_tag: bool = False


@dataclass(slots=True, eq=False)
class Line:
    """What a browser would set between two breaks.

    `gap` is the number of `<br>` before it within its element; `linked` is how many of its
    characters are links, and `is_link` whether all are, save for separators; `loose` is the text
    with a space between inline elements, as style sheets usually set them apart; `moment` is a
    `<time datetime>`; `before_link` is the text before the first link.
    """

    index: int
    element: Element
    text: str
    loose: str
    anchors: tuple[Anchor, ...]
    linked: int
    is_link: bool
    gap: int
    heading: int
    emphasis: bool
    moment: str | None
    itemprop: str
    before_link: str

    @property
    def link_share(self) -> float:
        """The part of the line's characters that is link."""
        return self.linked / max(1, len(self.text))


@dataclass(frozen=True, slots=True)
class Picture:
    """An image: its address, its `alt`, and the number of lines before it."""

    address: str
    alt: str
    before: int
    element: Element
    is_small: bool
    target: str | None


@dataclass(slots=True)
class Document:
    """All of a page that evidence is taken from."""

    address: str
    lines: list[Line]
    pictures: list[Picture]
    root: Element
    page_title: str
    meta: dict[str, list[str]]
    scripts: list[str]
    links: list[str]
    itemprops: dict[str, str]


def parse(html: str, address: str, map_address: Callable[[str], str] | None = None) -> Document:
    """Parse a page and lay it out; relative links are resolved against `address`.

    `map_address` is given every absolute address, to map a stand-in server's back to the site's.
    """
    tree = LexborHTMLParser(made_plain(html))
    base = tree.css_first("base[href]") if "<base" in html or "<BASE" in html else None
    layout = _Layout(_Resolver(_joined_address(address, base.attributes.get("href") if base else None), map_address))
    if tree.head is not None:
        layout.read_head(tree.head)
    if tree.body is not None:
        layout.walk(tree.body)
    return Document(
        address=address,
        lines=layout.lines,
        pictures=layout.pictures,
        root=layout.root,
        page_title=layout.page_title,
        meta=layout.meta,
        scripts=layout.scripts,
        links=layout.links,
        itemprops=layout.itemprops,
    )


def _joined_address(address: str, base: str | None) -> str:
    """Return what relative links are resolved against; the page's own address where `<base>` names none."""
    try:
        joined = urljoin(address, base or "")
    except ValueError:
        return address
    return joined if len(joined) <= LONGEST_ADDRESS else address


class _Resolver:
    """Relative addresses become absolute."""

    def __init__(self, base: str, map_address: Callable[[str], str] | None) -> None:
        self.base = base
        # What is relative to the site's root does not depend on the page, and is on every page.
        end = base.find("/", base.find("//") + 2)
        self.root = base if end < 0 else base[: end + 1]
        self.map_address = map_address

    def __call__(self, href: str) -> str | None:
        """Return the absolute http address of a link, or None for any other kind of link."""
        if len(href) > LONGEST_ADDRESS:
            return None
        address = _absolute(self.root if href.startswith("/") else self.base, href)
        return self.map_address(address) if address and self.map_address else address


@lru_cache(maxsize=4096)
def _absolute(base: str, href: str) -> str | None:
    href = href.strip()
    if not href or href.startswith("#"):
        return None
    # `//forum/...` is a doubled slash inside the site, as a host has a dot.
    if href.startswith("//") and "." not in href[2:].partition("/")[0]:
        href = href[1:]
    try:
        parts = urlsplit(urljoin(base, href))
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return None
    address = urlunsplit(parts._replace(fragment=""))
    if len(address.encode()) > LONGEST_ADDRESS:
        return None
    # One form for all the hosts and schemes under which the site serves itself.
    site = site_of(address)
    return address if site is None else site.home.rstrip("/") + address.partition(parts.netloc)[2]


class _Layout:
    """The walk over the tree, and the line that is being set."""

    def __init__(self, resolve: _Resolver) -> None:
        self.resolve = resolve
        self.root = Element("body", None, 0)
        self.element = self.root
        self.lines: list[Line] = []
        self.pictures: list[Picture] = []
        self.links: list[str] = []
        self.itemprops: dict[str, str] = {}
        self.page_title = ""
        self.meta: dict[str, list[str]] = {}
        self.scripts: list[str] = []
        self.signatures: dict[tuple[int, str, str], int] = {}
        self.breaks = 0
        self.anchor: tuple[str, bool] | None = None
        self.emphasis = 0
        self.pieces: list[str] = []
        self.anchors: list[tuple[str, str, bool]] = []
        self.clear()

    def clear(self) -> None:
        self.pieces.clear()
        self.anchors.clear()
        self.emphasised = 0
        self.moment: str | None = None
        self.itemprop = ""
        self.before_link: str | None = None

    def read_head(self, head: LexborNode) -> None:
        """Read what the page says of itself before its body."""
        node: LexborNode | None = head.first_child
        while node is not None:
            if node.tag in DECLARING_TAGS:
                self.declare(node)
            node = node.next

    def declare(self, node: LexborNode) -> None:
        """Take in a title, a `<meta>` or a script of linked data, wherever it stands."""
        attributes = node.attributes
        if node.tag == "title":
            self.page_title = self.page_title or " ".join(node.text().split())[:LONGEST_DECLARED]
        elif node.tag == "script":
            if attributes.get("type") == "application/ld+json":
                self.scripts.append(node.text())
        else:
            name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
            content = " ".join((attributes.get("content") or "").split())[:LONGEST_DECLARED]
            if name and content:
                self.meta.setdefault(name.lower(), []).append(content)

    def walk(self, body: LexborNode) -> None:
        """Visit every node in page order, without recursion, so that depth cannot hurt."""
        node: LexborNode | None = body.first_child
        opened: list[tuple[Callable[[], object], LexborNode | None]] = []
        while node is not None:
            tag = node.tag or "-comment"
            close: Callable[[], object] | None = None
            if tag == "-text":
                self.text(node.text_content or "")
            elif tag in LEAF_TAGS:
                self.leaf(tag, node)
            elif len(opened) < DEEPEST_ELEMENT:
                close = self.open(tag, node)
            if close is None:
                node = node.next
            else:
                opened.append((close, node.next))
                node = node.first_child
            while node is None and opened:
                close, node = opened.pop()
                close()
        self.end_line()
        self.root.end = len(self.lines)

    def leaf(self, tag: str, node: LexborNode) -> None:
        """Take in an element whose content is not laid out."""
        if tag == "br":
            self.line_break()
        elif tag == "img":
            self.picture(node)
        elif tag in DECLARING_TAGS:
            self.declare(node)

    def open(self, tag: str, node: LexborNode) -> Callable[[], object] | None:
        """Enter an element; return what leaves it again, or None if the element is not shown."""
        attributes = node.attributes
        if ("hidden" in attributes or "style" in attributes) and _is_hidden(attributes):
            return None
        itemprop = attributes.get("itemprop") or ""
        # Custom elements are the blocks that a page is put together from.
        if tag in BLOCK_TAGS or "-" in tag:
            if self.pieces:
                self.end_line()
            self.breaks = 0
            self.element = self._element(tag, attributes, itemprop)
            return self.close_block
        if itemprop:
            self.itemprop = itemprop
        if tag == "a":
            return self.open_anchor(attributes)
        if tag in EMPHASIS_TAGS:
            self.emphasis += 1
            return self.close_emphasis
        if tag == "time":
            self.moment = attributes.get("datetime") or self.moment
        return _nothing

    def open_anchor(self, attributes: dict[str, str | None]) -> Callable[[], object]:
        address = self.resolve(attributes.get("href") or "")
        if address is None:
            return _nothing
        self.links.append(address)
        self.anchor = (address, "tag" in (attributes.get("rel") or "").split())
        if self.before_link is None:
            self.before_link = "".join(self.pieces)
        return self.close_anchor

    def _element(self, tag: str, attributes: dict[str, str | None], itemprop: str) -> Element:
        parent = self.element
        region = tag if tag in REGION_TAGS else parent.region
        if "role" in attributes:
            region = REGION_ROLES.get(attributes["role"] or "", region)
        classes = attributes.get("class") or ""
        element = Element(
            tag,
            parent,
            parent.depth + 1,
            region,
            parent.region_root,
            _heading(attributes) if attributes.get("role") == "heading" else HEADINGS.get(tag, parent.heading),
            classes,
            self.signatures.setdefault((parent.signature, tag, classes), len(self.signatures) + 1),
            itemprop,
            len(self.lines),
        )
        if region != parent.region:
            element.region_root = element
        parent.children.append(element)
        return element

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
        if text.isspace():
            if self.pieces:
                self.pieces.append(" ")
            return
        self.pieces.append(text)
        if self.emphasis:
            self.emphasised += len(text.strip())
        if self.anchor is not None:
            self.anchors.append((self.anchor[0], text, self.anchor[1]))

    def picture(self, node: LexborNode) -> None:
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

    def line_break(self) -> None:
        if self.end_line():
            self.breaks = 1
        else:
            self.breaks += 1

    def end_line(self) -> bool:
        """Set the line; return whether there was one."""
        pieces = self.pieces
        if not pieces:
            return False
        text = _evenly_spaced(pieces[0] if len(pieces) == 1 else "".join(pieces))
        anchors = _joined(self.anchors, text if len(pieces) == 1 else None) if self.anchors else ()
        linked = sum([len(anchor.text) for anchor in anchors]) if anchors else 0
        element = self.element
        line = Line(
            len(self.lines),
            element,
            text,
            _loosened(pieces) if len(pieces) > 1 and len(text) < LOOSE_LENGTH and DIGIT.search(text) else text,
            anchors,
            linked,
            linked > 0 and linked >= len(text) - 2 * len(anchors) - 1,
            self.breaks,
            element.heading,
            self.emphasised * 10 >= len(text) * 8,
            self.moment,
            self.itemprop or element.itemprop,
            " ".join(self.before_link.split()) if self.before_link else "",
        )
        if line.itemprop and line.itemprop not in self.itemprops:
            self.itemprops[line.itemprop] = text
        self.lines.append(line)
        self.breaks = 0
        self.clear()
        return True


def _evenly_spaced(text: str) -> str:
    """Make every white space one space; a paragraph that has no other is told in a third of the time."""
    stripped = text.strip()
    # No white space is printable but the plain space, and no control character is.
    if "  " not in stripped and stripped.isprintable():
        return stripped
    return " ".join(CONTROL.sub("", stripped).split())


def _loosened(pieces: list[str]) -> str:
    return " ".join(" ".join(pieces).split())


def _nothing() -> None:
    """Leave an element that changes nothing."""


def _joined(anchors: list[tuple[str, str, bool]], whole: str | None) -> tuple[Anchor, ...]:
    """Join the pieces of one link that inline elements had parted, with even white space.

    `whole` is the text of a line that is one piece.
    """
    if whole is not None:
        return (Anchor(anchors[0][0], whole, anchors[0][2]),)
    joined: list[tuple[str, str, bool]] = []
    for address, text, is_tag in anchors:
        before = joined.pop()[1] if joined and joined[-1][0] == address else ""
        joined.append((address, before + text, is_tag))
    return tuple([Anchor(address, _evenly_spaced(text), is_tag) for address, text, is_tag in joined])


def _heading(attributes: dict[str, str | None]) -> int:
    """Return the level of an element that declares itself a heading; 2 where it names none, as ARIA says."""
    level = attributes.get("aria-level") or ""
    return int(level) if level in {"1", "2", "3", "4", "5", "6"} else 2


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
