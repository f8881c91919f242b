"""How a site's pages are found: kinds behind one protocol, named by a site's declaration. Nothing here fetches itself.

`protocol` says what a kind does and what a run does for it, `kinds` finds the kind of a site, `counted` is the one for
ids that rise with time; `goal` is what a backfill is to bring.
"""
