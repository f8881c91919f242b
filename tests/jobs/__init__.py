"""Tests of armcrawl.jobs."""
