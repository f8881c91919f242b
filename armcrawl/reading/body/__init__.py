"""The role of each line and why: text, box, caption, comment, teaser; and the body that the text makes.

`marking.py` lists the rules; title, date and tags are found in `reading/fields`.
"""
