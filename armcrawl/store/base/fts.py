"""What SQLite needs beside the tables to search them: FTS5 reads the tokens from search_documents.

The triggers tell it of every change.
"""

COLUMNS = ("title", "tags", "sources", "text")
INSERT = """INSERT INTO search_index (rowid, title, tags, sources, text)
    VALUES (new.place, new.title, new.tags, new.sources, new.text);"""
DELETE = """INSERT INTO search_index (search_index, rowid, title, tags, sources, text)
    VALUES ('delete', old.place, old.title, old.tags, old.sources, old.text);"""

STATEMENTS = (
    f"""CREATE VIRTUAL TABLE search_index USING fts5({", ".join(COLUMNS)},
  content='search_documents', content_rowid='place', tokenize="ascii tokenchars '_+#@.-'")""",
    f"CREATE TRIGGER search_documents_inserted AFTER INSERT ON search_documents BEGIN\n  {INSERT}\nEND",
    f"CREATE TRIGGER search_documents_deleted AFTER DELETE ON search_documents BEGIN\n  {DELETE}\nEND",
    f"CREATE TRIGGER search_documents_updated AFTER UPDATE ON search_documents BEGIN\n  {DELETE}\n  {INSERT}\nEND",
)
# The names of all that they make.
OBJECTS = frozenset({"search_index", *(f"search_documents_{event}" for event in ("inserted", "deleted", "updated"))})
