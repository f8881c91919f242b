"""Kinds of HTML elements: blocks, leaves without text, headings, emphasis, regions."""

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
# Elements whose content is no text of the page and is skipped.
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
# Skipped as leaves are, unless the end tag is missing and they contain the rest of the page.
CONTROL_TAGS = frozenset({"button", "label"})
DECLARING_TAGS = frozenset({"link", "meta", "script", "title"})
# The leaves that are ignored altogether.
UNREAD_TAGS = LEAF_TAGS - DECLARING_TAGS - {"br", "img", "noscript"}
HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
EMPHASIS_TAGS = frozenset({"b", "strong", "font", "big"})
# Common elements that do not begin a new line.
INLINE_TAGS = EMPHASIS_TAGS | {"a", "abbr", "em", "i", "small", "span", "sub", "sup", "time", "u"}
REGION_TAGS = frozenset({"nav", "header", "footer", "aside", "form", "figure", "figcaption", "dialog", "menu"})
# Blocks whose tag alone says more about their lines.
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
