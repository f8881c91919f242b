"""A hint is one witness more: it helps where a page says nothing, and overrules nobody."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from armcrawl.errors import UsageError
from armcrawl.items import Article
from armcrawl.reading.page import read_page
from armcrawl.sites import known_sites
from tests.sites.conftest import VENTIL

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FETCHED_AT = datetime(2026, 11, 23, 7, tzinfo=UTC)
URL = "https://ventil.example/novosti/412"
HINTS = '\n[hints]\ntitle = ".zag"\ndate = ".kogda"\ntags = ".slova b"\n'
PAGE = """<html><head><title>№ 412</title></head><body><div class="shapka">Вентиль</div>
<div class="zag">На заводе «Вымпел» испытали клиновую задвижку</div>{heading}
<div class="tekst"><p>Конструкторы проверили новую клиновую задвижку на стенде при давлении 16 МПа, сообщил завод.</p>
<p>Испытания заняли трое суток, и ни одно из уплотнений за это время не потеряло плотности.</p></div>
<div class="kogda">опубликовано: {date}</div></body></html>"""


def read(page: str) -> Article:
    result = read_page(page.encode(), URL, FETCHED_AT).result
    assert isinstance(result, Article)
    return result


def test_a_hint_names_the_title_of_a_page_without_a_heading(declare: Callable[..., Path]) -> None:
    declare(VENTIL + HINTS)
    assert read(PAGE.format(heading="", date="")).title == "На заводе «Вымпел» испытали клиновую задвижку"


def test_a_hint_does_not_overrule_heading_and_title_of_the_page(declare: Callable[..., Path]) -> None:
    declare(VENTIL + HINTS.replace(".zag", ".shapka"))
    title = "Задвижку «Вымпела» испытали на стенде завода"
    page = PAGE.replace("<title>№ 412", f"<title>{title}").format(heading=f"<h1>{title}</h1>", date="")
    assert read(page).title == title


def test_a_hint_of_the_date_is_read_as_a_declared_one(declare: Callable[..., Path]) -> None:
    declare(VENTIL + HINTS)
    assert "31 мая 2016" in (read(PAGE.format(heading="", date="31 мая 2016")).date_text or "")


def test_a_hint_that_finds_nothing_changes_nothing(declare: Callable[..., Path]) -> None:
    page = PAGE.format(heading="<h1>Задвижку испытали на стенде</h1>", date="31 мая 2016")
    declare(VENTIL)
    without = read(page)
    declare(VENTIL + HINTS.replace(".zag", ".net").replace(".kogda", ".net"))
    assert read(page) == without


def test_what_is_no_selector_is_refused(declare: Callable[..., Path]) -> None:
    declare(VENTIL + '\n[hints]\ntitle = "h1["\n')
    with pytest.raises(UsageError, match=r"line 13: 'h1\[' is no CSS selector"):
        known_sites()
