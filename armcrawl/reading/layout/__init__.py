"""From markup to lines: all visible text of a page in order, each line with its element, links and look.

What a line means for the article is decided in `reading/body`.
"""
