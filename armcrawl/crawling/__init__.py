"""Asking a site: the one spider, a look at a few pages that stores nothing, and the captures of a web archive."""
