<<<<<<< HEAD
"""Printed dates became dates: those that did not, and what feeds and listings say otherwise, are counted."""
=======
"""Counts the articles whose date is missing, unreadable or impossible."""
>>>>>>> 76a2aba91cbc46e335ad3c6f1cf7a46668f4fc23

from pipelines.stage import CountingStage


class DatesPipeline(CountingStage):
<<<<<<< HEAD
    """Printed dates became dates: those that did not, and what feeds and listings say otherwise, are counted."""
=======
    """Counts the articles whose date is missing, unreadable or impossible."""
>>>>>>> 76a2aba91cbc46e335ad3c6f1cf7a46668f4fc23

    subjects = ("date", "title")
