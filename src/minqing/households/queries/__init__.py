"""Reading household files. Nothing else decides which households, people and tags an actor sees."""

from minqing.households.queries.doors import (
    CodeState,
    InForce,
    Plate,
    PlateCount,
    code_in_force,
    code_since,
    code_state,
    genuine_plate,
    household_by_code,
    household_numbered,
    id_numbered,
    numbers_of,
    plate_counts,
    plates_of,
)
from minqing.households.queries.files import Member, Row, members_of, rows_of, visible_household, visible_resident
from minqing.households.queries.names import longer_names, names_in
from minqing.households.queries.search import Caller, Found, kind_of, people_with_phone, search_households
from minqing.households.queries.tags import (
    Shown,
    grantable_tags,
    stored_tags,
    tagged,
    tags_for_upkeep,
    visible_tags,
)
from minqing.households.queries.visibility import visible_grants, visible_households, visible_residents

__all__ = [
    "Caller",
    "CodeState",
    "Found",
    "InForce",
    "Member",
    "Plate",
    "PlateCount",
    "Row",
    "Shown",
    "code_in_force",
    "code_since",
    "code_state",
    "genuine_plate",
    "grantable_tags",
    "household_by_code",
    "household_numbered",
    "id_numbered",
    "kind_of",
    "longer_names",
    "members_of",
    "names_in",
    "numbers_of",
    "people_with_phone",
    "plate_counts",
    "plates_of",
    "rows_of",
    "search_households",
    "stored_tags",
    "tagged",
    "tags_for_upkeep",
    "visible_grants",
    "visible_household",
    "visible_households",
    "visible_resident",
    "visible_residents",
    "visible_tags",
]
