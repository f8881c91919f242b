"""Why a request failed, in words for people: Scrapy and Twisted name their errors for programmers."""

from __future__ import annotations

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from twisted.internet.error import ConnectionDone, ConnectionLost
from twisted.web._newclient import ParseError

from armcrawl.processes.worker import WorkerCrashError
from armcrawl.reading.decoding import UndecodableError

PLAIN_WORDS: dict[type[BaseException], str] = {
    ResponseDataLossError: "the answer was cut off",
    DownloadTimeoutError: "no answer in time",
    DownloadConnectionRefusedError: "the connection was refused",
    CannotResolveHostError: "there is no such host",
    ConnectionDone: "the connection was closed without an answer",
    ConnectionLost: "the connection was lost",
    ParseError: "the answer is no HTTP",
}


def failure_sentence(error: BaseException) -> str:
    """Return why a request failed, in a few words."""
    said = " ".join(str(error).split()).rstrip(".")
    if isinstance(error, (IgnoreRequest, UndecodableError)):
        return said
    if isinstance(error, DownloadCancelledError) and "larger than" in said:
        return "the answer is larger than any page"
    for reason in (error, *_reasons(error)):
        if type(reason) in PLAIN_WORDS:
            return PLAIN_WORDS[type(reason)]
    name = type(error).__name__.removesuffix("Error")
    return f"{name}: {said}" if said else name


def unreadable_because(error: Exception) -> str:
    """Return why a page could not be read, for its quarantine."""
    crashed = isinstance(error, WorkerCrashError)
    return "the page crashes its reader" if crashed else f"the reader failed: {failure_sentence(error)}"


def _reasons(error: BaseException) -> list[BaseException]:
    """Return what Twisted gives as reasons of a failed download."""
    if not isinstance(error, DownloadFailedError):
        return []
    return [failure.value for failure in getattr(error.__cause__, "reasons", ())]
