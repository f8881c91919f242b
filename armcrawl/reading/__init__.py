"""Reading a page: its bytes become an Article or a NotAnArticle, by evidence and without memory.

`page.py` is the way through; `layout` makes lines of the markup, `body` gives each line a role, `fields` finds title,
date, tags and what is declared. Cleaning what was found is `armcrawl/refining`.
"""

from armcrawl.reading.page import read_page

__all__ = ["read_page"]
