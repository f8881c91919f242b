"""The sample portals: our own articles, served as real sites serve theirs; the first has numbers, `press` has none."""
