"""Why a request failed, in words for people."""

from __future__ import annotations

from armcrawl.crawling.downloading.failures import failure_sentence


def test_a_transfer_coding_that_is_not_known_is_named() -> None:
    assert failure_sentence(KeyError(b"gzip, chunked")) == (
        "the answer is sent in a transfer coding that is not known: gzip, chunked"
    )


def test_what_a_server_calls_it_steers_no_terminal() -> None:
    assert "\x1b" not in failure_sentence(KeyError(b"\x1b[2J"))
