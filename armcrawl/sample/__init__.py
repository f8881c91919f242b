"""The sample portal: our own articles, served as the real site serves its own, in four markups."""
