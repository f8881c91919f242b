"""A page as lines: what is seen of the markup, in order, each line with its look, links and place.

Nothing here decides what a line means.
"""
