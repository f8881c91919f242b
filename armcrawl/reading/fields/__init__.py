"""Title, date and tags, each with the method that found it and a second witness, and what a page declares.

How Russian dates, names and phrases are read is decided in `armcrawl/russian`.
"""
