"""The Russian of the trade press, in pure functions: dates, names, tags, attribution, terms of search, typography.

Where on a page such a text stands is decided in `armcrawl/reading`.
"""
