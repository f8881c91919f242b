"""The ledger: one row for each page that we know of, when to look at it again, and what went to quarantine.

Which id is a head stands in `store/base/heads.py`, as views need it; what an article says, in `store/articles`.
"""
