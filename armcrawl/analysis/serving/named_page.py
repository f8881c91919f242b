"""Which page an address of the server names: by its key, by the end of it as on the command line, or by its address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from armcrawl.analysis.page_keys import SeveralPagesError, key_in, read_key
from armcrawl.analysis.serving.rendering import NotFound
from armcrawl.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from armcrawl.sites import PageKey


def page_named(engine: Engine, written: str) -> PageKey:
    """Return the page; raises UsageError where it may be several, and NotFound for none, in Russian."""
    try:
        return key_in(engine, read_key(written))
    except SeveralPagesError as error:
        keys = " или ".join(map(str, error.keys))
        raise UsageError(f"«{written}» — это {keys}: напишите, какая из них.") from error
    except UsageError as error:
        raise NotFound(f"Статьи «{written}» здесь нет: напишите ключ, сайт/раздел/номер, или номер.") from error
