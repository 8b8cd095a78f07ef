"""What a new county has and what it lacks, in the order in which one thing needs the other."""

from __future__ import annotations

from minqing.config.rooms import rooms, table_intake
from minqing.config.words import N_, _
from minqing.core.health import Finding
from minqing.core.room import Beginning


def beginnings() -> list[Beginning]:
    """Of all rooms those without which nobody can work; each comes with a table."""
    found = (one for room in rooms() for one in room.beginnings if one.table)
    return sorted(found, key=lambda one: one.rank)


def setting_up() -> Finding:
    """Well once there is some of each: then it is a county, and how much of each it has is its own affair."""
    counted = [(one, one.count()) for one in beginnings()]
    seen = " · ".join(f"{one.label} {count or '–'}" for one, count in counted)
    lacking = next((one for one, count in counted if not count), None)
    if lacking is None:
        return Finding(N_("setting up"), True, seen)
    mend = _("Next: {label}. On the page of tables, or by minqing import {table} FILE").format(
        label=lacking.label, table=lacking.table
    )
    return Finding(N_("setting up"), False, seen, mend, table_intake().page)
