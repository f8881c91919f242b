"""Tests of armcrawl.store."""
