"""Whether two texts are copies of one another or only look alike, and who published a text first: pure functions."""

from __future__ import annotations

from armcrawl.fingerprints.comparing import Similarity, similarity
from armcrawl.items import Grade

__all__ = ["Grade", "Similarity", "similarity"]
