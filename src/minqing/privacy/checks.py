"""What the doctor looks at of rights and walls: each compared with what the code declares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from django.utils.translation import gettext as _

from minqing.core.health import Finding
from minqing.privacy import comparing
from minqing.privacy.comparing import Difference
from minqing.privacy.declared import declared

MOST_TOLD: Final = 12


def rights() -> list[Finding]:
    """One finding a kind, in it one line for each table, verb, wall, function or trigger that is not as declared."""
    stated = declared()
    kinds: dict[str, Iterator[Difference]] = {
        _("rights of the app"): comparing.role_differences(),
        _("rights to tables"): comparing.grant_differences(),
        _("owners"): comparing.owner_differences(),
        _("walls"): comparing.wall_differences(stated),
        _("functions and triggers"): comparing.code_differences(stated),
    }
    return [differences_finding(name, found) for name, found in kinds.items()]


def differences_finding(name: str, found: Iterable[Difference]) -> Finding:
    differences = list(found)
    told = [one.seen for one in differences[:MOST_TOLD]]
    more = len(differences) - MOST_TOLD
    mends = dict.fromkeys(one.mend for one in differences[:MOST_TOLD])
    seen = "\n".join([*told, _("… and {more} more").format(more=more)] if more > 0 else told)
    return Finding(name, not differences, seen or _("as declared"), "\n".join(mends))
