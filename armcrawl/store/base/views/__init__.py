"""The views: an analyst's stable interface, equal on both databases, while tables may change."""

from __future__ import annotations

from armcrawl.store.base.views.creating import VIEWS, create_views, drop_views, grant_views, readers_of_views

__all__ = ["VIEWS", "create_views", "drop_views", "grant_views", "readers_of_views"]
