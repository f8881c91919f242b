"""Tests of armcrawl.analysis."""
