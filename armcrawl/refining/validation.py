"""The contract of a stored article: what it must have, whatever its page was."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from armcrawl.items import Article

# Characters: a longer title shows that the page was read wrong.
MAX_TITLE_LENGTH = 500


def fault_of(article: Article) -> str | None:
    """Return why an article may not be stored, or None if it may.

    It needs a title, and a paragraph or a picture. It needs no date.
    """
    if not article.title:
        return "no title"
    if len(article.title) > MAX_TITLE_LENGTH:
        return f"title longer than {MAX_TITLE_LENGTH} characters"
    if not article.paragraphs and not article.images:
        return "neither a paragraph nor a picture"
    return None
