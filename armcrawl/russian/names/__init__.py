"""The nominative of names and noun phrases, by a dictionary and by rules on endings.

Which printed forms make up one tag is decided in `store/entities`.
"""
