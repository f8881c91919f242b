"""What the elements of HTML are to a reader: blocks, leaves, headings, regions."""

from __future__ import annotations

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
        "annotation",
        "annotation-xml",
        "audio",
        "br",
        "canvas",
        "datalist",
        "embed",
        "head",
        "iframe",
        "img",
        "input",
        "link",
        "map",
        "meta",
        "noembed",
        "noframes",
        "noscript",
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
# As the leaves, unless one was never closed and holds the rest of the page.
CONTROL_TAGS = frozenset({"button", "label"})
DECLARING_TAGS = frozenset({"link", "meta", "script", "title"})
# The leaves of which nothing at all is taken in.
UNREAD_TAGS = LEAF_TAGS - DECLARING_TAGS - {"br", "img", "noscript"}
HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
EMPHASIS_TAGS = frozenset({"b", "strong", "font", "big"})
# What goes on in the line, of what pages are full.
INLINE_TAGS = EMPHASIS_TAGS | {"a", "abbr", "em", "i", "small", "span", "sub", "sup", "time", "u"}
REGION_TAGS = frozenset({"nav", "header", "footer", "aside", "form", "figure", "figcaption", "dialog", "menu"})
# What tells more of a block than that it is one.
TELLING_TAGS = REGION_TAGS | HEADINGS.keys()
REGION_ROLES = {
    "navigation": "nav",
    "banner": "header",
    "contentinfo": "footer",
    "complementary": "aside",
    "search": "form",
    "dialog": "dialog",
    "alertdialog": "dialog",
}
