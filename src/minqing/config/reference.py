"""Reference data: versioned YAML beside each room, loaded as often as one likes."""

from __future__ import annotations

from minqing.core.actor import Actor


def load_reference() -> None:
    """Bring categories, tags and working days to the version of this release. Changes nothing that is current."""
    from django.db import transaction

    from minqing.households.services import load_tags
    from minqing.matters.services import load_categories, load_norms
    from minqing.org.services import load_work_days

    by = Actor.system("reference")
    with transaction.atomic():
        load_work_days(by=by)
        load_tags(by=by)
        load_categories(by=by)
        load_norms(by=by)
