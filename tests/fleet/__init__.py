"""Tests of armcrawl.fleet."""
