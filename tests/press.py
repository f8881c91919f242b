"""A small database as an analyst meets it, hostile texts among it, and a server that shows it."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from armcrawl.items import ExchangeRates, Image, Link, Outcome, Page, Tag
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import open_database
from armcrawl.store.runs.publishing import join_waiting
from armcrawl.store.runs.run_record import begin_run, end_run
from tests.conftest import FETCHED_AT, attributed
from tests.store.conftest import answered, stored

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MONTHS = "Января Февраля Марта Апреля Мая Июня Июля Августа Сентября Октября Ноября Декабря".split()
REGULATOR, EDITED, FIRST, REPRINT, HOSTILE, LONG = 101, 102, 103, 104, 105, 106
# No name ends in these, and no browser runs what stands in them as long as they are text.
HOSTILE_TITLE = "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 2'>\u202eтянревереп"
HOSTILE_TAG = '=HYPERLINK("http://example.org/"; "тег")'
WORDS = (
    "Испытательный стенд в Кунгуре принял первую партию затворов диаметром восемьсот миллиметров. Каждый из них "
    "простоял под давлением двое суток, и ни один не дал течи больше той, которую допускает методика. Бригада вела "
    "журнал вручную, потому что датчики ещё не прошли поверку, и записи сверят с показаниями приборов весной."
)


def fill(database: str) -> None:
    """Store two years of articles, an edit, a reprint, hostile texts, and the run that brought them."""
    engine = open_database(database)
    run = begin_run(engine, "armtorg", "crawl", {})
    write_batch(engine, [*_months(), *_special()], run)
    more = ("Цех рассчитан на четыре тысячи приводов в год.", "Вложено 400 млн рублей.", "Пуск намечен на осень.")
    edited = stored(EDITED, title="Цех приводов пущен", paragraphs=more, fetched_at=FETCHED_AT + timedelta(days=1))
    write_batch(engine, [edited], run)
    join_waiting(engine)
    end_run(engine, run, "done", 130, {"stored": 54}, {}, sentence="All that was due was asked for.")
    engine.dispose()


def _months() -> Iterator[Page]:
    for number in range(48):
        month, year = MONTHS[number // 2 % 12], 2014 + number // 24
        page = stored(
            number + 1,
            section="news" if number % 3 else "articles",
            title=f"Завод выпустил {number + 10} задвижек",
            paragraphs=(f"За месяц собрано {number + 10} задвижек, из них {number + 3} с электроприводом.",),
            date_text=f"{number % 27 + 1} {month} {year}",
            attribution=attributed("Источник: Вестник арматурщика", "Вестник арматурщика"),
            tags=(Tag("задвижки"), Tag("электроприводы" if number % 2 else "Кунгур")),
        )
        rates = ExchangeRates(date(year, number // 2 % 12 + 1, number % 27 + 1), Decimal(90), Decimal(80))
        yield replace(page, rates=rates)
    yield answered(Outcome.MISSING, 49)


def _special() -> Iterator[Page]:
    yield stored(
        REGULATOR,
        title="Регулятор давления прошёл приёмку",
        paragraphs=("Новый регулятор давления «Кама-50» держит 16 МПа.", "Серия начнётся весной."),
        date_text="5 Марта 2016",
    )
    yield stored(EDITED, title="Цех приводов пущен")
    yield stored(FIRST, title="Стенд в Кунгуре принял затворы", paragraphs=(WORDS,), date_text="1 Июня 2016")
    yield stored(REPRINT, title="Стенд в Кунгуре принял затворы", paragraphs=(WORDS,), date_text="9 Июня 2016")
    hostile = stored(HOSTILE, tags=(Tag("тег"),), date_text="2 Июля 2016")
    if hostile.article is not None:
        tag = replace(hostile.article.tags[0], printed=HOSTILE_TAG, name=HOSTILE_TAG)
        hostile.article = replace(
            hostile.article,
            title=HOSTILE_TITLE,
            paragraphs=("До \x01 и после \u202eтекст", "<iframe src=javascript:window.hacked=3></iframe>"),
            tags=(tag,),
            images=(Image("javascript:window.hacked=4", "<b>подпись</b>"),),
            links=(Link("javascript:window.hacked=5", "ссылка"),),
        )
    yield hostile
    long = stored(LONG, title="Очень длинный абзац", date_text="3 Июля 2016")
    if long.article is not None:
        long.article = replace(long.article, paragraphs=("слово " * 170_000,))
    yield long


@contextmanager
def serving(database: str, armcrawl: Sequence[str] = ("-m", "armcrawl")) -> Iterator[str]:
    """Run `armcrawl serve` on a free port as a user would, and yield its address without the last slash."""
    command = [sys.executable, *armcrawl, "serve", "--port", "0", "--database", database]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8") as server:
        try:
            said = server.stdout.readline() if server.stdout else ""
            address = re.search(r"http://127\.0\.0\.1:\d+", said)
            assert address, said + (server.stderr.read() if server.stderr else "")
            yield address[0]
        finally:
            server.terminate()
            server.communicate()
