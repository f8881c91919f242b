"""SQL of somebody's own: one SELECT, the same words on both databases, in a process that ends when it takes too much.

Beside what the database brings along, `tag_key('…')`, `source_key('…')` and `nominative('…')` stand for their values,
and `key IN (found('…'))` for what a search finds; each takes a text or a parameter (`:name`).
"""

from __future__ import annotations

import json
import os
import pickle
import re
import subprocess
import sys
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from armcrawl.errors import DatabaseAwayError, DatabaseError, UsageError
from armcrawl.russian.names.nominative import nominative
from armcrawl.russian.search_query import parse_query
from armcrawl.russian.sources import source_key
from armcrawl.russian.tags import tag_key
from armcrawl.store.base import schema
from armcrawl.store.base.database import connection_arguments, reading, reading_uri
from armcrawl.store.queries import own_sql_child
from armcrawl.store.queries.full_text_search import Finder, Order
from armcrawl.store.queries.own_sql_child import AWAY, SUPERUSER, TOO_LARGE, Answer, Question

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Engine

MAX_ROWS = 1_000
# Seconds: who wrote a question himself can write a quicker one.
MAX_SECONDS = 10.0
# A process that the clock does not end is ended after so many more.
GRACE_SECONDS = 5.0
# Letters: no person writes more.
MAX_LENGTH = 20_000
MAX_PARAMETER = 1_000
# Articles that `found` names.
MAX_FOUND = 1_000

# What is neither a parameter nor a call: texts, names in quotes, comments, PostgreSQL's casts and dollar quotes.
TEXT = r"'(?:[^']|'')*'"
OTHER = rf"""{TEXT}|"(?:[^"]|"")*"|--[^\n]*|/\*.*?\*/|\$(\w*)\$.*?\$\1\$|::"""
PARAMETER = re.compile(rf"{OTHER}|:(?P<name>[^\W\d]\w*)", re.DOTALL)
CALL = re.compile(
    rf"\b(?P<function>tag_key|source_key|nominative|found)\s*\(\s*(?::(?P<name>\w+)|(?P<text>{TEXT}))\s*\)|{OTHER}",
    re.DOTALL | re.IGNORECASE,
)
# What looks into the server, or has it execute a text: by name, wherever it stands, so that no way of quoting hides it.
REFUSED = re.compile(
    r"pg_|\blo_|\bu&|dblink|_to_xml|ts_stat|ts_rewrite|set_config|current_setting|binary_upgrade", re.IGNORECASE
)
# What wants more than to read, and how SQLite and PostgreSQL's roles say it. PostgreSQL says "syntax error".
WRITING = re.compile(
    r"\s*(?:INSERT|UPDATE|DELETE|MERGE|CREATE|ALTER|DROP|TRUNCATE|VACUUM|ATTACH|PRAGMA)\b", re.IGNORECASE
)
MAY_NOT = ("not authorized", "prohibited", "read-only transaction", "permission denied")
VALUES = {
    "sqlite": "SELECT value FROM json_each({})",
    "postgresql": "SELECT json_array_elements_text(CAST({} AS json))",
}
FUNCTIONS: dict[str, Callable[[str], str]] = {
    "tag_key": tag_key,
    "source_key": source_key,
    "nominative": lambda text: nominative(text).name,
}


def parameters_of(sql: str) -> list[str]:
    """Return the names of the parameters in SQL, each once, in their order."""
    return list(dict.fromkeys(match["name"] for match in PARAMETER.finditer(sql) if match["name"]))


def ask(engine: Engine, sql: str, values: Mapping[str, str], max_rows: int = MAX_ROWS) -> Answer:
    """Return what a SELECT answers; parameters without a value are empty texts.

    Raises UsageError for what is none, takes too much, or is refused by the database, and DatabaseAwayError.
    """
    text = sql.strip().rstrip(";").strip()
    if not text:
        raise UsageError("Здесь нет запроса: напишите SELECT …")
    if len(text) > MAX_LENGTH:
        raise UsageError(f"Слишком длинно: запрос берёт не больше {MAX_LENGTH} знаков.")
    is_postgresql = engine.dialect.name == "postgresql"
    if is_postgresql and (refused := REFUSED.search(text)):
        raise UsageError(f"«{refused[0]}» в своём запросе не принимается: он читает только данные.")
    given = {name: values.get(name, "") for name in parameters_of(text)}
    if any(len(value) > MAX_PARAMETER or "\0" in value for value in given.values()):
        raise UsageError(f"Слишком длинно: параметр берёт не больше {MAX_PARAMETER} знаков.")
    text, given = with_values(engine, text, given)
    connection: dict[str, Any] | str = (
        connection_arguments(engine.url, MAX_SECONDS) if is_postgresql else reading_uri(Path(_file_of(engine)))
    )
    return _asked(Question(connection, text, given, max_rows, MAX_SECONDS))


def _file_of(engine: Engine) -> str:
    with reading(engine) as connection:
        found: str = connection.exec_driver_sql("PRAGMA database_list").one()[2]
    return found


def with_values(engine: Engine, sql: str, given: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Put the values of our functions in place of their calls, the innermost first; the driver takes what returns."""
    values = dict(given)

    def value_of(match: re.Match[str]) -> str:
        function, name, text = match["function"], match["name"], match["text"]
        if function is None or (name is not None and name not in values):
            return match[0]
        argument = values[name] if name is not None else text[1:-1].replace("''", "'")
        key = next(key for number in count() if (key := f"value_{number}") not in values)
        if function.lower() == "found":
            values[key] = json.dumps(_keys_found(engine, argument))
            return VALUES[engine.dialect.name].format(f":{key}")
        values[key] = FUNCTIONS[function.lower()](argument[:MAX_PARAMETER])
        return f":{key}"

    while True:
        replaced = CALL.sub(value_of, sql)
        if replaced == sql:
            used = {name: values[name] for name in parameters_of(sql)}
            return (_for_psycopg(sql) if engine.dialect.name == "postgresql" else sql), used
        sql = replaced


def _keys_found(engine: Engine, words: str) -> list[str]:
    """Return the keys of the newest articles that a search finds."""
    try:
        query = parse_query(words)
    except UsageError:  # without a word it finds nothing
        return []
    with reading(engine) as connection:
        ids = Finder(connection, query).find(MAX_FOUND, Order.NEWEST)
        keys = select(schema.articles.c.key).where(schema.articles.c.id.in_(ids))
        return sorted(connection.execute(keys).scalars())


def _for_psycopg(sql: str) -> str:
    """Write parameters as psycopg takes them."""
    doubled = sql.replace("%", "%%")
    return PARAMETER.sub(lambda match: f"%({match['name']})s" if match["name"] else match[0], doubled)


def _asked(question: Question) -> Answer:
    # Not as __main__, whose classes nobody else could unpickle.
    program = f"from {own_sql_child.__name__} import main; main()"
    command = [sys.executable, "-c", program, str(os.getpid())]
    too_long = UsageError(f"Запрос не уложился в {question.seconds:.0f} с: сузьте его.")
    try:
        done = subprocess.run(  # noqa: S603 - our own child
            command, input=pickle.dumps(question), capture_output=True, timeout=question.seconds + GRACE_SECONDS,
            check=False, start_new_session=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise too_long from error
    if done.returncode < 0:
        raise too_long
    if done.returncode > 0:
        raise DatabaseError(f"The question could not be asked: {done.stderr.decode(errors='replace')[-500:]}")
    answer: Answer | str = pickle.loads(done.stdout)  # noqa: S301 - from our own child
    if answer == TOO_LARGE:
        raise UsageError("Ответ слишком велик: спросите меньше строк или столбцов.")
    if answer == AWAY:
        raise DatabaseAwayError("The database takes no connection for SQL of one's own.")
    if answer == SUPERUSER:
        raise UsageError(
            "Свои запросы не задают от имени суперпользователя: откройте базу читателем (armcrawl db grant-reader)."
        )
    if isinstance(answer, str):
        raise UsageError(_refusal(answer, question.sql))
    return answer


def _refusal(said: str, sql: str) -> str:
    """Return what to do when a database refuses a question, with its own words where they tell what is misspelt."""
    if any(words in said for words in MAY_NOT) or WRITING.match(sql):
        return "База отказала: здесь только читают. Задайте один SELECT к представлениям и таблицам из списка."
    return f"База отказала: {said} — проверьте, как написаны запрос и названия в нём."
