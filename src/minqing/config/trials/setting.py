"""Run in the county's own environment: a partner that is sent everything; tells what the loads must know, as JSON."""

from __future__ import annotations

import json
import sys

from minqing.config.cli.base import ready

# as many doors as a trial may need: each is let report ten times at once
MOST_DOORS = 2000
CLERK = "clerk"


def main(url: str) -> None:
    ready(makes=True)
    from django.db import transaction

    from minqing.core.actor import Actor
    from minqing.demo.services.actors import person
    from minqing.demo.staff import PASS_PHRASE
    from minqing.households.queries.visibility import visible_codes
    from minqing.org.enums import Level
    from minqing.org.queries import areas_within, top_area
    from minqing.partners.services import register_partner, save_endpoint
    from minqing.privacy.access import transaction_as

    by, clerk, county = Actor.system("minqing trial"), person(CLERK), top_area()
    assert clerk is not None  # noqa: S101  # the demo has one
    assert county is not None  # noqa: S101
    with transaction.atomic():
        partner = register_partner(code="trial", name="trial", area=county, unit=None, by=by)
        save_endpoint(partner=partner, url=url, types=["cn.minqing.matter.*"], by=by)
    with transaction_as(clerk):
        codes = list(visible_codes(clerk).filter(revoked_at=None).select_related("household")[:MOST_DOORS])
        doors = [f"/h/{one.token}" for one in codes]
        place = areas_within(clerk).select_related("parent__parent").get(pk=codes[0].household.area_id)
        village = place if place.level == Level.VILLAGE else place.parent
        assert village is not None  # noqa: S101
        assert village.parent is not None  # noqa: S101
    given = {
        "doors": doors,
        "clerk": CLERK,
        "word": PASS_PHRASE,
        "town": village.parent.name,
        "village": village.name,
        "kinds": kinds(),
    }
    sys.stdout.write(f"{json.dumps(given)}\n")


def kinds() -> dict[str, dict[str, str | None]]:
    """Every job that is asked for by its name alone: those of the clock, and those that take nothing."""
    from inspect import signature

    from procrastinate.contrib.django import app

    clock = {one.task.name for one in app.periodic_registry.periodic_tasks.values()}
    return {
        name: {
            "queueing_lock": task.queueing_lock,
            "lock": task.lock,
            "periodic": "yes" if name in clock else None,
        }
        for name, task in app.tasks.items()
        if name in clock or not (signature(task.func).parameters or "builtin" in name)
    }


if __name__ == "__main__":
    main(sys.argv[1])
