"""What the dashboard says of completeness, and where its figures lead."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from armcrawl.analysis.serving.pages.home import dashboard
from armcrawl.analysis.serving.rendering import environment
from armcrawl.analysis.serving.search_request import read_request
from armcrawl.clock import now
from armcrawl.sites import PageKey
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import open_database, open_read_only, reading
from armcrawl.store.queries.full_text_search import found_ids
from tests.store.conftest import stored

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

# A link of the tags' table, and the figure that it stands beside or on.
NAMED = re.compile(
    r'href="/search\?(tag=[^"]+)"><bdi>[^<]*</bdi></a></td><td class="wide">.*?</td><td class="number">(\d+)'
)
BEFORE = re.compile(r'href="/search\?(tag=[^"]+)" aria-label="[^"]*">(\d+)<')


def shown(engine: Engine) -> str:
    return environment().get_template("home.html").render(dashboard(engine))


def test_a_figure_of_a_tag_leads_to_the_articles_that_it_counts(press_file: Path) -> None:
    engine = open_read_only(f"sqlite:///{press_file}")
    page = shown(engine)
    links = [*NAMED.findall(page), *BEFORE.findall(page)]
    assert len(links) >= 4
    for address, figure in links:
        asked = read_request(parse_qsl(unescape(address)), now())
        with reading(engine) as connection:
            found = connection.execute(found_ids(connection, asked.query, asked.choice)).all()
        assert (address, len(found)) == (address, int(figure))
    engine.dispose()


def test_of_pages_without_numbers_no_share_is_told(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/added.db")
    write_batch(engine, [replace(stored(3), key=PageKey("any", "pages", "zavod.example/цех.php?id=5"))], None)
    _, _, told = shown(engine).partition("<h2>Полнота</h2>")
    told = told.partition("</section>")[0]
    assert "Страницы без номеров" in told
    assert re.findall(r'<td class="number">(\d+)</td>', told) == ["1", "1", "0", "0"]
    assert ("%" in told, "наибольший номер" in told) == (False, False)
    engine.dispose()
