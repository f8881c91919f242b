"""The views of what is known and what is missing."""

from __future__ import annotations

from armcrawl.store.base.heads import ESTABLISHED, MAX_GAP
from armcrawl.store.base.views.definition import MONTHLY, PUBLISHED, View

# Outcomes that an article was seen under.
SEEN = "number IS NOT NULL AND outcome IN ('stored', 'gone', 'quarantined', 'removed')"
# From id to id down from the newest one: few steps are enough, where to part all ids into groups would take seconds.
BELOW = f"""(SELECT s.number FROM pages s WHERE s.site = t.site AND s.section = t.section AND s.number < {{}} AND {SEEN}
      ORDER BY s.number DESC LIMIT 1)"""

OF_COMPLETENESS = (
    View(
        "v_completeness",
        "What is known of the pages of each section",
        {
            "site": "Name of the site",
            "section": "Section of the site",
            "newest_id": "Newest id of an article; none that stands alone, far above all others; 0 without ids",
            "asked": "Ids that were asked for: the sum of the next seven",
            "stored": "Ids with an article",
            "gone": "Ids whose article the site has no more",
            "missing": "Ids for which the site says that it has no page",
            "not_article": "Ids that show something else",
            "quarantined": "Ids whose page could not be understood",
            "failed": "Ids that are to be asked for again",
            "removed": "Ids that were taken down",
            "never_asked": "Ids up to the newest one that no run has asked for; 0 without ids",
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
  SELECT p.site, p.section, coalesce(h.head, 0) AS newest_id, count(*) AS asked,
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
        "v_completeness_by_month",
        "What is known of the ids that a section gave out in each month; months without a dated article are left out, "
        "and sites that do not count their pages",
        {
            "site": "Name of the site",
            "section": "Section of the site",
            "month": "The month: 2016-05",
            "articles": "Published articles of that month; those dated by year only are left out",
            "ids": "Ids given out: from the newest of all months before, to the newest of this month",
            "asked": "Of these: those that were asked for",
            "never_asked": "Of these: those that no run has asked for",
        },
        f"""WITH months AS (
    SELECT p.site, p.section, {{month}} AS month, count(*) AS articles, max(p.number) AS newest{PUBLISHED}
    WHERE {MONTHLY} AND p.number IS NOT NULL
    GROUP BY 1, 2, 3
  ), spans AS (
    SELECT site, section, month, articles, newest, coalesce(max(newest) OVER (
      PARTITION BY site, section ORDER BY month ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
    FROM months
  ), counted AS (
    SELECT site, section, month, articles, CASE WHEN newest > before THEN newest - before ELSE 0 END AS ids,
    (SELECT count(*) FROM pages p WHERE p.site = s.site AND p.section = s.section
      AND p.number > s.before AND p.number <= s.newest) AS asked
    FROM spans s
  )
  SELECT site, section, month, articles, ids, asked, ids - asked AS never_asked FROM counted""",
    ),
    View(
        "v_seen",
        "What became of the pages that each listing, feed and sitemap has shown",
        {
            "site": "Name of the site",
            "shown_in": "Which one: listing, feed or sitemap, and the path where it begins",
            "shown": "Pages that it has shown",
            "stored": "Of these: with an article",
            "never_asked": "Of these: those that no run has asked for",
            "first_on": "Date of the earliest, as it says",
            "last_on": "Date of the latest, as it says",
            "last_seen_at": "When it last showed one of them (UTC)",
        },
        """SELECT s.site, s.source AS shown_in, count(*) AS shown,
  count(CASE WHEN p.outcome = 'stored' THEN 1 END) AS stored,
  count(*) - count(p.id) AS never_asked, min(s.day) AS first_on, max(s.day) AS last_on,
  max(s.last_seen_at) AS last_seen_at
  FROM sightings s
  LEFT JOIN pages p ON p.site = s.site AND p.section = s.section AND p.external_id = s.external_id
  GROUP BY s.site, s.source""",
    ),
)
