"""Reports of a run: its outcome, report, pages, metrics, logs, and alarms.

Nothing here asks a site or decides about a run: `armcrawl/crawling` and `armcrawl/store/runs` do.
"""
