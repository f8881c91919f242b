"""Jobs over bytes that we hold or are given: archives of others, our own archive, quarantine, fixtures for tests.

They read pages as a crawl does, in processes that a page may kill, and ask no server.
What asks one, be it a web archive's (`crawling/wayback.py`), is a crawl, with a run's budget, pauses and robots.txt.
"""
