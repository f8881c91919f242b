"""Refining: an Article as printed becomes a clean one, by pure functions in one chain."""

from armcrawl.refining.chain import STAGES, refine

__all__ = ["STAGES", "refine"]
