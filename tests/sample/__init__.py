"""Tests of armcrawl.sample."""
