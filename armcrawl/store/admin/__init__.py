"""Care for whole databases: backup, copy, taking over decisions, making projections and clusters anew.

What a run or a command does to single pages is not here.
"""
