"""Tests of armcrawl.reading."""
