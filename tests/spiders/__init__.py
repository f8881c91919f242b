"""Tests of armcrawl.spiders."""
