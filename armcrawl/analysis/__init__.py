"""What analysts ask for: search, and later export and pages to look at."""
