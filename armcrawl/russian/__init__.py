"""The Russian of the trade press, in pure functions: dates, tags, attribution, typography."""
