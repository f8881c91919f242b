"""The raw pages in WARC files: written during a crawl; ours and others' read."""
