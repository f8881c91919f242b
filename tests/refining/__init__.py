"""Tests of armcrawl.refining."""
