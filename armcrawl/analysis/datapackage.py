"""What a data set of all views says of itself, as a Data Package: https://datapackage.org/standard/data-package/."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from armcrawl import __version__
from armcrawl.store.base.views import VIEWS
from armcrawl.store.queries.view_rows import Selection, columns_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from armcrawl.store.base.views import View

# What tells the rows of a view apart; a view that counts by names has nothing, as two entities may have one name.
PRIMARY_KEYS = {
    "v_articles": ("key",),
    "v_article_tags": ("key", "position"),
    "v_article_sources": ("key", "position"),
    "v_entities": ("entity",),
    "v_entity_mentions": ("key", "used_as", "position"),
    "v_clusters": ("cluster",),
    "v_reprints": ("key",),
    "v_relations": ("one", "other"),
    "v_versions": ("key", "version"),
    "v_exchange_rates": ("site", "day"),
    "v_completeness": ("site", "section"),
    "v_seen": ("site", "source"),
}
# To what a column refers, in whatever view it stands.
REFERENCES = {
    **dict.fromkeys(("key", "first", "one", "other"), ("v_articles", "key")),
    "entity": ("v_entities", "entity"),
    "cluster": ("v_clusters", "cluster"),
}
TYPES = {int: "integer", float: "number", bool: "boolean", list: "array", date: "date", datetime: "datetime"}


def descriptor(rows: Mapping[str, int]) -> dict[str, Any]:
    """Return the descriptor of a data set with all views, of which each has so many rows."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "armcrawl",
        "title": "Articles of the trade press, with tags, sources, copies and versions",
        "description": f"All views of a database of armcrawl {__version__}, at one moment.",
        "resources": [_resource(view, rows[view.name]) for view in VIEWS],
    }


def _resource(view: View, rows: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": list(_fields(view))}
    if view.name in PRIMARY_KEYS:
        schema["primaryKey"] = list(PRIMARY_KEYS[view.name])
    if references := list(_references(view)):
        schema["foreignKeys"] = references
    return {
        "name": view.name,
        "type": "table",
        "path": f"{view.name}.parquet",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "description": f"{view.comment}.",
        "rows": rows,
        "schema": schema,
    }


def _fields(view: View) -> Iterator[dict[str, Any]]:
    for name, kind in columns_of(Selection(view.name)).items():
        yield {"name": name, "type": TYPES.get(kind.python_type, "string"), "description": view.columns[name]}


def _references(view: View) -> Iterator[dict[str, Any]]:
    for name in view.columns:
        resource, field = REFERENCES.get(name, (view.name, name))
        if resource != view.name:
            yield {"fields": [name], "reference": {"resource": resource, "fields": [field]}}
