"""Title, date and tags, each with its method and witness, and what a page declares about itself.

What a Russian date or name means stands in `armcrawl/russian`.
"""
