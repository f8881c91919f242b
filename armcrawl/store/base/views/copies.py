"""The views of articles that have their text in common with others."""

from __future__ import annotations

from armcrawl.store.base.views.definition import PUBLISHED, View

FIRST_KEY = "Key of the article that had it first; NULL for a tie"
REASON = (
    "What tells who was first: link, attribution, time, day or length; tie if nothing does, size if so many "
    "articles are a series"
)
CONFIDENCE = "How sure it is who was first, 0 to 1"
CLUSTERED = """
  JOIN cluster_members m ON m.article_id = a.id
  JOIN clusters c ON c.id = m.cluster_id"""
# Keys in the order of their bytes.
LOWER = "a.key{binary} < b.key{binary}"

OF_COPIES = (
    View(
        "v_clusters",
        "One row for each cluster: two or more published articles with one text",
        {
            "cluster": "The lowest key of its articles",
            "articles": "Published articles in it",
            "first_key": FIRST_KEY,
            "first_site": "Site of that article",
            "reason": REASON,
            "confidence": CONFIDENCE,
            "title": "Title of the first one, for a tie of the one with the lowest key",
            "first_on": "Date of the earliest",
            "last_on": "Date of the latest",
        },
        f"""SELECT c.key AS cluster, count(*) AS articles, f.key AS first_key, fp.site AS first_site, c.reason,
  c.confidence, min(CASE WHEN a.key = coalesce(f.key, c.key) THEN v.title END) AS title,
  min(v.published_on) AS first_on, max(v.published_on) AS last_on{PUBLISHED}{CLUSTERED}
  LEFT JOIN articles f ON f.id = c.first_id
  LEFT JOIN pages fp ON fp.id = f.page_id
  GROUP BY c.id, c.key, f.key, fp.site, c.reason, c.confidence""",
    ),
    View(
        "v_reprints",
        "One row for each published article of a cluster, the first one included",
        {
            "key": "The article",
            "cluster": "Its cluster: the lowest key in it",
            "is_first": "Whether it had the text first; NULL for a tie",
            "first_key": FIRST_KEY,
            "confidence": CONFIDENCE,
            "site": "Site of the article",
            "published_on": "Its date",
            "title": "Its title",
        },
        f"""SELECT a.key, c.key AS cluster, c.first_id = a.id AS is_first, f.key AS first_key, c.confidence, p.site,
  v.published_on, v.title{PUBLISHED}{CLUSTERED}
  LEFT JOIN articles f ON f.id = c.first_id""",
    ),
    View(
        "v_copies",
        "One row for each published article whose text another one had first, beside that one and how much later it is",
        {
            "key": "The article",
            "first_key": "Key of the article that had it first",
            "site": "Site of the article",
            "section": "Section of the article",
            "published_on": "Its date",
            "title": "Its title",
            "first_site": "Site of the first one",
            "first_section": "Section of the first one",
            "first_published_on": "Date of the first one",
            "first_title": "Title of the first one",
            "lag_days": "Days from the first one to this one, below 0 if dates contradict what tells who was first; "
            "NULL unless both days are known",
            "lag_hours": "Hours between both; NULL unless both pages print a time",
            "reason": "What tells who was first: link, attribution, time, day or length",
            "confidence": CONFIDENCE,
        },
        f"""SELECT a.key, f.key AS first_key, p.site, p.section, v.published_on, v.title, fp.site AS first_site,
  fp.section AS first_section, fv.published_on AS first_published_on, fv.title AS first_title,
  CASE WHEN v.date_precision = 'day' AND fv.date_precision = 'day' THEN {{lag_days}} END AS lag_days,
  {{lag_hours}} AS lag_hours, c.reason, c.confidence{PUBLISHED}{CLUSTERED} AND c.first_id <> a.id
  JOIN articles f ON f.id = c.first_id
  JOIN article_versions fv ON fv.article_id = f.id AND fv.number = f.published_version
  JOIN pages fp ON fp.id = f.page_id""",
    ),
    View(
        "v_relations",
        "One row for each two published articles that have text in common; an excerpt makes no cluster",
        {
            "one_key": "Key of an article, the lower one",
            "other_key": "Key of the other",
            "grade": "same: equal but for case, spaces and signs; near: a copy; excerpt: one is a part of the other",
            "share_of_one": "Which share of the one's text is in the other, 0 to 1",
            "share_of_other": "Which share of the other's text is in the one, 0 to 1",
            "jaccard": "What both share of all that is in either, 0 to 1",
        },
        """SELECT CASE WHEN a.key < b.key THEN a.key ELSE b.key END AS one_key,
  CASE WHEN a.key < b.key THEN b.key ELSE a.key END AS other_key, r.grade,
  CASE WHEN a.key < b.key THEN r.of_first ELSE r.of_second END AS share_of_one,
  CASE WHEN a.key < b.key THEN r.of_second ELSE r.of_first END AS share_of_other, r.jaccard
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
)
