"""What runs over many pages without asking a site: import of archives, re-extraction, replay of quarantine, fixtures
for tests, and whether a machine is ready for a night.

How a page's history is written stands in `store/articles`, what a command prints in `armcrawl/cli`.
"""
