"""Tests of armcrawl.runs."""
