"""Jobs over many pages without asking a site: import, re-extraction, replay of quarantine; whether all is ready.

How a page's history is written stands in `store/articles`, what a command prints in `armcrawl/cli`.
"""
