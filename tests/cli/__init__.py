"""Tests of armcrawl.cli."""
