"""Many small portals in one process, each on a port of its own: `python -m benchmarks.portals NUMBER PAGES`.

Each shows PAGES articles under `/news/1` and so on, with texts of its own; some it has taken from the portal before it,
as the trade press does, so that their crawls write into the same clusters, and of all they name the same entities.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from armcrawl.sample.articles import load_sample
from armcrawl.sample.portal import Portal
from benchmarks.articles import of_its_own
from benchmarks.server import TODAY, Pages, answer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from armcrawl.sample.articles import SampleArticle

# Every so manieth article stands on the next portal too, word for word.
SHARED = 10


def articles_of(portal: int, pages: int) -> Iterator[SampleArticle]:
    """Yield what a portal shows, the same each time."""
    articles = [one for one in load_sample().articles.values() if one.key.section == "news"]
    for number in range(1, pages + 1):
        author, own = (portal - 1, number - 1) if number % SHARED == 0 else (portal, number)
        random = Random(f"{author}/{own}")  # noqa: S311 - a benchmark must repeat itself
        article = articles[(author * pages + own) % len(articles)]
        yield replace(
            article,
            title=f"{of_its_own(article.title, random)} ({author}-{own})",
            marked=tuple(of_its_own(text, random) for text in article.paragraphs),
        )


async def serve(portals: int, pages: int) -> None:
    """Serve until the process is killed; the ports are told in one line."""
    markup, loop = Portal("bootstrap"), asyncio.get_running_loop()
    ports = []
    for portal in range(1, portals + 1):
        shown = [answer("200 OK", markup.render_article(one, TODAY)) for one in articles_of(portal, pages)]
        # `Pages` shows the first for a number that the length divides.
        shown = [shown[-1], *shown[:-1]]
        server = await loop.create_server(partial(Pages, shown, pages), "127.0.0.1", 0)
        ports.append(server.sockets[0].getsockname()[1])
    print(*ports, flush=True)
    await loop.create_future()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2])))
