"""What SQLite needs beside the tables to search them: FTS5 reads the terms from search_documents.

The triggers tell it of every change.
"""

STATEMENTS = (
    """CREATE VIRTUAL TABLE search_index USING fts5(title, text, content='search_documents', content_rowid='place',
  tokenize="ascii tokenchars '-./_'")""",
    """CREATE TRIGGER search_documents_inserted AFTER INSERT ON search_documents BEGIN
  INSERT INTO search_index (rowid, title, text) VALUES (new.place, new.title, new.text);
END""",
    """CREATE TRIGGER search_documents_deleted AFTER DELETE ON search_documents BEGIN
  INSERT INTO search_index (search_index, rowid, title, text) VALUES ('delete', old.place, old.title, old.text);
END""",
    """CREATE TRIGGER search_documents_updated AFTER UPDATE ON search_documents BEGIN
  INSERT INTO search_index (search_index, rowid, title, text) VALUES ('delete', old.place, old.title, old.text);
  INSERT INTO search_index (rowid, title, text) VALUES (new.place, new.title, new.text);
END""",
)
# The names of all that they make.
OBJECTS = frozenset({"search_index", *(f"search_documents_{event}" for event in ("inserted", "deleted", "updated"))})
