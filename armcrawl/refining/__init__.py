"""Refining: an Article as printed becomes a clean one, by a chain of pure functions (`chain.py` has their order)."""
