"""The views of what articles name: tags, sources, and the entities behind them."""

from __future__ import annotations

from armcrawl.store.base.views.definition import KIND, MONTHLY, PUBLISHED, View

# What names an entity, of tags and sources.
USES = """(
    SELECT article_id, entity_id, form_id, position, address, 'tag' AS used_as FROM article_tags
    UNION ALL SELECT article_id, entity_id, form_id, position, address, 'source' FROM article_sources
  )"""
# Each entity of an article once. Tags alone: the source that printed a text is nobody's companion in it.
NAMED = "(SELECT DISTINCT article_id, entity_id FROM article_tags)"
SOURCE_KIND = "own desk, press service, agency, journal, web site or ministry, where its name tells"

OF_ENTITIES = (
    View(
        "v_article_tags",
        "One row for each tag of each published article",
        {
            "key": "The article",
            "position": "Place in the page's list, from 0",
            "tag": "The tag's name: in the nominative, one for all its spellings",
            "form": "The tag as this page prints it",
            "slug": "Latin form of the name",
            "kind": KIND,
            "site": "Site of the article",
            "section": "Section of the article",
            "published_on": "The article's date",
            "address": "Where the tag links to",
            "entity_key": "Key of the entity that the tag names",
        },
        f"""SELECT a.key, l.position, e.name AS tag, f.form, e.slug, e.kind, p.site, p.section, v.published_on,
  l.address, e.key AS entity_key{PUBLISHED}
  JOIN article_tags l ON l.article_id = a.id
  JOIN entities e ON e.id = l.entity_id
  JOIN entity_forms f ON f.id = l.form_id""",
    ),
    View(
        "v_article_sources",
        "One row for each source that the attribution line of a published article names",
        {
            "key": "The article",
            "position": "Place in the line, from 0",
            "source": "The source's name: in the nominative, one for all its spellings",
            "form": "The source as this page prints it",
            "source_kind": SOURCE_KIND,
            "site": "Site of the article",
            "section": "Section of the article",
            "published_on": "The article's date",
            "address": "Where the line links to",
            "entity_key": "Key of the entity that the source is",
        },
        f"""SELECT a.key, l.position, e.name AS source, f.form, l.kind AS source_kind, p.site, p.section,
  v.published_on, l.address, e.key AS entity_key{PUBLISHED}
  JOIN article_sources l ON l.article_id = a.id
  JOIN entities e ON e.id = l.entity_id
  JOIN entity_forms f ON f.id = l.form_id""",
    ),
    View(
        "v_entities",
        "Whom and what tags and attribution lines of published articles name, each once",
        {
            "entity_key": "What all spellings of its name share: it tells entities apart, as a name may not",
            "name": "Its name",
            "kind": KIND,
            "slug": "Latin form of the name",
            "articles": "Published articles that name it",
            "articles_as_tag": "Of these: those that have it as a tag",
            "articles_as_source": "Of these: those that have it as a source",
            "first_on": "Date of the first of them",
            "last_on": "Date of the last of them",
        },
        f"""SELECT e.key AS entity_key, e.name, e.kind, e.slug, count(DISTINCT a.id) AS articles,
  count(DISTINCT CASE WHEN l.used_as = 'tag' THEN a.id END) AS articles_as_tag,
  count(DISTINCT CASE WHEN l.used_as = 'source' THEN a.id END) AS articles_as_source,
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
            "entity_key": "Key of the entity",
            "name": "Its name",
            "kind": KIND,
            "form": "As this page prints it",
            "address": "Where it links to",
            "site": "Site of the article",
            "section": "Section of the article",
            "published_on": "The article's date",
        },
        f"""SELECT a.key, l.used_as, l.position, e.key AS entity_key, e.name, e.kind, f.form, l.address, p.site,
  p.section, v.published_on{PUBLISHED}
  JOIN {USES} l ON l.article_id = a.id
  JOIN entities e ON e.id = l.entity_id
  JOIN entity_forms f ON f.id = l.form_id""",
    ),
    View(
        "v_entity_pairs",
        "Who is named with whom: one row for each two tags of each published article, and one the other way round",
        {
            "key": "The article",
            "entity_key": "Key of one entity",
            "other_key": "Key of the other",
            "name": "Name of the one",
            "kind": f"Of the one: {KIND}",
            "other_name": "Name of the other",
            "other_kind": f"Of the other: {KIND}",
            "is_mirrored": "Whether another row has them the other way round first: leave these out to count pairs",
            "site": "Site of the article",
            "section": "Section of the article",
            "published_on": "The article's date",
        },
        f"""SELECT a.key, e.key AS entity_key, o.key AS other_key, e.name, e.kind, o.name AS other_name,
  o.kind AS other_kind, o.key{{binary}} < e.key{{binary}} AS is_mirrored, p.site, p.section,
  v.published_on{PUBLISHED}
  JOIN {NAMED} l ON l.article_id = a.id
  JOIN {NAMED} n ON n.article_id = a.id AND n.entity_id <> l.entity_id
  JOIN entities e ON e.id = l.entity_id
  JOIN entities o ON o.id = n.entity_id""",
    ),
    View(
        "v_tags_by_month",
        "How many articles of a month have a tag; articles dated by year only are left out",
        {
            "month": "The month: 2016-05",
            "tag": "The tag's name",
            "articles": "Articles of that month with the tag",
            "kind": KIND,
            "entity_key": "Key of the entity that the tag names",
        },
        f"""SELECT {{month}} AS month, e.name AS tag, count(DISTINCT a.id) AS articles, e.kind,
  e.key AS entity_key{PUBLISHED}
  JOIN article_tags l ON l.article_id = a.id
  JOIN entities e ON e.id = l.entity_id
  WHERE {MONTHLY}
  GROUP BY 1, e.id, e.name, e.kind, e.key""",
    ),
    View(
        "v_sources",
        "Whom attribution lines name, and how often",
        {
            "source": "The source's name",
            "source_kind": SOURCE_KIND,
            "articles": "Published articles that name it",
            "first_on": "Date of the first of them",
            "last_on": "Date of the last of them",
            "entity_key": "Key of the entity that the source is",
        },
        f"""SELECT e.name AS source, min(l.kind) AS source_kind, count(DISTINCT a.id) AS articles,
  min(v.published_on) AS first_on, max(v.published_on) AS last_on, e.key AS entity_key{PUBLISHED}
  JOIN article_sources l ON l.article_id = a.id
  JOIN entities e ON e.id = l.entity_id
  GROUP BY e.id, e.name, e.key""",
    ),
)
