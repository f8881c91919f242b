"""A run over the network: the one spider, what it is told (`configuration.py`), what its parts share (`context.py`),
its record (`run_extension.py`), its budget and its end; Scrapy's own commands.

What stands between spider and network is in `downloading`; what is due is found in `armcrawl/discovery`.
"""
