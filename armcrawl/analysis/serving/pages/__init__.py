"""The pages: each module has the `ROUTES` of its own, and what they show is asked of the store."""
