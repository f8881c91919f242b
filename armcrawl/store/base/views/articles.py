"""The views of articles: the articles themselves, and the links and pictures in them."""

from __future__ import annotations

from armcrawl.store.base.enumerations import GOOD
from armcrawl.store.base.views.definition import PUBLISHED, View


def _names(*tables: str) -> str:
    """Return a subquery for the names of what some tables have for an article, each once, in their order."""
    # What a table has comes after all that those before it have: no page has so many tags.
    uses = " UNION ALL ".join(
        f"SELECT entity_id, position + {number * 1_000_000} AS position FROM {table} WHERE article_id = a.id"
        for number, table in enumerate(tables)
    )
    return f"""(SELECT {{names}} FROM (
    SELECT e.name, min(u.position) AS place FROM ({uses}) u JOIN entities e ON e.id = u.entity_id
    GROUP BY e.id, e.name ORDER BY place) named)"""


def _of_cluster(column: str, joined: str = "") -> str:
    """Return a subquery for something of an article's cluster."""
    return f"""(SELECT {column} FROM cluster_members m LEFT JOIN clusters c ON c.id = m.cluster_id{joined}
    WHERE m.article_id = a.id)"""


FIRST = " LEFT JOIN articles f ON f.id = c.first_id"
SHOWN_RUNS = ", ".join(f"'{verdict}'" for verdict in GOOD)

# All but what lies in the version's and the page's own row is a subquery: a column that nobody asks for costs nothing.
ARTICLES = View(
    "v_articles",
    "One row for each published article",
    {
        "key": "Public identity: site, section and id, parted by slashes",
        "site": "Name of the site",
        "section": "Section of the site",
        "published_on": "Date of publication, the site's own day; the first day of the month or year that is known",
        "date_precision": "day, month or year: how much of the date is known; NULL without a date",
        "published_at": "Moment of publication (UTC), where the page prints a time; NULL where it prints none",
        "title": "Title",
        "lead": "The block of text that opens the article",
        "body": "Paragraphs, parted by blank lines",
        "attribution": "The attribution line as printed: who the text is from",
        "source": "The first source that this line names",
        "sources": "Names of all sources that this line names, in its order: a JSON list",
        "tags": "Names of the tags, in the page's order: a JSON list",
        "entities": "Names of all that tags and sources name, each once, tags first: a JSON list",
        "author": "Author as printed",
        "word_count": "Words of the body",
        "address": "Address of the article's page",
        "outcome": "stored, or gone if the site has it no more",
        "text_hash": "Equal for articles whose title and body are equal but for case, spaces and signs",
        "cluster": "Lowest key among the articles with its text; NULL if it stands alone",
        "first_key": "Key of the article that had this text first; NULL for a tie, and if it stands alone",
        "first_site": "Site of that article",
        "is_copy": "Whether another article had this text first; NULL for a tie, and before it was compared",
        "version_count": "How many versions of it were read: rows of v_versions",
        "first_seen_at": "When we first saw the article (UTC)",
    },
    f"""SELECT a.key, p.site, p.section, v.published_on, v.date_precision, v.published_at, v.title, v.lead, v.body,
  v.attribution,
  (SELECT e.name FROM article_sources l JOIN entities e ON e.id = l.entity_id
    WHERE l.article_id = a.id AND l.position = 0) AS source,
  {_names("article_sources")} AS sources,
  {_names("article_tags")} AS tags,
  {_names("article_tags", "article_sources")} AS entities,
  v.author, v.word_count, p.address, p.outcome, v.text_hash,
  {_of_cluster("c.key")} AS cluster,
  {_of_cluster("f.key", FIRST)} AS first_key,
  {_of_cluster("fp.site", FIRST + " LEFT JOIN pages fp ON fp.id = f.page_id")} AS first_site,
  {_of_cluster("CASE WHEN m.cluster_id IS NULL THEN 1 = 0 ELSE c.first_id <> a.id END")} AS is_copy,
  (SELECT count(*) FROM article_versions o
    WHERE o.article_id = a.id AND o.number <= a.published_version AND o.state <> 'withheld') AS version_count,
  (SELECT min(s.fetched_at) FROM captures s LEFT JOIN runs r ON r.id = s.run_id
    WHERE s.page_id = a.page_id AND (NOT s.is_judged OR r.verdict IN ({SHOWN_RUNS})) AND (s.content_hash IS NOT NULL
      OR EXISTS (SELECT 1 FROM readings g WHERE g.capture_id = s.id AND g.content_hash IS NOT NULL))
  ) AS first_seen_at{PUBLISHED}""",
)

LINKS = View(
    "v_links",
    "One row for each link inside the body of each published article; tags and teasers are not among them",
    {
        "key": "The article",
        "position": "Place in the body, from 0",
        "address": "Where the link goes",
        "host": "Host of that address, without a leading www.; NULL where it has none",
        "text": "The linked words",
        "site": "Site of the article",
        "section": "Section of the article",
        "published_on": "The article's date",
    },
    f"""SELECT a.key, l.position, l.address,
  CASE WHEN l.host LIKE 'www.%' THEN substr(l.host, 5) ELSE l.host END AS host, l.text, p.site, p.section,
  v.published_on{PUBLISHED}
  JOIN (SELECT l.article_id, l.position, l.address, l.text,
      CASE WHEN l.address LIKE '%://%' THEN {{host}} END AS host FROM article_links l) l
    ON l.article_id = a.id""",
)

IMAGES = View(
    "v_images",
    "One row for each picture of each published article",
    {
        "key": "The article",
        "position": "Place in the article, from 0",
        "address": "Address of the picture",
        "caption": "Caption as printed",
        "site": "Site of the article",
        "section": "Section of the article",
        "published_on": "The article's date",
    },
    f"""SELECT a.key, l.position, l.address, l.caption, p.site, p.section, v.published_on{PUBLISHED}
  JOIN images l ON l.article_id = a.id""",
)

OF_ARTICLES = (ARTICLES, LINKS, IMAGES)
