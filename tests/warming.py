"""What a crawl does, done once in small: whoever is forked afterwards has its SQL compiled and its patterns ready."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from armcrawl.reading.response import SiteResponse
from armcrawl.refining.pages import page_to_store
from armcrawl.sample.articles import load_sample
from armcrawl.sample.portal import Portal
from armcrawl.sites import Origin, site_named
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import open_database
from armcrawl.store.ledger import ledger
from armcrawl.store.runs import publishing, run_record, verdicts

SITE = site_named("armtorg")
# Enough for articles to be compared with one another.
ARTICLES = 5


def warm() -> None:
    """Read some pages of the sample, store them in a database of a moment, show them, and ask what is left."""
    portal, now = Portal("bootstrap"), datetime.now(UTC)
    pages = []
    for article in load_sample().newest(ARTICLES):
        response = SiteResponse(article.address, 200, now, portal.render_article(article, now.date()), "text/html")
        pages.append(page_to_store(article.key, response, Origin.of(SITE, None)))
    with TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{Path(folder) / 'warm.db'}")
        ledger.check_origin(engine, SITE.name, SITE.home)
        run_record.check_clock(engine)
        run_record.mark_dead(engine, SITE.name)
        run = run_record.begin_run(engine, SITE.name, "crawl", {})
        verdicts.undecided(engine, SITE.name, run)
        ledger.claim_origin(engine, SITE.name, SITE.home)
        ledger.due(engine, SITE.name, ["news"], now, 1)
        ledger.head(engine, SITE.name, "news")
        ledger.wanted_numbers(engine, SITE.name, "news", 1, 1)
        ledger.failed_numbers(engine, SITE.name, "news", 1, 1, None)
        ledger.unknown_keys(engine, [page.key for page in pages])
        write_batch(engine, pages, run, is_judged=True)
        verdicts.give_verdict(engine, run)
        publishing.carry_out(engine)
        run_record.end_run(engine, run, "done", len(pages), {"stored": len(pages)}, {})
        publishing.backlog(engine)
        engine.dispose()
