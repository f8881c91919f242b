"""Tests of armcrawl.processes."""
