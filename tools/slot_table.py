"""What fills each slot, for docs/reference/slots.md: drawn from the slots and parts that the rooms declare."""

from __future__ import annotations

HEAD = """\
# What fills the slots

What a slot is, and how to fill one, says [slots](../slots.md). The lowest rank stands first.

| Slot | Rank | Room | For |
|---|---|---|---|
"""


def page() -> str:
    from minqing.config.rooms import rooms

    parts = [(part.rank, room.name, part) for room in rooms() for part in room.parts]
    rows = []
    for slot in sorted(slot for room in rooms() for slot in room.slots):
        filled = sorted((one for one in parts if one[2].slot == slot), key=lambda one: one[0])
        rows += [f"| `{slot}` | {rank} | {room} | {whom(part.roles)} |" for rank, room, part in filled]
        rows += [] if filled else [f"| `{slot}` | – | – | – |"]
    return HEAD + "\n".join(rows) + "\n"


def whom(roles: frozenset[str] | None) -> str:
    return ", ".join(sorted(role.replace("_", " ") for role in roles)) if roles else "everybody on that page"
