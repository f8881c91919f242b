"""Who is told that a run began and how it ended; nothing that fails there changes how it did."""

from __future__ import annotations

import json
import logging
import socketserver
import threading
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from armcrawl.errors import UsageError
from armcrawl.reporting import alarms as alarms_module
from armcrawl.reporting.alarms import FLEET_TELLS, Alarms
from armcrawl.reporting.delivery import telling_failure
from armcrawl.reporting.report import report_without_record
from armcrawl.sample.server import serving_handler
from tests.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GOOD = report_without_record("armtorg", "crawl", 0, "Nothing new.", outcome="done")
REFUSED = report_without_record("armtorg", "crawl", 3, "See https://user:geheim@example.org/x?token=geheim.")
LOCKED = report_without_record("armtorg", "crawl", 4, "Another run is at work.")
SECRET = "0f5c-secret"  # noqa: S105 - of nobody's

Posted = list[tuple[str, str]]


@contextmanager
def listening(status: int = 200) -> Iterator[tuple[str, Posted]]:
    """Serve a monitor, and yield its address and what was posted: paths and bodies."""
    posted: Posted = []

    async def handle(request: web.Request) -> web.Response:
        posted.append((request.path_qs, (await request.read()).decode()))
        return web.Response(status=status)

    with serving_handler(handle) as url:
        yield f"{url}/{SECRET}", posted


@contextmanager
def mail_server() -> Iterator[tuple[str, list[bytes]]]:
    """Serve SMTP, and yield its address and the mails that came in."""
    mails: list[bytes] = []

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 here\r\n")
            while line := self.rfile.readline():
                word = line[:4].upper()
                if word == b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    mails.append(b"".join(iter(self.rfile.readline, b".\r\n")))
                self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"smtp://127.0.0.1:{server.server_address[1]}", mails
        server.shutdown()


def test_a_monitor_hears_of_the_beginning_and_of_a_good_end() -> None:
    with listening() as (url, posted):
        alarms = Alarms(ping=url)
        alarms.began()
        wait_for(lambda: bool(posted))
        alarms.ended(GOOD)
    assert [path for path, _ in posted] == [f"/{SECRET}/start", f"/{SECRET}"]
    assert posted[1][1].startswith("Nothing new.\nrequests: 0\n")


def test_a_monitor_hears_of_a_failure_with_its_exit_code_and_without_secrets() -> None:
    with listening() as (url, posted):
        Alarms(ping=f"{url}?create=1").ended(REFUSED)
    ((path, said),) = posted
    assert path == f"/{SECRET}/fail?create=1"
    assert said.startswith("exit code 3: See https://")
    assert "geheim" not in said


def test_a_process_of_a_fleet_leaves_failures_to_it_and_tells_of_a_good_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FLEET_TELLS, "1")
    with listening() as (url, posted):
        Alarms(ping=url, webhook=url).ended(REFUSED)
        assert posted == []
        Alarms(ping=url).ended(GOOD)
    assert [path for path, _ in posted] == [f"/{SECRET}"]


def test_nobody_is_woken_up_as_another_run_is_at_work() -> None:
    with listening() as (url, posted), mail_server() as (server, mails):
        Alarms(ping=url, mail_to="you@your-domain.example", smtp=server).ended(LOCKED)
    assert (posted, mails) == ([], [])


def test_a_name_and_a_password_in_an_address_open_the_monitor_and_nothing_that_it_leads_to() -> None:
    asked: list[tuple[str, str | None]] = []

    async def handle(request: web.Request) -> web.Response:
        asked.append((request.path, request.headers.get("Authorization")))
        return web.Response(status=302, headers={"Location": "/other"}) if request.path == "/x" else web.Response()

    with serving_handler(handle) as url:
        Alarms(ping=url.replace("://", "://reader:%D1%8F@") + "/x").ended(GOOD)
    assert asked == [("/x", "Basic cmVhZGVyOtGP"), ("/other", None)]


def test_a_web_hook_gets_json_for_people_and_programs() -> None:
    with listening() as (url, posted):
        Alarms(webhook=url).ended(REFUSED)
    told = json.loads(posted[0][1])
    assert (told["site"], told["exit_code"], told["outcome"]) == ("armtorg", 3, "failed")
    assert told["text"].startswith("armcrawl, crawl of armtorg: See https://")
    assert "geheim" not in posted[0][1]


def test_a_mail_has_the_summary_in_its_text_and_the_outcome_in_its_subject() -> None:
    with mail_server() as (server, mails):
        Alarms(mail_to="a@your-domain.example, b@your-domain.example", smtp=server).ended(REFUSED)
    mail = message_from_bytes(mails[0], policy=policy.default)
    assert mail["Subject"] == "armcrawl: crawl of armtorg failed (exit code 3)"
    assert parsedate_to_datetime(mail["Date"]).tzinfo is not None
    assert mail["Message-ID"].endswith(f"@{REFUSED.run.host}>")
    assert "articles: new 0" in mail.get_content()
    assert b"geheim" not in mails[0]


def test_a_command_is_called_after_a_good_run_only(tmp_path: Path) -> None:
    alarms = Alarms(on_success=f'echo "$ARMCRAWL_SENTENCE" >> {tmp_path}/called')
    alarms.ended(REFUSED)
    alarms.ended(GOOD)
    assert (tmp_path / "called").read_text(encoding="utf-8") == "Nothing new.\n"


def test_what_fails_is_told_without_its_address(caplog: pytest.LogCaptureFixture) -> None:
    nowhere = f"http://127.0.0.1:9/{SECRET}"
    with listening(status=500) as (url, _), caplog.at_level(logging.ERROR):
        smtp = f"smtp://user:{SECRET}@127.0.0.1:9"
        Alarms(ping=url, webhook=nowhere, mail_to="you@your-domain.example", smtp=smtp).ended(GOOD)
    assert sorted(caplog.messages) == [
        "--mail-to failed: Connection refused.",
        "--ping failed: the server answered 500.",
        "--webhook failed: Connection refused.",
    ]


def test_what_hangs_is_left_behind(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    done = threading.Event()
    monkeypatch.setattr(alarms_module, "MAX_SECONDS", -1)
    monkeypatch.setattr(alarms_module, "_post", lambda *_: str(done.wait(60)))
    with caplog.at_level(logging.ERROR):
        Alarms(webhook="https://hooks.example/x").ended(GOOD)
    done.set()
    assert "--webhook took longer" in caplog.text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PING", "hc-ping.com/x"), ("PING", "file:///etc/passwd"), ("WEBHOOK", "https://"), ("WEBHOOK", "http://a:b/"),
        ("MAIL_TO", "nobody"), ("MAIL_TO", "a@b.example,@"),
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_found_out_before_the_run(name: str, value: str) -> None:
    with pytest.raises(UsageError):
        Alarms.of({f"ARMCRAWL_{name}": value})


def test_a_run_that_cannot_begin_is_told_as_well() -> None:
    with listening() as (url, posted):
        with pytest.raises(UsageError), telling_failure("armtorg", {"ARMCRAWL_PING": url}):
            raise UsageError("There is no such section.")
        wait_for(lambda: len(posted) > 1)
    assert sorted(path for path, _ in posted) == [f"/{SECRET}/fail", f"/{SECRET}/start"]
