"""What the doctor looks at of matters."""

from __future__ import annotations

from django.db import connection
from django.utils.translation import gettext as _

from minqing.core import indexes
from minqing.core.health import Finding


def search() -> Finding:
    """Behind the wall the index of words is used only once the superuser has said that matching gives nothing away."""
    by_index = indexes.searches_by_index(connection)
    return Finding(
        _("search of matters"),
        by_index,
        _("by its index") if by_index else _("reads every matter; with a million of them each search takes seconds"),
        _("As superuser in this database: {statement}; (why it is safe: docs/decisions/0010)").format(
            statement=indexes.LEAKPROOF
        ),
    )
