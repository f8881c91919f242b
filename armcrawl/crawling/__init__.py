"""A run over the network: the one spider, what it is told, what its parts share, its record, its budget and its end.

`run_extension.py` holds the run together, `crawl_spider.py` asks. What stands between spider and network is in
`downloading`; what is due is found in `armcrawl/discovery`; `commands` are those of Scrapy's own command line.
"""
