"""An item's way through Scrapy, one stage a file; each is a shell over a pure function or the store."""
