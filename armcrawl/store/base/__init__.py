"""What a database is: its tables and views, how it is opened, locked and asked; helpers for SQL on both kinds.

Nothing here knows what a page, a run or a cluster means; that is in the rooms beside it.
"""
