"""A declaration is drafted by looking at a site: what its addresses are like, and which of them are articles.

`survey` asks for a few pages, `looks` has what was seen on them; `shapes` groups addresses by their form, `judging`
tells which groups are articles, `declaring` makes sections and discoveries of them, `writing` the file. `fitting` tells
whether a declaration that there is still fits.
"""
