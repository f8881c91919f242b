"""Runs in the database: their record, the guard that watches what they read, their verdict, and publishing.

What a run does on the network stands in `armcrawl/crawling`; what earlier runs did is read in `store/queries/runs.py`.
"""
