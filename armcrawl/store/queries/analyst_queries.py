"""Questions that analysts ask again and again, with parameters, in SQL that both databases understand.

Each may use what `own_sql.py` brings along. What the databases write differently stands in braces: a word of
`DIFFERENT`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from armcrawl.errors import UsageError
from armcrawl.store.base.database import reading
from armcrawl.store.base.views.definition import WORDS
from armcrawl.store.queries.own_sql import MAX_ROWS, with_values
from armcrawl.store.queries.own_sql_child import ROWS_AT_ONCE, collected

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Engine

    from armcrawl.store.queries.own_sql_child import Answer

FIRST_DAY, LAST_DAY = "0001-01-01", "9999-12-31"


@dataclass(frozen=True, slots=True)
class AnalystQuery:
    """A question: its name in an address, what it is called and tells in Russian and in English, and its SQL.

    `parameters` are the names of what it takes, with what a parameter is that is not given; `days` are those of them
    that must be days.
    """

    name: str
    title: tuple[str, str]
    meaning: tuple[str, str]
    parameters: dict[str, str]
    sql: str
    days: tuple[str, ...] = field(default=())


# Each word in braces that a question may hold, on SQLite and on PostgreSQL, beside those of views.
DIFFERENT = WORDS | {
    "moment": ("substr(v.created_at, 1, 19)", "to_char(v.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')"),
}


def sql_of(query: AnalystQuery, dialect: str) -> str:
    """Return the SQL of a question as a database of a dialect takes it."""
    sql = query.sql
    for word, (on_sqlite, on_postgresql) in DIFFERENT.items():
        sql = sql.replace(f"{{{word}}}", on_postgresql if dialect == "postgresql" else on_sqlite)
    return sql


def answer_to(engine: Engine, query: AnalystQuery, values: Mapping[str, str]) -> Answer:
    """Return what a database answers to a question; raises UsageError for a parameter that makes no sense."""
    given = {name: values.get(name, "").strip() or default for name, default in query.parameters.items()}
    for name in query.days:
        try:
            date.fromisoformat(given[name])
        except ValueError as error:
            raise UsageError(f"{name}: нужен день, как 2016-01-31.") from error
    sql, written = with_values(engine, sql_of(query, engine.dialect.name), given)
    with reading(engine) as connection:
        found = connection.execution_options(yield_per=ROWS_AT_ONCE).exec_driver_sql(sql, written)
        return collected(list(found.keys()), found, MAX_ROWS)


WANTED_TAGS = """wanted AS (
  SELECT entity_id AS id FROM entity_forms WHERE form = :tag OR key IN (tag_key(:tag), tag_key(nominative(:tag)))
  UNION SELECT id FROM entities WHERE name = :tag
)"""

QUERIES = (
    AnalystQuery(
        "found",
        ("Что найдено по словам", "What a search finds"),
        (
            "Слова во всех формах, «фразы», -исключения; как в строке поиска. Новейшие сначала, не больше 200.",
            "Words in any form, phrases in quotes, -words to leave out; as in the search box. The newest 200.",
        ),
        {"words": ""},
        """SELECT published_on, title, key
FROM v_articles
WHERE key IN (found(:words))
ORDER BY published_on DESC NULLS LAST, key{binary} DESC
LIMIT 200""",
    ),
    AnalystQuery(
        "article_history",
        ("Статья и её история", "An article and its history"),
        (
            "Все версии статьи: когда и почему записаны, показаны ли. Ключ: сайт/раздел/номер.",
            "Every version of an article: when and why it was written, whether it is shown. Key: site/section/id.",
        ),
        {"key": ""},
        """SELECT a.key, v.number, {moment} AS created_at, v.cause, v.published_on, v.word_count, v.title, v.body,
  CASE WHEN v.state <> 'withheld' THEN 1 ELSE 0 END AS shown
FROM articles a
JOIN article_versions v ON v.article_id = a.id AND v.number IS NOT NULL
WHERE a.key = :key
ORDER BY v.number""",
    ),
    AnalystQuery(
        "tag_over_time",
        ("Тег по месяцам", "A tag over time"),
        (
            "Сколько статей месяца отмечены тегом, в любой форме. Статьи, датированные только годом, не учтены.",
            "How many articles of a month have the tag, in any printed form. Those dated by year only are left out.",
        ),
        {"tag": ""},
        f"""WITH {WANTED_TAGS}
SELECT {{month}} AS month, count(DISTINCT a.id) AS articles
FROM article_tags l
JOIN articles a ON a.id = l.article_id
JOIN article_versions v ON v.article_id = a.id AND v.number = a.published_version
WHERE l.entity_id IN (SELECT id FROM wanted) AND v.date_precision IN ('day', 'month')
GROUP BY 1
ORDER BY 1""",
    ),
    AnalystQuery(
        "named_together",
        ("Кого упоминают вместе", "Who is named together with whom"),
        (
            "Теги, которые стоят рядом с данным. Вид можно сузить: person, organisation, place, product, event, topic.",
            "Tags that stand beside a given one. A kind narrows: person, organisation, place, product, event, topic.",
        ),
        {"tag": "", "kind": ""},
        f"""WITH {WANTED_TAGS}
SELECT t.name AS tag, t.kind, count(DISTINCT o.article_id) AS articles
FROM article_tags l
JOIN article_tags o ON o.article_id = l.article_id AND o.entity_id NOT IN (SELECT id FROM wanted)
JOIN entities t ON t.id = o.entity_id
WHERE l.entity_id IN (SELECT id FROM wanted) AND (:kind = '' OR t.kind = :kind)
GROUP BY t.id
ORDER BY articles DESC, t.name{{binary}}""",
    ),
    AnalystQuery(
        "reprints_of_source",
        ("Перепечатки источника и кто был первым", "Reprints of a source, and who was first"),
        (
            "Статьи, у которых общий текст со статьёй этого источника. first пуст там, где первого назвать нельзя.",
            "Articles that share their text with one of this source. first is empty where nobody can be named.",
        ),
        {"source": ""},
        """WITH named AS (
  SELECT entity_id AS id FROM entity_forms
  WHERE form = :source OR key IN (source_key(:source), source_key(nominative(:source)))
  UNION SELECT id FROM entities WHERE name = :source
), meant AS (
  SELECT DISTINCT m.cluster_id AS id
  FROM article_sources l JOIN cluster_members m ON m.article_id = l.article_id
  WHERE l.entity_id IN (SELECT id FROM named)
)
SELECT c.key AS cluster, v.published_on, a.key, v.title,
  CASE WHEN c.first_id = a.id THEN 1 ELSE 0 END AS is_first, f.key AS first, c.reason, c.confidence
FROM meant
JOIN clusters c ON c.id = meant.id
JOIN cluster_members m ON m.cluster_id = c.id
JOIN articles a ON a.id = m.article_id
JOIN article_versions v ON v.article_id = a.id AND v.number = a.published_version
LEFT JOIN articles f ON f.id = c.first_id
ORDER BY c.key{binary}, v.published_on, a.key{binary}""",
    ),
    AnalystQuery(
        "silent_edits",
        ("Что тихо исправлено", "What was silently edited"),
        (
            "Статьи, текст которых сайт изменил после публикации: 200 новейших правок с даты since (2026-01-31).",
            "Articles whose text the site changed after it was published: the newest 200 edits since a day.",
        ),
        {"since": FIRST_DAY},
        """SELECT {moment} AS seen_at, a.key, o.title AS title_before, v.title, o.word_count AS words_before,
  v.word_count AS words
FROM article_versions v
JOIN articles a ON a.id = v.article_id AND v.number <= a.published_version
JOIN article_versions o ON o.article_id = v.article_id AND o.content_hash <> v.content_hash AND o.number = (
  SELECT max(p.number) FROM article_versions p WHERE p.article_id = v.article_id AND p.number < v.number
    AND p.state <> 'withheld')
WHERE v.id IN (SELECT id FROM article_versions WHERE number > 1)
  AND v.state <> 'withheld' AND v.cause = 'fetch' AND v.created_at >= :since
ORDER BY v.created_at DESC, a.key{binary} DESC, v.number DESC
LIMIT 200""",
        days=("since",),
    ),
    AnalystQuery(
        "completeness_by_month",
        ("Полнота по месяцам", "Completeness by month"),
        (
            "Сколько номеров выдано за месяц, о скольких спрошено, сколько статей; без датированных только годом.",
            "How many ids a month gave out, how many were asked for, how many articles; those of a year only left out.",
        ),
        {"section": ""},
        """SELECT section, month, articles, ids, asked
FROM v_completeness_by_month
WHERE (:section = '' OR section = :section)
ORDER BY section{binary}, month""",
    ),
    AnalystQuery(
        "exchange_rates",
        ("Курсы валют", "Exchange rates"),
        (
            "Рублей за евро и за доллар, как их печатала шапка сайта. Дни: from и to (2016-05-31), можно не указывать.",
            "Roubles for a euro and a dollar, as the site's header printed them. The days may be left out.",
        ),
        {"from": FIRST_DAY, "to": LAST_DAY},
        """SELECT day, euro, dollar, site
FROM v_exchange_rates
WHERE NOT is_carried AND day BETWEEN :from AND :to
ORDER BY day DESC, site{binary}""",
        days=("from", "to"),
    ),
)
