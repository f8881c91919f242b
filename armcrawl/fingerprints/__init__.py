"""Telling copies of one text from texts that look alike: pure, from two texts to a grade."""

from __future__ import annotations

from armcrawl.fingerprints.comparing import Grade, Similarity, similarity

__all__ = ["Grade", "Similarity", "similarity"]
