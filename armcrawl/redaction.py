"""What must not be told: passwords and tokens, and what steers a terminal, in what is kept, printed or handed on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

HIDDEN = "***"
# user:password@ of any address, a database's or a proxy's; a password may hold everything but what ends it.
PASSWORD = re.compile(r"(?<=//)([^\s/?#@:'\"]*):[^\s/?#'\"]*@")
# A database takes a password that holds those as well.
DATABASE = re.compile(r"(?i)(postgres(?:ql)?(?:\+\w+)?://[^\s:@/]*):[^\s'\"]*@")
# What a database's address may say behind its question mark; any other parameter may hold a secret, as `options` does.
DATABASE_QUERY = re.compile(r"(?i)(postgres(?:ql)?(?:\+\w+)?://[^\s?'\"]*\?)([^\s'\"]+)")
OPEN_PARAMETERS = frozenset(
    {"host", "hostaddr", "port", "dbname", "user", "sslmode", "target_session_attrs", "connect_timeout"}
)
# On the web who knows the user may be all that is needed: tokens are given as one.
USER = re.compile(r"(?i)((?<![\w:])//|https?://)[^\s/?#'\"]*@")
# The names that services give to what opens their doors, in queries and in headers.
_NAMES = r"[\w-]*(?:token|secret|passw(?:or)?d|passphrase|api[-_]?key|signature|authorization|credential)[\w-]*"
NAME = re.compile(rf"(?i){_NAMES}")
# Short names, which mean something else in prose.
_SHORT = r"auth|jwt|key|otp|pass|pwd|session(?:_?id)?|sid|sig|ticket|PHPSESSID|JSESSIONID"
QUERY = re.compile(rf"(?i)([?&;#](?:{_NAMES}|{_SHORT})=)[^\s&#;'\"]+")
HEADER = re.compile(rf"(?i)\b({_NAMES}['\"]?\s*:\s*\[?(?:b(?=['\"]))?['\"]?)(?:(?:basic|bearer|digest)\s+)?[^\s'\",]+")
WORD = re.compile(rf"(?i)\b({_NAMES}\s*=\s*['\"]?)[^\s&'\"]+")


# Control characters but tab and line feed, and what turns the direction of a line.
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def harmless(text: str) -> str:
    """Return a text with a replacement character for each that would steer a terminal; its length stays."""
    return STEERING.sub("\N{REPLACEMENT CHARACTER}", text)


def tellable(text: str) -> str:
    """Return what was said of a stranger's response as it is kept and told: one line, harmless, without secrets.

    Whoever makes such a sentence calls this, so that nobody who shows it has to.
    """
    return without_secrets(" ".join(harmless(text).split()))


def without_secrets(text: str) -> str:
    """Return a text whose passwords and tokens are `***`."""
    text = DATABASE.sub(rf"\1:{HIDDEN}@", text)
    text = DATABASE_QUERY.sub(lambda found: found[1] + "&".join(map(_parameter, found[2].split("&"))), text)
    text = PASSWORD.sub(rf"\1:{HIDDEN}@", USER.sub(rf"\1{HIDDEN}@", text))
    for pattern in (QUERY, HEADER, WORD):
        text = pattern.sub(rf"\1{HIDDEN}", text)
    return text


def _parameter(written: str) -> str:
    """Return a parameter of a database's address, with a value that may be told."""
    name, is_said, value = written.partition("=")
    return f"{name}={value if name.lower() in OPEN_PARAMETERS else HIDDEN}" if is_said else written


def all_without_secrets(value: Any) -> Any:
    """Return a value as JSON has it, each text in it without secrets."""
    if isinstance(value, str):
        return without_secrets(value)
    if isinstance(value, Mapping):
        return {
            name: HIDDEN if isinstance(one, str) and NAME.fullmatch(str(name)) else all_without_secrets(one)
            for name, one in value.items()
        }
    if isinstance(value, list | tuple):
        return [all_without_secrets(one) for one in value]
    return value
