"""The views: an analyst's stable interface, equal on both databases, while tables may change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import text

from armcrawl.errors import DatabaseError
from armcrawl.store.base.heads import ESTABLISHED, MAX_GAP

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class View:
    """A view: its comment, its columns with theirs, and its query.

    `{month}` in a query stands for the month of `published_on` as text, `{document}` for a version's document, and
    `{binary}` behind a text for its order by bytes.
    """

    name: str
    comment: str
    columns: dict[str, str]
    query: str


PUBLISHED = """
  FROM articles a
  JOIN article_versions v ON v.article_id = a.id AND v.number = a.published_version
  JOIN pages p ON p.id = a.page_id"""

# What names an entity, of tags and sources.
USES = """(
    SELECT article_id, entity_id, form_id, position, address, 'tag' AS used_as FROM article_tags
    UNION ALL SELECT article_id, entity_id, form_id, position, address, 'source' FROM article_sources
  )"""
KIND = "person, organisation, place, product, event or topic, where certain"

# Outcomes that an article was seen under.
SEEN = "number IS NOT NULL AND outcome IN ('stored', 'gone', 'quarantined', 'removed')"
# From id to id down from the newest one: few steps are enough, where to part all ids into groups would take seconds.
BELOW = f"""(SELECT s.number FROM pages s WHERE s.site = t.site AND s.section = t.section AND s.number < {{}} AND {SEEN}
      ORDER BY s.number DESC LIMIT 1)"""

# Keys in the order of their bytes, whatever the server's language is.
LOWER = "a.key{binary} < b.key{binary}"

VIEWS = (
    View(
        "v_articles",
        "One row for each published article",
        {
            "key": "Public identity: site, section and id, parted by slashes",
            "site": "Name of the site",
            "section": "Section of the site",
            "published_on": "Date of publication; first day of what is known",
            "date_precision": "day, month or year: how much of the date is known",
            "title": "Title",
            "lead": "The block of text that opens the article",
            "body": "Paragraphs, parted by blank lines",
            "attribution": "The attribution line as printed",
            "source": "Whom the line names",
            "author": "Author as printed",
            "word_count": "Words of the body",
            "address": "The article's page",
            "outcome": "stored, or gone if the site has it no more",
            "text_hash": "Equal for equal texts",
        },
        f"""SELECT a.key, p.site, p.section, v.published_on, v.date_precision, v.title, v.lead, v.body, v.attribution,
  (SELECT e.name FROM article_sources l JOIN entities e ON e.id = l.entity_id
    WHERE l.article_id = a.id AND l.position = 0) AS source,
  v.author, v.word_count, p.address, p.outcome, v.text_hash{PUBLISHED}""",
    ),
    View(
        "v_article_tags",
        "One row for each tag of each published article",
        {
            "key": "The article",
            "position": "Place in the page's list, from 0",
            "tag": "The tag's name",
            "form": "The tag as this page prints it",
            "slug": "Latin form for addresses",
            "kind": KIND,
            "published_on": "The article's date",
            "address": "Where the tag links to",
        },
        f"""SELECT a.key, l.position, e.name AS tag, f.form, e.slug, e.kind, v.published_on, l.address{PUBLISHED}
  JOIN article_tags l ON l.article_id = a.id
  JOIN entities e ON e.id = l.entity_id
  JOIN entity_forms f ON f.id = l.form_id""",
    ),
    View(
        "v_article_sources",
        "One row for each source that the attribution of a published article names",
        {
            "key": "The article",
            "position": "Place in the line, from 0",
            "source": "The source's name",
            "form": "The source as this page prints it",
            "kind": "What kind of source it is, where its name tells",
            "published_on": "The article's date",
            "address": "Where the line links to",
        },
        f"""SELECT a.key, l.position, e.name AS source, f.form, l.kind, v.published_on, l.address{PUBLISHED}
  JOIN article_sources l ON l.article_id = a.id
  JOIN entities e ON e.id = l.entity_id
  JOIN entity_forms f ON f.id = l.form_id""",
    ),
    View(
        "v_entities",
        "Whom and what tags and attribution lines of published articles name, each once",
        {
            "entity": "Its key, which all its spellings share",
            "name": "Its name",
            "kind": KIND,
            "slug": "Latin form for addresses",
            "articles": "Published articles that name it",
            "as_tag": "Of these: those that have it as a tag",
            "as_source": "Of these: those that have it as a source",
            "first_on": "Date of the first of them",
            "last_on": "Date of the last of them",
        },
        f"""SELECT e.key AS entity, e.name, e.kind, e.slug, count(DISTINCT a.id) AS articles,
  count(DISTINCT CASE WHEN l.used_as = 'tag' THEN a.id END) AS as_tag,
  count(DISTINCT CASE WHEN l.used_as = 'source' THEN a.id END) AS as_source,
  min(v.published_on) AS first_on, max(v.published_on) AS last_on{PUBLISHED}
  JOIN {USES} l ON l.article_id = a.id
  JOIN entities e ON e.id = l.entity_id
  GROUP BY e.id, e.key, e.name, e.kind, e.slug""",
    ),
    View(
        "v_entity_mentions",
        "One row for each tag and each source of each published article",
        {
            "key": "The article",
            "used_as": "tag or source",
            "position": "Place in the page's list or line, from 0",
            "entity": "Key of the entity",
            "name": "Its name",
            "kind": KIND,
            "form": "As this page prints it",
            "address": "Where it links to",
            "published_on": "The article's date",
        },
        f"""SELECT a.key, l.used_as, l.position, e.key AS entity, e.name, e.kind, f.form, l.address,
  v.published_on{PUBLISHED}
  JOIN {USES} l ON l.article_id = a.id
  JOIN entities e ON e.id = l.entity_id
  JOIN entity_forms f ON f.id = l.form_id""",
    ),
    View(
        "v_tags_by_month",
        "How often a tag occurs in a month; articles dated by year only are left out",
        {"month": "The month: 2016-05", "tag": "The tag's name", "articles": "Articles of that month with the tag"},
        f"""SELECT {{month}} AS month, e.name AS tag, count(DISTINCT a.id) AS articles{PUBLISHED}
  JOIN article_tags l ON l.article_id = a.id
  JOIN entities e ON e.id = l.entity_id
  WHERE v.date_precision IN ('day', 'month')
  GROUP BY 1, e.id, e.name""",
    ),
    View(
        "v_sources",
        "Whom attribution lines name, and how often",
        {
            "source": "The source's name",
            "kind": "What kind of source it is, where its name tells",
            "articles": "Published articles that name it",
            "first_on": "Date of the first of them",
            "last_on": "Date of the last of them",
        },
        f"""SELECT e.name AS source, min(l.kind) AS kind, count(DISTINCT a.id) AS articles,
  min(v.published_on) AS first_on, max(v.published_on) AS last_on{PUBLISHED}
  JOIN article_sources l ON l.article_id = a.id
  JOIN entities e ON e.id = l.entity_id
  GROUP BY e.id, e.name""",
    ),
    View(
        "v_clusters",
        "One row for each cluster: published articles with one text",
        {
            "cluster": "The lowest key of its articles",
            "articles": "Published articles in it",
            "first": "Key of the article that had it first; NULL for a tie",
            "first_site": "Site of that article",
            "reason": "What tells so: link, attribution, time, day, length, tie; size of a series",
            "confidence": "How sure that is, 0 to 1",
            "title": "Title of the first one, or of the one with the lowest key",
            "first_on": "Date of the earliest",
            "last_on": "Date of the latest",
        },
        f"""SELECT c.key AS cluster, count(*) AS articles, f.key AS first, fp.site AS first_site, c.reason,
  c.confidence, min(CASE WHEN a.key = coalesce(f.key, c.key) THEN v.title END) AS title,
  min(v.published_on) AS first_on, max(v.published_on) AS last_on{PUBLISHED}
  JOIN cluster_members m ON m.article_id = a.id
  JOIN clusters c ON c.id = m.cluster_id
  LEFT JOIN articles f ON f.id = c.first_id
  LEFT JOIN pages fp ON fp.id = f.page_id
  GROUP BY c.id, c.key, f.key, fp.site, c.reason, c.confidence""",
    ),
    View(
        "v_reprints",
        "One row for each published article that has its text in common with another, with who had it first",
        {
            "key": "The article",
            "cluster": "Its cluster: the lowest key in it",
            "is_first": "1 for the one that had it first",
            "first": "Key of the article that had it first; NULL for a tie",
            "confidence": "How sure that is, 0 to 1",
            "site": "Site of the article",
            "published_on": "Its date",
            "title": "Its title",
        },
        f"""SELECT a.key, c.key AS cluster, CASE WHEN c.first_id = a.id THEN 1 ELSE 0 END AS is_first, f.key AS first,
  c.confidence, p.site, v.published_on, v.title{PUBLISHED}
  JOIN cluster_members m ON m.article_id = a.id
  JOIN clusters c ON c.id = m.cluster_id
  LEFT JOIN articles f ON f.id = c.first_id""",
    ),
    View(
        "v_relations",
        "One row for each two published articles that have text in common; an excerpt makes no cluster",
        {
            "one": "Key of an article",
            "other": "Key of the other",
            "grade": "same, near or excerpt",
            "of_one": "Which share of the one's text is in the other, 0 to 1",
            "of_other": "Which share of the other's text is in the one, 0 to 1",
            "jaccard": "What both share of all that is in either, 0 to 1",
        },
        """SELECT CASE WHEN a.key < b.key THEN a.key ELSE b.key END AS one,
  CASE WHEN a.key < b.key THEN b.key ELSE a.key END AS other, r.grade,
  CASE WHEN a.key < b.key THEN r.of_first ELSE r.of_second END AS of_one,
  CASE WHEN a.key < b.key THEN r.of_second ELSE r.of_first END AS of_other, r.jaccard
  FROM (
    SELECT m.article_id AS first_id, n.article_id AS second_id, t.grade, t.containment_first AS of_first,
    t.containment_second AS of_second, t.jaccard
    FROM relations t
    JOIN cluster_members m ON m.text_id = t.first_id
    JOIN cluster_members n ON n.text_id = t.second_id
    UNION ALL
    SELECT m.article_id, n.article_id, 'same', 1.0, 1.0, 1.0
    FROM cluster_members m JOIN cluster_members n ON n.text_id = m.text_id AND n.article_id > m.article_id
  ) r
  JOIN articles a ON a.id = r.first_id AND a.published_version IS NOT NULL
  JOIN articles b ON b.id = r.second_id AND b.published_version IS NOT NULL""".replace("a.key < b.key", LOWER),
    ),
    View(
        "v_versions",
        "One row for each state of each published article, up to the one that is shown; none that is withheld",
        {
            "key": "The article",
            "version": "1 for the first, then rising",
            "read_at": "When we read it (UTC)",
            "cause": "fetch if the site changed it, re-extraction if our parser did, import if it came from an archive",
            "published_on": "Its date then",
            "title": "Its title then",
            "attribution": "Its attribution line then",
            "word_count": "Words of its body then",
            "body": "Its paragraphs then, parted by blank lines",
        },
        """SELECT a.key, v.number AS version, v.created_at AS read_at, v.cause, v.published_on, v.title, v.attribution,
  v.word_count, v.body
  FROM articles a JOIN article_versions v ON v.article_id = a.id AND v.number <= a.published_version
  WHERE v.state <> 'withheld'""",
    ),
    View(
        "v_exchange_rates",
        "Exchange rates as the pages' header printed them, one row for each day",
        {
            "site": "Name of the site that printed them",
            "day": "Their day",
            "euro": "Roubles for one euro",
            "dollar": "Roubles for one dollar",
        },
        """SELECT site, day, CAST(euro AS DOUBLE PRECISION) AS euro, CAST(dollar AS DOUBLE PRECISION) AS dollar
  FROM exchange_rates""",
    ),
    View(
        "v_completeness",
        "What is known of each section",
        {
            "site": "Name of the site",
            "section": "Section of the site",
            "head": "Newest id of an article that does not stand alone, far above all others",
            "known": "Ids that were asked for",
            "stored": "Ids with an article",
            "gone": "Ids whose article the site has no more",
            "missing": "Ids that answered without a page",
            "not_article": "Ids that show something else",
            "quarantined": "Ids whose page could not be understood",
            "failed": "Ids that are to be asked for again",
            "removed": "Ids that were taken down",
            "never_asked": "Ids up to the head that no run has asked for",
        },
        f"""WITH RECURSIVE walk (site, section, number, below, head, size) AS (
    SELECT t.site, t.section, t.number, {BELOW.format("t.number")}, t.number, 1
    FROM (SELECT site, section, max(number) AS number FROM pages WHERE {SEEN} GROUP BY site, section) t
    UNION ALL
    SELECT t.site, t.section, t.below, {BELOW.format("t.below")},
      CASE WHEN t.number - t.below <= {MAX_GAP} THEN t.head ELSE t.below END,
      CASE WHEN t.number - t.below <= {MAX_GAP} THEN t.size + 1 ELSE 1 END
    FROM walk t WHERE t.size < {ESTABLISHED} AND t.below IS NOT NULL
  ), heads AS (
    SELECT site, section, head, row_number() OVER (PARTITION BY site, section ORDER BY max(size) DESC, head) AS place
    FROM walk GROUP BY site, section, head
  )
  SELECT p.site, p.section, coalesce(h.head, 0) AS head, count(*) AS known,
  count(CASE WHEN p.outcome = 'stored' THEN 1 END) AS stored,
  count(CASE WHEN p.outcome = 'gone' THEN 1 END) AS gone,
  count(CASE WHEN p.outcome = 'missing' THEN 1 END) AS missing,
  count(CASE WHEN p.outcome = 'not_article' THEN 1 END) AS not_article,
  count(CASE WHEN p.outcome = 'quarantined' THEN 1 END) AS quarantined,
  count(CASE WHEN p.outcome = 'failed' THEN 1 END) AS failed,
  count(CASE WHEN p.outcome = 'removed' THEN 1 END) AS removed,
  coalesce(h.head, 0) - count(CASE WHEN p.number BETWEEN 1 AND h.head THEN 1 END) AS never_asked
  FROM pages p LEFT JOIN heads h ON h.site = p.site AND h.section = p.section AND h.place = 1
  GROUP BY p.site, p.section, h.head""",
    ),
    View(
        "v_seen",
        "What is known of what each listing, feed and sitemap has shown",
        {
            "site": "Name of the site",
            "source": "The source: its kind, and the path where it begins",
            "seen": "Pages that it has shown",
            "stored": "Of these: with an article",
            "never_asked": "Of these: those that no run has asked for",
            "first_on": "Date of the earliest, as it says",
            "last_on": "Date of the latest, as it says",
            "last_seen_at": "When it last showed one of them (UTC)",
        },
        """SELECT s.site, s.source, count(*) AS seen, count(CASE WHEN p.outcome = 'stored' THEN 1 END) AS stored,
  count(*) - count(p.id) AS never_asked, min(s.day) AS first_on, max(s.day) AS last_on,
  max(s.last_seen_at) AS last_seen_at
  FROM sightings s
  LEFT JOIN pages p ON p.site = s.site AND p.section = s.section AND p.external_id = s.external_id
  GROUP BY s.site, s.source""",
    ),
)
MONTH = {"sqlite": "strftime('%Y-%m', v.published_on)", "postgresql": "to_char(v.published_on, 'YYYY-MM')"}
# One that is damaged, as only SQLite takes it, must not keep others from being read.
DOCUMENT = {"sqlite": "(CASE WHEN json_valid(v.document) THEN v.document END)", "postgresql": "v.document"}

BINARY = {"sqlite": "", "postgresql": ' COLLATE "C"'}


def create_views(connection: Connection) -> None:
    """Create the views; on PostgreSQL with their comments."""
    dialect = connection.dialect.name
    for view in VIEWS:
        query = view.query.replace("{month}", MONTH[dialect]).replace("{document}", DOCUMENT[dialect])
        query = query.replace("{binary}", BINARY[dialect])
        connection.execute(text(f"CREATE VIEW {view.name} AS {query}"))
        if dialect == "postgresql":
            connection.execute(text(f"COMMENT ON VIEW {view.name} IS {_quoted(view.comment)}"))
            for column, comment in view.columns.items():
                connection.execute(text(f"COMMENT ON COLUMN {view.name}.{column} IS {_quoted(comment)}"))


def drop_views(connection: Connection) -> None:
    """Drop the views, as tables below them cannot change otherwise."""
    for view in VIEWS:
        try:
            connection.execute(text(f"DROP VIEW IF EXISTS {view.name}"))
        except DatabaseError as error:
            raise DatabaseError(
                f"A view of somebody's own rests on {view.name}: drop it, upgrade, and make it again."
            ) from error


def _quoted(comment: str) -> str:
    # A colon would be a parameter to SQLAlchemy.
    return "'" + comment.replace("'", "''").replace(":", "\\:") + "'"


def grant_views(connection: Connection, role: str) -> None:
    """Let a role of PostgreSQL read the views."""
    quoted = connection.dialect.identifier_preparer.quote_identifier(role)
    names = ", ".join(view.name for view in VIEWS)
    connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA public TO {quoted}")
    connection.exec_driver_sql(f"GRANT SELECT ON {names} TO {quoted}")


def readers_of_views(connection: Connection) -> list[str]:
    """Return the roles of PostgreSQL that were let to read the views; none on SQLite."""
    if connection.dialect.name != "postgresql":
        return []
    query = text(
        "SELECT DISTINCT grantee FROM information_schema.role_table_grants "
        "WHERE table_name = ANY(:views) AND privilege_type = 'SELECT' AND grantee <> grantor"
    )
    return sorted(connection.execute(query, {"views": [view.name for view in VIEWS]}).scalars())
