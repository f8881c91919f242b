"""Reading a page: its bytes become an Article or a NotAnArticle, from evidence on that page alone.

`page.py` runs the steps in order: `layout` turns markup into lines, `body` gives each line a role, `fields` finds
title, date, tags and declared metadata. Cleaning the result is the task of `armcrawl/refining`.
"""
