"""Refining: an Article as printed becomes a clean one, by a chain of pure functions (`chain.py` has their order)."""

from armcrawl.refining.chain import STAGES, refine

__all__ = ["STAGES", "refine"]
