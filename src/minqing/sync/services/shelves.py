"""What a device holds, compared with what it is to hold now. No clock and no cursor orders it: content is compared."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from minqing.core.actor import Actor
from minqing.journal.canonical import canonical
from minqing.sync.kinds import feeds
from minqing.sync.models import Device, Shelf
from minqing.sync.rules import MOST_PARCELS


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a device is told: parcels to put on its shelf, keys to take away and where they went.

    ``number`` is what it says it holds once it has done so. ``anew``: it begins from nothing; ``more`` is to come.
    """

    number: int
    anew: bool
    parcels: dict[str, object]
    left: dict[str, str]
    more: bool


def pull(*, device: Device, holds: int, by: Actor, knows: Collection[str] = ()) -> Pulled:
    """The next part of what has changed for the device, which says that it ``holds`` what had that number.

    ``knows`` are the feeds that it can keep besides those that every phone keeps.
    """
    shelf, _made = Shelf.objects.get_or_create(device=device)
    base = ground(shelf, holds)
    offered = feeds(knows)
    due = {key: parcel for feed in offered for key, parcel in feed.parcels(by).items()}
    versions = {key: version_of(parcel) for key, parcel in due.items()}
    begun = base or {}
    changed = sorted(key for key, version in versions.items() if begun.get(key) != version)
    part, gone = changed[:MOST_PARCELS], sorted(begun.keys() - versions.keys())
    number = offer(
        shelf,
        holds,
        base,
        {key: one for key, one in begun.items() if key not in gone} | {key: versions[key] for key in part},
    )
    left = {key: told for feed in offered for key, told in feed.left(by, of(feed.code, gone)).items()}
    return Pulled(
        number, base is None, {key: due[key] for key in part}, dict.fromkeys(gone, "") | left, len(changed) > len(part)
    )


def ground(shelf: Shelf, holds: int) -> Mapping[str, str] | None:
    """What the device holds, if it is one of the two that we know of; None where it begins from nothing."""
    if holds and holds == shelf.offered_number:
        return dict(shelf.offered)
    if holds and holds == shelf.number:
        return dict(shelf.held)
    return None


def offer(shelf: Shelf, holds: int, base: Mapping[str, str] | None, now: dict[str, str]) -> int:
    """Remember what the device holds and what it is offered; returns the number of the offer. Nothing new: no write."""
    if base is None and not now:
        return 0
    if now == base:
        return holds
    if base is None:
        shelf.number, shelf.held = 0, {}
    else:
        shelf.number, shelf.held = holds, dict(base)
    shelf.offered_number, shelf.offered = max(shelf.offered_number, holds) + 1, now
    shelf.save()
    return shelf.offered_number


def of(code: str, keys: list[str]) -> list[str]:
    return [key for key in keys if key.startswith(f"{code}:")]


def version_of(parcel: Mapping[str, object]) -> str:
    return hashlib.sha256(canonical(dict(parcel))).hexdigest()[:16]
