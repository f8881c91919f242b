"""Other people's archive tools: what they write we read, and what we write they read."""
