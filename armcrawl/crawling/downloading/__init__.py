"""Between spider and network: robots.txt, pauses, budget, hosts, the archive, one middleware a file.

`armcrawl/settings.py` lists their order. Nothing here reads a page.
"""
