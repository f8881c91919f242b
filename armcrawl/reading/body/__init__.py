"""The role of each line (text, caption, comment, teaser and so on) and the body that the lines of text make.

`marking.py` applies the rules in order; title, date and tags are found in `reading/fields`.
"""
