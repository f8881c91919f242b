"""Commands of Scrapy's own command line."""
