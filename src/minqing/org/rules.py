"""Who sees what, decided from the role alone. Pure: no database."""

from __future__ import annotations

from minqing.org.enums import Role

# roles whose post opens the area it is in; the others see what is assigned to their unit, or figures, or nothing
SEES_AREA = frozenset({Role.CADRE, Role.VILLAGE_SECRETARY, Role.CLERK, Role.LEADER, Role.ANALYST})
SEES_UNIT = frozenset({Role.CLERK, Role.HANDLER, Role.UNIT_HEAD, Role.VILLAGE_SECRETARY})
SEES_HOUSEHOLDS = frozenset({Role.CADRE, Role.VILLAGE_SECRETARY, Role.CLERK})
# the order in which the post to act in is chosen when somebody holds several
RANK = {role: rank for rank, role in enumerate(Role)}
