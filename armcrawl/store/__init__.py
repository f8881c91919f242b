"""The store: schema, writing and questions; all SQL of the project is in this room."""
