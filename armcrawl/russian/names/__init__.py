"""Names and noun phrases: their nominative, by dictionary and by endings; persons, surnames, heads of phrases.

Which printed forms are one tag stands in `store/entities`.
"""
