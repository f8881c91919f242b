"""Entities: which printed forms of tags and sources name the same one, by evidence and by what people decide.

How a printed form is read stands in `armcrawl/russian`.
"""
