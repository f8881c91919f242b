"""`armcrawl trial`: a first look at a site."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from aiohttp import web

from armcrawl.sample.portal import Portal
from armcrawl.sample.server import serving_handler
from tests.conftest import TODAY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.forking import Finished

    Command = Callable[..., Finished]


def test_pages_spread_over_the_ids_are_read_and_nothing_is_stored(
    armcrawl: Command, tmp_path: Path, portal: str, requests: list[str]
) -> None:
    done = armcrawl("trial", "--pages", "9", "--base-url", portal, "--delay", "0")
    assert done.code == 0, done.err
    numbers = [int(target.rpartition("/")[2]) for target in requests if re.fullmatch(r"/news/\d+", target)]
    assert len(numbers) == 3
    assert max(numbers) > 2 * min(numbers)
    assert list(tmp_path.iterdir()) == []


def test_each_field_is_shown_with_method_and_second_witness(armcrawl: Command, portal: str) -> None:
    done = armcrawl("trial", "--pages", "6", "--base-url", portal, "--delay", "0")
    for words in ("title", "h1", "page-title", "below-title", "disagree"):
        assert words in done.out


def test_saved_pages_come_with_their_reading(armcrawl: Command, tmp_path: Path, portal: str) -> None:
    done = armcrawl("trial", "--pages", "6", "--base-url", portal, "--delay", "0", "--save", "fixtures")
    assert done.code == 0, done.err
    saved = sorted((tmp_path / "fixtures").glob("*.json"))
    assert saved
    facts = json.loads(saved[0].read_text(encoding="utf-8"))
    assert saved[0].with_suffix(".html").exists()
    assert facts["url"].startswith("https://armtorg.ru/")
    assert facts["reading"]["outcome"]


def test_a_site_that_does_not_answer_is_one_sentence(armcrawl: Command) -> None:
    done = armcrawl("trial", "--base-url", "http://127.0.0.1:9", "--delay", "0")
    assert done.code == 1
    assert "Traceback" not in done.err


def test_a_site_that_is_read_right_passes(armcrawl: Command, portal: str) -> None:
    done = armcrawl("trial", "--pages", "6", "--base-url", portal, "--delay", "0", "--json")
    told = json.loads(done.out)
    assert (done.code, told["is_right"], told["right"]) == (0, True, told["judged"])
    assert {page["doubt"] for page in told["pages"]} == {None}


def test_a_site_whose_articles_have_no_date_does_not_pass(armcrawl: Command) -> None:
    portal = Portal("bootstrap")

    async def handle(request: web.Request) -> web.Response:
        page = portal.respond(request.raw_path, TODAY)
        text = page.body.decode("utf-8", "replace")
        body = re.sub(r"\d{1,2} [А-Яа-я]+ \d{4}|\d{4}-\d\d-\d\d|\d\d\.\d\d\.\d{4}", "", text).encode()
        headers = {"Content-Type": page.content_type} | ({"Location": page.location} if page.location else {})
        return web.Response(status=page.status, body=body, headers=headers)

    with serving_handler(handle) as url:
        done = armcrawl("trial", "--pages", "3", "--base-url", url, "--delay", "0")
    assert done.code == 1
    assert "no date" in done.out
    assert "too few to crawl the site" in done.out
