"""Tests of armcrawl.russian."""
