"""Reference data: versioned YAML beside each room, loaded as often as one likes."""

from __future__ import annotations

from minqing.core.actor import Actor


def load_reference() -> None:
    """Bring categories, tags, working days and search words to this release. Changes nothing that is current."""
    from django.db import transaction

    from minqing.households.services import load_tags
    from minqing.matters.services import index_publications, load_categories, load_norms
    from minqing.org.services import load_work_days

    by = Actor.system("reference")
    with transaction.atomic():
        load_work_days(by=by)
        load_tags(by=by)
        load_categories(by=by)
        load_norms(by=by)
        index_publications(by=by)
