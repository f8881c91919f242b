"""Many sites on many machines: Procrastinate, on the PostgreSQL of the articles, says which machine crawls which site.

A job is one `armcrawl` process, whose exit code decides what becomes of it. `engine` is Procrastinate as we use it,
`enqueuing` brings jobs in, `working` carries them out, `rescuing` gives those of dead workers to others, and `tables`
remembers what Procrastinate does not. One machine on SQLite needs nothing of it.
"""
