"""What a view is, and the few words in its query that SQLite and PostgreSQL do not have in common."""

from __future__ import annotations

from dataclasses import dataclass

PUBLISHED = """
  FROM articles a
  JOIN article_versions v ON v.article_id = a.id AND v.number = a.published_version
  JOIN pages p ON p.id = a.page_id"""
KIND = "person, organisation, place, product, event or topic, where certain"
MONTHLY = "v.date_precision IN ('day', 'month')"

# Each word in braces that a query may hold, on SQLite and on PostgreSQL.
WORDS = {
    # The month of publication as text.
    "month": ("strftime('%Y-%m', v.published_on)", "to_char(v.published_on, 'YYYY-MM')"),
    # A version's document; one that is damaged, as only SQLite takes it, must not keep others from being read.
    "document": ("(CASE WHEN json_valid(v.document) THEN v.document END)", "v.document"),
    # Behind a text: its order by bytes, whatever the server's language is.
    "binary": ("", ' COLLATE "C"'),
    # The column `name` of a query, in the order of its column `place`, as a list. SQLite takes the rows as they come.
    "names": ("json_group_array(name)", "coalesce(jsonb_agg(name ORDER BY place), '[]')"),
    # Days from the publication of a first article to that of its copy, and hours, where times are printed.
    "lag_days": (
        "CAST(julianday(v.published_on) - julianday(fv.published_on) AS INTEGER)",
        "v.published_on - fv.published_on",
    ),
    "lag_hours": (
        "(strftime('%s', v.published_at) - strftime('%s', fv.published_at)) / 3600.0",
        "CAST(extract(epoch FROM v.published_at - fv.published_at) AS DOUBLE PRECISION) / 3600.0",
    ),
    # Days from an article's publication to the day when an edit of it was read.
    "read_days": (
        "CAST(julianday(date(v.created_at)) - julianday(o.published_on) AS INTEGER)",
        "CAST(v.created_at AT TIME ZONE 'UTC' AS DATE) - o.published_on",
    ),
    # The day that is so many days after a rate's.
    "carried_day": ("date(r.day, '+' || n.days || ' days')", "r.day + n.days"),
    # What follows the scheme of a link, up to where its host ends; a port is no part of it. Of Latin letters alone, as
    # SQLite makes no others small.
    "host": (
        "lower(substr({rest}, 1, instr({rest}, '/') - 1))".replace(
            "{rest}",
            "(replace(replace(replace(substr(l.address, instr(l.address, '://') + 3), '?', '/'), '#', '/'), ':', '/')"
            " || '/')",
        ),
        """lower(substring(l.address FROM '://([^/?#:]*)') COLLATE "C")""",
    ),
}


@dataclass(frozen=True, slots=True)
class View:
    """A view: its comment, its columns with theirs, and its query, in which words of `WORDS` stand in braces."""

    name: str
    comment: str
    columns: dict[str, str]
    query: str

    def query_on(self, dialect: str) -> str:
        """Return the query as a database of a dialect takes it."""
        query = self.query
        for word, (on_sqlite, on_postgresql) in WORDS.items():
            query = query.replace(f"{{{word}}}", on_postgresql if dialect == "postgresql" else on_sqlite)
        return query
