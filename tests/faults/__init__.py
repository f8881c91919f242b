"""A hostile server, what it does, and what a crawl makes of it."""
