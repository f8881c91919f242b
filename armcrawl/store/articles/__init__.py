"""Articles and their histories: one way to write them, `folding.py` (pure) and `refolding.py`, and what leads there.

`documents.py` is the codec, `versions.py` writes what follows from a shown version. Questions stand in `store/queries`.
"""
