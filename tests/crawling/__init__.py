"""Tests of armcrawl.crawling."""
