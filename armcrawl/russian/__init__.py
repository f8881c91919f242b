"""The Russian of the trade press, in pure functions: dates, names, tags, attributions, search terms, typography.

Where on a page such a text is found is decided in `armcrawl/reading`.
"""
