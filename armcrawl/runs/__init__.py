"""A run: its record, its budget and its outcome, the same for `armcrawl crawl` and `scrapy crawl`."""
