"""What a database is: its tables and views, how it is opened, locked and asked; helpers for SQL on both kinds.

`heads.py` and `article_order.py` are here because views need them; what else a page, a run or a cluster means is known
in the rooms above.
"""
