"""The view of exchange rates: each day has one, also where none was printed."""

from __future__ import annotations

from armcrawl.store.base.views.definition import View

# The Bank of Russia sets no rates on holidays: that of 31 December may hold to 11 January. A longer gap between two
# printed rates is no holiday but days on which nobody looked, and what held then is not known.
MAX_CARRIED = 11

RATES = View(
    "v_exchange_rates",
    f"Exchange rates, one row for each day: as the pages' header printed them, or, for up to {MAX_CARRIED} days "
    "without any, the last ones before, marked as carried",
    {
        "site": "Name of the site that printed them",
        "day": "The day for which they hold",
        "euro": "Roubles for one euro",
        "dollar": "Roubles for one dollar",
        "rate_date": "The day for which they were printed: this one, or the last one before",
        "is_carried": "Whether they are those of an earlier day",
    },
    f"""WITH RECURSIVE numbers (days) AS (
    SELECT 0 UNION ALL SELECT days + 1 FROM numbers WHERE days < {MAX_CARRIED}
  ), printed AS (
    SELECT site, day, CAST(euro AS DOUBLE PRECISION) AS euro, CAST(dollar AS DOUBLE PRECISION) AS dollar,
    lead(day) OVER (PARTITION BY site ORDER BY day) AS next_day
    FROM exchange_rates
  )
  SELECT r.site, {{carried_day}} AS day, r.euro, r.dollar, r.day AS rate_date, n.days > 0 AS is_carried
  FROM printed r JOIN numbers n ON n.days = 0 OR {{carried_day}} < r.next_day""",
)
