"""Clusters: which stored articles are one text, kept true as articles come, change and go; who had it first.

How two texts are compared stands in `armcrawl/fingerprints`; making all anew in `store/admin/reclustering.py`.
"""
