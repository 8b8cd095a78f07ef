"""News that travels upwards: when X happened, call Y. The only place where rooms are tied together this way."""

from __future__ import annotations


def connect() -> None:
    """Tell the journal who listens. Called once in every process."""
