"""Commands for those who use the data: search, show, stats, export, serve; `tags` and `dedupe` also take decisions."""
