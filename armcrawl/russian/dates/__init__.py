"""Dates as Russian pages print them: `read_date` is the way in, and `read.py` says in which order forms are tried.

`lines.py` knows lines and labels, `forms.py` months and how a date is printed, `values.py` what can be believed.
Which date of a page counts is decided in `armcrawl/reading/fields/dateline.py`, not here.
"""

from armcrawl.russian.dates.read import examine_date, read_date

__all__ = ["examine_date", "read_date"]
