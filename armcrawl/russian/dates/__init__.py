"""Dates as Russian pages print them: `read_date` reads one, and `read.py` says in which order forms are tried.

`forms.py` has the printed forms, `lines.py` the labels and other words around a date, `values.py` what is plausible.
Which date of a page is the article's is decided in `armcrawl/reading/fields/article_date.py`. `span.py` reads what a person who searches types.
"""

from armcrawl.russian.dates.read import examine_date, read_date
from armcrawl.russian.dates.span import read_span

__all__ = ["examine_date", "read_date", "read_span"]
