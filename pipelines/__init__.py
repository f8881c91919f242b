"""Scrapy's item pipelines, one for each stage of `armcrawl/refining/chain.py`; `armcrawl/settings.py` orders them.

Pages come in refined. `dates`, `boilerplate` and `tags` count and log what refining noted, `validate` and `dedupe` hand
pages on, as their stages leave no notes, and `store` writes.
"""
