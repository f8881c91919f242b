"""Tests of armcrawl.sample.press."""
