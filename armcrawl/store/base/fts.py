"""What SQLite needs beside the tables to search them: FTS5 reads the tokens from search_documents.

The triggers tell it of every change.
"""

COLUMNS = ("title", "tags", "sources", "text")
_NAMES = ", ".join(COLUMNS)
_OLD, _NEW = (", ".join(f"{row}.{name}" for name in COLUMNS) for row in ("old", "new"))
_INSERT = f"INSERT INTO search_index (rowid, {_NAMES}) VALUES (new.place, {_NEW});"
_DELETE = f"INSERT INTO search_index (search_index, rowid, {_NAMES}) VALUES ('delete', old.place, {_OLD});"

STATEMENTS = (
    f"""CREATE VIRTUAL TABLE search_index USING fts5({_NAMES}, content='search_documents', content_rowid='place',
  tokenize="ascii tokenchars '_+#@.-'")""",
    f"CREATE TRIGGER search_documents_inserted AFTER INSERT ON search_documents BEGIN\n  {_INSERT}\nEND",
    f"CREATE TRIGGER search_documents_deleted AFTER DELETE ON search_documents BEGIN\n  {_DELETE}\nEND",
    f"CREATE TRIGGER search_documents_updated AFTER UPDATE ON search_documents BEGIN\n  {_DELETE}\n  {_INSERT}\nEND",
)
# The names of all that they make.
OBJECTS = frozenset({"search_index", *(f"search_documents_{event}" for event in ("inserted", "deleted", "updated"))})
