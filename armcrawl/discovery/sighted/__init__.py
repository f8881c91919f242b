"""Sites whose articles are seen in listings, feeds and sitemaps: what was seen and never asked for is what is missing.

`running` reads all sources of a site and says what is due; `walk` is one way through a source, as far as it came;
`listing`, `feed` and `sitemap` are the sources, `entries` and `pagination` read a page of a listing, `starts` finds
where feeds and sitemaps are.
"""
