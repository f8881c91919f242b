"""Tags: which printed forms are one, what people decided of them, and what the tag links of articles say.

How a printed form is read stands in `armcrawl/russian`; who is named as a source follows with each version.
"""
