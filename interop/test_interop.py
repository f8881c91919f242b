"""wget writes an archive that becomes the same articles; pywb replays ours, and gives deleted articles back."""

from __future__ import annotations

import socket
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.request import urlopen
from zipfile import ZipFile

import pytest
from warcio.checker import Checker

from armcrawl.sample.articles import load_sample
from armcrawl.sample.portal import Portal
from armcrawl.sample.server import serving, serving_handler
from armcrawl.sites import address_of
from tests.conftest import TODAY
from tests.rows import PLACES, rows_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from aiohttp import web

    from tests.forking import Finished

    Command = Callable[..., Finished]

FAST = ("--delay", "0", "--concurrency", "8")
# pywb is there within seconds.
START_SECONDS = 30
# What the import of a foreign archive knows otherwise than a crawl of ours.
FOREIGN = ("cause", "etag", "last_modified", "payload_digest", *PLACES)


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/crawled.db"


@contextmanager
def pywb(folder: Path, archive: Path) -> Iterator[str]:
    """Serve an archive with a pywb, and yield the address of its collection."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder.mkdir()
    subprocess.run(["wb-manager", "init", "site"], cwd=folder, check=True, capture_output=True)
    files = [str(path) for path in archive.glob("*.warc.gz")]
    subprocess.run(["wb-manager", "add", "site", *files], cwd=folder, check=True, capture_output=True)
    with subprocess.Popen(
        ["wayback", "-p", str(port)], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        try:
            yield f"http://127.0.0.1:{port}/site"
        finally:
            server.kill()


def articles_of(url: str) -> object:
    rows = rows_of(url, columns=FOREIGN)
    return [rows[name] for name in ("articles", "article_versions", "article_tags", "images", "article_links")]


def test_an_archive_made_by_wget_becomes_the_same_articles(
    armcrawl: Command,
    database: str,
    tmp_path: Path,
) -> None:
    other = f"sqlite:///{tmp_path}/wget.db"
    with serving("bootstrap", today=lambda: TODAY) as url:
        assert armcrawl("crawl", "--base-url", url, "--database", database, *FAST).code == 0
        addresses = [
            address_of(article.key).replace("https://armtorg.ru", url) for article in load_sample().articles.values()
        ]
        (tmp_path / "list.txt").write_text("\n".join([f"{url}/", *addresses]), encoding="utf-8")
        subprocess.run(
            [
                "wget",
                "--quiet",
                "--warc-file=site",
                "--input-file=list.txt",
                "--directory-prefix=files",
                "--compression=auto",
            ],
            cwd=tmp_path,
            check=False,
        )
    done = armcrawl("backfill", "--warc", "site.warc.gz", "--base-url", url, "--database", other)
    assert done.code == 0, done.err
    assert "unreadable" not in done.out, done.err
    assert articles_of(other) == articles_of(database)


def test_our_archive_passes_warcio_check(
    armcrawl: Command,
    database: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with serving("bootstrap", today=lambda: TODAY) as url:
        assert armcrawl("crawl", "--base-url", url, "--database", database, *FAST).code == 0
    files = [str(path) for path in (tmp_path / "crawled-archive").iterdir()]
    checker = Checker(type("Command", (), {"inputs": files, "verbose": False}))
    checker.process_all()
    assert checker.exit_value == 0, capsys.readouterr().out


def test_pywb_replays_a_page_byte_for_byte(armcrawl: Command, database: str, tmp_path: Path) -> None:
    with serving("bootstrap", today=lambda: TODAY) as url:
        armcrawl("crawl", "--base-url", url, "--database", database, "--section", "reviews", *FAST)
        with urlopen(f"{url}/reviews/5") as answer:  # noqa: S310 - loopback
            page = answer.read()
    with (
        pywb(tmp_path / "pywb", tmp_path / "crawled-archive") as collection,
        urlopen(f"{collection}/2026id_/{url}/reviews/5") as replayed,  # noqa: S310 - loopback
    ):
        assert replayed.read() == page


def test_a_package_is_valid_and_replayed_byte_for_byte_and_its_index_is_what_others_make(
    armcrawl: Command, database: str, tmp_path: Path
) -> None:
    with serving("bootstrap", today=lambda: TODAY) as url:
        armcrawl("crawl", "--base-url", url, "--database", database, "--section", "reviews", *FAST)
        with urlopen(f"{url}/reviews/5") as answer:  # noqa: S310 - loopback
            page = answer.read()
    done = armcrawl("archive", "export", "--wacz", "all.wacz", "--database", database)
    assert done.code == 0, done.err
    said = subprocess.run(
        ["wacz", "validate", "-f", "all.wacz"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "Validation succeeded" in said.stdout, said
    with ZipFile(tmp_path / "all.wacz") as opened:
        opened.extractall(tmp_path / "unpacked")  # our own
    theirs = subprocess.run(
        ["cdxj-indexer", "archive/data.warc.gz"], cwd=tmp_path / "unpacked", capture_output=True, text=True, check=True
    )
    ours = (tmp_path / "unpacked" / "indexes" / "index.cdx").read_text(encoding="utf-8")
    assert sorted(theirs.stdout.splitlines()) == ours.splitlines()
    with (
        pywb(tmp_path / "pywb", tmp_path / "unpacked" / "archive") as collection,
        urlopen(f"{collection}/2026id_/{url}/reviews/5") as replayed,  # noqa: S310 - loopback
    ):
        assert replayed.read() == page


def test_deleted_articles_come_back_from_a_web_archive(
    armcrawl: Command,
    database: str,
    tmp_path: Path,
) -> None:
    portal, deleted = Portal("bootstrap"), set[str]()

    async def handle(request: web.Request) -> web.Response:
        from aiohttp import web

        missing = request.path in deleted
        answer = portal.respond("/nothing" if missing else request.raw_path, TODAY)
        headers = {"Content-Type": answer.content_type} | ({"Location": answer.location} if answer.location else {})
        return web.Response(status=answer.status, body=answer.body, headers=headers)

    later = f"sqlite:///{tmp_path}/later.db"
    options = ("--section", "reviews", "--section", "articles", *FAST)
    with serving_handler(handle) as url:
        armcrawl("crawl", "--base-url", url, "--database", database, *options)
        deleted |= {f"/reviews/{number}" for number in range(1, 40, 3)}
        assert armcrawl("crawl", "--base-url", url, "--database", later, *options).code == 0
        assert articles_of(later) != articles_of(database)
        with pywb(tmp_path / "pywb", tmp_path / "crawled-archive") as collection:
            where = ("backfill", "--wayback", collection, "--base-url", url, "--database", later, *options)
            assert armcrawl(*where).code == 0
            again = armcrawl(*where)
    keys = [rows_of(name, columns=FOREIGN)["article_tags"] for name in (database, later)]
    assert keys[0] == keys[1]
    assert rows_of(later, columns=FOREIGN)["articles"].total() == rows_of(database, columns=FOREIGN)["articles"].total()
    assert "new 0, changed 0" in again.out
    assert "gone" in armcrawl("status", "--database", later).out
