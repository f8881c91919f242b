"""Logs: for people as Scrapy writes them, or a JSON object a line for programs; in neither a password."""

from __future__ import annotations

import logging
import sys
import threading
from typing import TYPE_CHECKING, Any

from pythonjsonlogger.json import JsonFormatter

from armcrawl.errors import UsageError
from armcrawl.redaction import all_without_secrets, harmless, without_secrets

if TYPE_CHECKING:
    from types import TracebackType

    from scrapy.settings import BaseSettings

FORMATS = ("text", "json")
FIELDS = "{asctime}{levelname}{name}{message}"
NAMES = {"asctime": "time", "levelname": "level", "name": "logger"}
# How far a run is, and its end, are told whatever the level of the log is.
TOLD = "armcrawl.told"


class PlainJson(JsonFormatter):
    """A record as JSON, with its traceback inside, and without passwords."""

    def __init__(self) -> None:
        super().__init__(FIELDS, style="{", rename_fields=NAMES, json_ensure_ascii=False)

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        """Take out what must not be told."""
        return dict(all_without_secrets(super().process_log_record(log_data)))


class PlainText(logging.Formatter):
    """What another formatter writes, without passwords and what would steer a terminal."""

    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self.inner = inner

    def format(self, record: logging.LogRecord) -> str:
        """Take out what must not be told."""
        return harmless(without_secrets(self.inner.format(record)))


def is_json() -> bool:
    """Tell whether standard error is to hold JSON only."""
    return any(isinstance(handler.formatter, PlainJson) for handler in logging.root.handlers)


def hide_secrets() -> None:
    """Keep passwords out of what all handlers of the root logger write."""
    for handler in logging.root.handlers:
        if not isinstance(handler.formatter, (PlainJson, PlainText)):
            handler.setFormatter(PlainText(handler.formatter or logging.Formatter()))


def set_up(settings: BaseSettings) -> None:
    """Write the log as ARMCRAWL_LOG_FORMAT says, before Scrapy does; raises UsageError for an unknown format."""
    wanted = settings.get("ARMCRAWL_LOG_FORMAT") or "text"
    if wanted not in FORMATS:
        raise UsageError(f"There is no log format {wanted!r}: the formats are {', '.join(FORMATS)}.")
    if wanted == "text":
        return
    settings.set("LOG_INSTALL_ROOT_HANDLER", value=False, priority="cmdline")
    if not is_json():
        _write_json(logging.getLevelName(settings["LOG_LEVEL"]))


def set_up_service(log_format: str) -> None:
    """Write the log of what works for days: with moments, at the level INFO."""
    if log_format == "json":
        _write_json(logging.INFO)
        return
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s: %(message)s")
    hide_secrets()


def _write_json(level: int) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(PlainJson())
    handler.addFilter(lambda record: record.levelno >= level or record.name == TOLD)
    logging.root.setLevel(logging.NOTSET)
    logging.root.addHandler(handler)
    logging.captureWarnings(capture=True)
    sys.excepthook = _log_error
    threading.excepthook = lambda args: _log_error(args.exc_type, args.exc_value, args.exc_traceback)


def _log_error(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if error is not None:
        logging.getLogger(TOLD).critical("%s", error, exc_info=(kind, error, trace))


def tell(sentence: str, *, is_error: bool = False) -> None:
    """Say something on standard error: a line, or a JSON object."""
    if is_json():
        logging.getLogger(TOLD).log(logging.ERROR if is_error else logging.INFO, "%s", sentence)
    else:
        sys.stderr.write(f"{harmless(without_secrets(sentence))}\n")
