"""Scrapy's item pipelines, one stage a file, in the order of `armcrawl/refining/chain.py`.

Pages come in refined: the stages count and log what refining noted, and `store.py` writes.
"""
