"""Commands that bring pages, and those that look at how a site is read: crawl, backfill, demo, trial, inspect, sites."""
