"""Reading a page: its bytes become an Article or a NotAnArticle, by evidence and without memory."""

from armcrawl.reading.page import read_page

__all__ = ["read_page"]
