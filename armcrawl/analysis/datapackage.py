"""What a data set of all views says of itself, as a Data Package: https://datapackage.org/standard/data-package/."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from armcrawl import __version__
from armcrawl.analysis.meanings import ITSELF, russian
from armcrawl.store.base.views import VIEWS
from armcrawl.store.queries.view_rows import Selection, columns_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from armcrawl.store.base.views.definition import View

# What tells the rows of a view apart.
PRIMARY_KEYS = {
    **dict.fromkeys(("v_articles", "v_reprints", "v_copies"), ("key",)),
    **dict.fromkeys(("v_article_tags", "v_article_sources", "v_links", "v_images"), ("key", "position")),
    **dict.fromkeys(("v_versions", "v_edits"), ("key", "version")),
    **dict.fromkeys(("v_entities", "v_sources"), ("entity_key",)),
    "v_tags_by_month": ("month", "entity_key"),
    "v_entity_mentions": ("key", "used_as", "position"),
    "v_entity_pairs": ("key", "entity_key", "other_key"),
    "v_clusters": ("cluster",),
    "v_relations": ("one_key", "other_key"),
    "v_exchange_rates": ("site", "day"),
    "v_completeness": ("site", "section"),
    "v_completeness_by_month": ("site", "section", "month"),
    "v_seen": ("site", "shown_in"),
}
ARTICLE, ENTITY = ("v_articles", "key"), ("v_entities", "entity_key")
# To what a column refers, in whatever view it stands but that one.
REFERENCES = {
    **dict.fromkeys(("key", "first_key", "one_key"), ARTICLE),
    "entity_key": ENTITY,
    "cluster": ("v_clusters", "cluster"),
}
OTHERS = {"v_relations": ARTICLE, "v_entity_pairs": ENTITY}
TYPES = {int: "integer", float: "number", bool: "boolean", list: "array", date: "date", datetime: "datetime"}


def descriptor(rows: Mapping[str, int]) -> dict[str, Any]:
    """Return the descriptor of a data set with all views, of which each has so many rows.

    Titles are in Russian, descriptions in English.
    """
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "armcrawl",
        "title": "Статьи отраслевой прессы с тегами, источниками, копиями и версиями",
        "description": f"All views of a database of armcrawl {__version__}, at one moment.",
        "resources": [_resource(view, rows[view.name]) for view in VIEWS],
    }


def _resource(view: View, rows: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": list(_fields(view)), "primaryKey": list(PRIMARY_KEYS[view.name])}
    if references := list(_references(view)):
        schema["foreignKeys"] = references
    return {
        "name": view.name,
        "type": "table",
        "path": f"{view.name}.parquet",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "title": russian()[view.name][ITSELF],
        "description": f"{view.comment}.",
        "rows": rows,
        "schema": schema,
    }


def _fields(view: View) -> Iterator[dict[str, Any]]:
    told = russian()[view.name]
    for name, kind in columns_of(Selection(view.name)).items():
        known = {"name": name, "type": TYPES.get(kind.python_type, "string")}
        yield known | {"title": told[name], "description": view.columns[name]}


def _references(view: View) -> Iterator[dict[str, Any]]:
    for name in view.columns:
        resource, field = OTHERS[view.name] if name == "other_key" else REFERENCES.get(name, (view.name, name))
        if resource != view.name:
            yield {"fields": [name], "reference": {"resource": resource, "fields": [field]}}
