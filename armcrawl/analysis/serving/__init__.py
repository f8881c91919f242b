"""`armcrawl serve`: the database as web pages for analysts, read-only, by Starlette."""
