"""Commands that ask the database: search, show, stats, export, serve, tags, dedupe."""
