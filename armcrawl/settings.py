"""Scrapy settings, each number with its reason."""

from scrapy.settings import default_settings

from armcrawl import __version__
from armcrawl.options import OPTIONS
from armcrawl.reading.decoding import MAX_BODY

BOT_NAME = "armcrawl"
# The sites that are declared are the spiders.
SPIDER_LOADER_CLASS = "armcrawl.crawling.spider_loader.SiteLoader"
# The operator's contact is added when a run starts (armcrawl.crawling.downloading.politeness).
USER_AGENT = f"armcrawl/{__version__}"
ROBOTSTXT_USER_AGENT = "armcrawl"
ROBOTSTXT_OBEY = True
ROBOTSTXT_PARSER = "armcrawl.crawling.downloading.robots.ProductTokenParser"

# What scrapers of the site have used without complaint: one page at a time, two seconds apart.
DOWNLOAD_DELAY = 2.0
DOWNLOAD_DELAY_JITTER = 0
# One under way and one ready: what waits longer would only be asked for after the budget's end.
CONCURRENT_REQUESTS = OPTIONS["concurrency"].default + 1
CONCURRENT_REQUESTS_PER_DOMAIN = OPTIONS["concurrency"].default
# Slower when the site is slow: never below DOWNLOAD_DELAY, never above a minute.
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 2.0
AUTOTHROTTLE_MAX_DELAY = 60.0
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0

DOWNLOAD_MAXSIZE = MAX_BODY
DOWNLOAD_WARNSIZE = 0
# Bodies go into the archive as they came, and are unpacked by whoever reads them (armcrawl.reading.decoding).
COMPRESSION_ENABLED = False
# The one coding that every tool for archives reads.
DEFAULT_REQUEST_HEADERS = {**default_settings.DEFAULT_REQUEST_HEADERS, "Accept-Encoding": "gzip"}
DOWNLOAD_TIMEOUT = OPTIONS["timeout"].default
# http to https to www to slash: four redirects are honest, more are a loop.
REDIRECT_MAX_TIMES = 5
# A hiccup passes within seconds; what fails three times is left to the next run.
RETRY_TIMES = 2
RETRY_HTTP_CODES = [408, 429, 500, 502, 503, 504, 522, 524]
# A page that sends a browser elsewhere by <meta> is read for what it is.
METAREFRESH_ENABLED = False
# Every response makes one page; Scrapy would start a hundred tasks for each.
CONCURRENT_ITEMS = 1
# The ledger knows what was asked: Scrapy's memory of addresses would only grow.
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"

# Whoever stands between would write our articles; the option `insecure` is for a mirror of one's own.
# What is trusted is OpenSSL's: SSL_CERT_FILE and SSL_CERT_DIR name other authorities.
DOWNLOAD_VERIFY_CERTIFICATES = True
# Scrapy's knows IPv4 only.
TWISTED_DNS_RESOLVER = "armcrawl.crawling.downloading.resolver.Resolver"

COMMANDS_MODULE = "armcrawl.crawling.commands"
LOG_LEVEL = "INFO"

# What of Scrapy's own no run has. It is left out of the lists, not only disabled: Scrapy imports what it disables, and
# the cookies alone bring a client of HTTP of their own, the remote control a third of a second.
_left_out = {
    # The ledger says what to ask for, not links: their depth and length do not matter, and every status is a response.
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware",
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware",
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware",
    "scrapy.spidermiddlewares.depth.DepthMiddleware",
    # It looks at each request for what a spider's author does wrong.
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware",
    # Doors into a running process.
    "scrapy.extensions.telnet.TelnetConsole",
    "scrapy.extensions.remote_control.RemoteControl",
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware",
    # No site needs our cookies.
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware",
    # Scrapy's own goes on without a robots.txt that cannot be read, and asks for one a host, whatever the scheme.
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware",
}
SPIDER_MIDDLEWARES_BASE, DOWNLOADER_MIDDLEWARES_BASE, EXTENSIONS_BASE = (
    {name: place for name, place in base.items() if name not in _left_out}
    for base in (
        default_settings.SPIDER_MIDDLEWARES_BASE,
        default_settings.DOWNLOADER_MIDDLEWARES_BASE,
        default_settings.EXTENSIONS_BASE,
    )
)
EXTENSIONS = {
    "armcrawl.crawling.run_extension.RunExtension": 0,
    "armcrawl.crawling.signal_extension.SignalExtension": 5,
    "armcrawl.crawling.progress_extension.ProgressExtension": 10,
}
DOWNLOADER_MIDDLEWARES = {
    "armcrawl.crawling.downloading.hosts.HostsMiddleware": 50,
    "armcrawl.crawling.downloading.robots.RobotsMiddleware": 100,
    # Behind redirects, whose pages nobody reads.
    "armcrawl.crawling.downloading.truncated_html.TruncatedHtmlMiddleware": 585,
    # Below retries, so that each of them waits; above the budget, which what waits does not cost.
    "armcrawl.crawling.downloading.pauses.PauseMiddleware": 890,
    # Nearer to the network than those, so that retries and redirects count as well.
    "armcrawl.crawling.downloading.budget_middleware.BudgetMiddleware": 900,
    # Nearest: what comes in is archived before anything reads it.
    "armcrawl.crawling.downloading.archive_middleware.ArchiveMiddleware": 950,
}
DOWNLOAD_HANDLERS = {
    "http": "armcrawl.crawling.downloading.download_handler.DownloadHandler",
    "https": "armcrawl.crawling.downloading.download_handler.DownloadHandler",
    # Whatever a site redirects to, nothing but the web is ever read.
    **dict.fromkeys(("data", "file", "ftp", "s3")),
}
ITEM_PIPELINES = {
    "pipelines.dates.DatesPipeline": 100,
    "pipelines.boilerplate.BoilerplatePipeline": 200,
    "pipelines.tags.TagsPipeline": 300,
    "pipelines.validate.ValidatePipeline": 400,
    "pipelines.dedupe.DedupePipeline": 500,
    "pipelines.store.StorePipeline": 600,
}
