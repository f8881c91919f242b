"""Commands that bring pages or look at how they are read: crawl, backfill, demo, trial, inspect, sites."""
