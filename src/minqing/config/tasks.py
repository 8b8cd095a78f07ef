"""The job queue: where its periodic jobs come from."""

from __future__ import annotations

from procrastinate import App


def on_app_ready(app: App) -> None:
    """Called by procrastinate once Django's apps are loaded."""
    from minqing.config import subscriptions

    subscriptions.connect()
