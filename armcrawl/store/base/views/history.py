"""The views of what articles were like before."""

from __future__ import annotations

from armcrawl.store.base.views.definition import View

CAUSE = "fetch if the site changed it, import if an archive shows another state, re-extraction if our parser did"

OF_HISTORY = (
    View(
        "v_versions",
        "One row for each state of each published article, up to the one that is shown; none that is withheld",
        {
            "key": "The article",
            "version": "Its number: 1 for the first, then rising; one that is withheld leaves a gap",
            "read_at": "When we first read this state (UTC)",
            "cause": CAUSE,
            "published_on": "The article's date then",
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
        "v_edits",
        "One row for each time that a site changed an article it had published: the state before, and the one after",
        {
            "key": "The article",
            "version": "Number of the state after the edit",
            "read_at": "When we first read it (UTC): the edit was made before",
            "unchanged_at": "When we had first read the state before (UTC): the edit was made later",
            "published_on": "The article's date before",
            "days_after": "Days from that date to the day (UTC) when we read the edit; NULL unless the day is known",
            "title_before": "Title before the edit",
            "title": "Title after it",
            "word_count_before": "Words of the body before",
            "word_count": "Words of the body after",
        },
        """SELECT a.key, v.number AS version, v.created_at AS read_at, o.created_at AS unchanged_at, o.published_on,
  CASE WHEN o.date_precision = 'day' THEN {read_days} END AS days_after,
  o.title AS title_before, v.title, o.word_count AS word_count_before, v.word_count
  FROM articles a
  JOIN article_versions v ON v.article_id = a.id AND v.number <= a.published_version
  JOIN article_versions o ON o.article_id = v.article_id AND o.number = (
    SELECT max(e.number) FROM article_versions e
    WHERE e.article_id = v.article_id AND e.number < v.number AND e.state <> 'withheld')
  WHERE v.number > 1 AND v.state <> 'withheld' AND v.cause <> 're-extraction' AND o.content_hash <> v.content_hash""",
    ),
)
