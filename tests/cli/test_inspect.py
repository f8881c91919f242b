"""`armcrawl inspect`: one page, or many on a pipe."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import TYPE_CHECKING

import pytest

from armcrawl.sample.portal import MARKUPS, Portal
from armcrawl.sites import address_of
from tests.conftest import TODAY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from armcrawl.sample.articles import Sample
    from tests.forking import Finished

    Command = Callable[..., Finished]


def line(url: str, html: str, **more: object) -> str:
    return json.dumps({"url": url, "html": html, **more}, ensure_ascii=False)


def test_a_line_a_page_comes_back_in_order(armcrawl: Command, sample: Sample) -> None:
    articles = sample.newest(3)
    portal = Portal("html5")
    pages = [
        line(address_of(a.key), portal.render_article(a, TODAY).decode(), fetched_at="2026-11-23T10:00:00+03:00")
        for a in articles
    ]
    done = armcrawl("inspect", "--jsonl", stdin="\n".join(pages) + "\n")
    assert done.code == 0, done.err
    read = [json.loads(text) for text in done.out.splitlines()]
    assert [found["title"] for found in read] == [article.title for article in articles]
    assert [found["body"] for found in read] == ["\n\n".join(article.paragraphs) for article in articles]
    assert [found["published_on"] for found in read] == [article.day.isoformat() for article in articles]
    assert set(read[0]) == {"title", "published_on", "body", "tags", "attribution", "outcome", "charset"}


def test_tags_come_with_printed_form_name_and_address(armcrawl: Command, sample: Sample) -> None:
    article = next(article for article in sample.newest(20) if article.tags)
    page = line(address_of(article.key), Portal("html5").render_article(article, TODAY).decode())
    (read,) = map(json.loads, armcrawl("inspect", "--jsonl", stdin=page).out.splitlines())
    assert [(tag["printed"], tag["address"]) for tag in read["tags"]] == [(t.printed, t.address) for t in article.tags]


def test_a_page_that_is_no_article_says_why(armcrawl: Command) -> None:
    page = line("https://armtorg.ru/news/1", "<h1>Страница не найдена</h1>")
    (read,) = map(json.loads, armcrawl("inspect", "--jsonl", stdin=page).out.splitlines())
    assert read == {
        "title": None, "published_on": None, "body": None, "tags": [], "attribution": None, "outcome": "missing",
        "charset": "utf-8",
    }  # fmt: skip


def test_a_page_may_be_given_as_the_bytes_that_were_sent(armcrawl: Command, sample: Sample) -> None:
    article = sample.newest(1)[0]
    body = Portal("html5").render_article(article, TODAY).decode().encode("koi8-r", "ignore")
    page = {
        "url": address_of(article.key),
        "base64": b64encode(body).decode(),
        "content_type": "text/html; charset=koi8-r",
    }
    (read,) = map(json.loads, armcrawl("inspect", "--jsonl", stdin=json.dumps(page)).out.splitlines())
    assert (read["outcome"], read["charset"], read["published_on"]) == ("article", "koi8-r", article.day.isoformat())


def test_a_page_that_cannot_be_read_says_why_it_would_go_to_quarantine(armcrawl: Command) -> None:
    twice = ("<h1>Завод открыл цех по сборке задвижек</h1>" * 3).encode().decode("cp1251", "replace").encode()
    page = json.dumps({"url": "https://armtorg.ru/news/1", "base64": b64encode(twice).decode()})
    (read,) = map(json.loads, armcrawl("inspect", "--jsonl", stdin=page).out.splitlines())
    assert read["outcome"] == "quarantined: garbled: the page was encoded twice"


@pytest.mark.parametrize("text", ['{"url": 1}', '{"url": "https://armtorg.ru/", "base64": "я"}'])
def test_a_line_that_is_no_page_is_named(armcrawl: Command, text: str) -> None:
    done = armcrawl("inspect", "--jsonl", stdin=f"{text}\n")
    assert done.code == 2
    assert "Line 1" in done.err


def test_a_saved_file_is_shown_with_methods(armcrawl: Command, tmp_path: Path, sample: Sample) -> None:
    article = sample.newest(1)[0]
    (tmp_path / "page.html").write_bytes(Portal("html5").render_article(article, TODAY))
    done = armcrawl("inspect", "page.html", "--url", address_of(article.key))
    assert done.code == 0, done.err
    assert "Outcome: article" in done.out
    assert "below-title" in done.out
    assert "json-ld" in done.out


def test_a_page_may_come_in_on_standard_input(armcrawl: Command, sample: Sample) -> None:
    article = sample.newest(1)[0]
    html = Portal("html5").render_article(article, TODAY).decode()
    for address in (("--url", address_of(article.key)), ()):
        done = armcrawl("inspect", "-", *address, "--json", stdin=html)
        assert done.code == 0, done.err
        assert json.loads(done.out)["title"] == article.title


def test_a_live_page_is_shown_and_nothing_is_stored(
    armcrawl: Command, tmp_path: Path, portal: str, sample: Sample, requests: list[str]
) -> None:
    article = sample.newest(1)[0]
    done = armcrawl("inspect", f"{portal}{article.path}")
    assert done.code == 0, done.err
    assert "Outcome: article" in done.out
    assert requests == ["/robots.txt", article.path]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("address", ["http://www.armtorg.ru/news/1", "https://armtorg.ru/news/1/?page=2"])
def test_any_variant_of_an_address_is_asked_from_the_stand_in(
    armcrawl: Command, portal: str, requests: list[str], address: str
) -> None:
    done = armcrawl("inspect", address, "--base-url", portal)
    assert "Outcome: article" in done.out, done.err
    assert requests[1].startswith("/news/1")


def test_a_live_page_that_does_not_answer_is_one_sentence(armcrawl: Command) -> None:
    done = armcrawl("inspect", "http://127.0.0.1:9/news/5")
    assert done.code == 1
    assert "127.0.0.1:9" in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("markup", MARKUPS)
def test_every_line_of_a_page_is_shown_with_role_and_reason(
    armcrawl: Command, tmp_path: Path, sample: Sample, markup: str
) -> None:
    article = sample.newest(1)[0]
    html = Portal(markup).render_article(article, TODAY)
    (tmp_path / "page.html").write_bytes(html)
    done = armcrawl("inspect", "page.html", "--url", address_of(article.key), "--lines")
    assert done.code == 0, done.err
    lines = done.out.splitlines()
    assert all(line.strip().startswith("(") for line in lines[1::2])
    shown = {(line[:13].strip(), line[13:]) for line in lines[::2]}
    assert ("title", article.title) in shown
    assert {("text", paragraph) for paragraph in article.paragraphs} <= shown
    assert not article.attribution or ("attribution", article.attribution) in shown
    assert "left out" not in {role for role, _ in shown}


def test_lines_are_shown_of_one_page_only(armcrawl: Command) -> None:
    assert armcrawl("inspect", "--jsonl", "--lines", stdin="").code == 2


def test_a_file_larger_than_any_page_is_one_sentence(armcrawl: Command, tmp_path: Path) -> None:
    with (tmp_path / "page.html").open("wb") as file:
        file.truncate(64 * 1024 * 1024 + 1)
    done = armcrawl("inspect", "page.html")
    assert (done.code, done.err) == (2, "armcrawl: page.html is no file of a page's size.\n")
