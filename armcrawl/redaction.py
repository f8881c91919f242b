"""What must not be told: passwords and tokens, wherever they stand in what is kept, printed or handed on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

HIDDEN = "***"
# user:password@ of any address, a database's or a proxy's; a password may hold everything but what ends it.
PASSWORD = re.compile(r"(?<=://)([^\s/?#@:'\"]*):[^\s/?#'\"]*@")
# A database takes a password that holds those as well.
DATABASE = re.compile(r"(?i)(postgres(?:ql)?(?:\+\w+)?://[^\s:@/]*):[^\s'\"]*@")
# On the web who knows the user may be all that is needed: tokens are given as one.
USER = re.compile(r"(?i)(https?://)[^\s/?#'\"]*@")
# The names that services give to what opens their doors, in queries and in headers.
_NAMES = r"[\w-]*(?:token|secret|passw(?:or)?d|passphrase|api[-_]?key|signature|authorization|credential)[\w-]*"
NAME = re.compile(rf"(?i){_NAMES}")
QUERY = re.compile(rf"(?i)([?&;]{_NAMES}=)[^\s&#;'\"]+")
HEADER = re.compile(rf"(?i)\b({_NAMES}['\"]?\s*:\s*\[?(?:b(?=['\"]))?['\"]?)(?:(?:basic|bearer|digest)\s+)?[^\s'\",]+")
WORD = re.compile(rf"(?i)\b({_NAMES}\s*=\s*['\"]?)[^\s&'\"]+")


def without_secrets(text: str) -> str:
    """Return a text whose passwords and tokens are `***`."""
    text = DATABASE.sub(rf"\1:{HIDDEN}@", text)
    text = PASSWORD.sub(rf"\1:{HIDDEN}@", USER.sub(rf"\1{HIDDEN}@", text))
    for pattern in (QUERY, HEADER, WORD):
        text = pattern.sub(rf"\1{HIDDEN}", text)
    return text


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
