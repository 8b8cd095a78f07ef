"""The rules of household files: who may see and change them, and which values can be right. Pure: no database."""

from minqing.households.rules.permissions import (
    ISSUES_CODES,
    may_change,
    may_grant_tag,
    may_issue_codes,
    may_keep_tags,
    may_move,
    may_see,
    may_see_looks,
    may_take_in,
    sees_files,
    sees_tag,
)
from minqing.households.rules.values import (
    HOUSEHOLD,
    LONGEST_REASON,
    LONGEST_TAG_DAYS,
    PERSON,
    TAG_ROLES,
    birth_day,
    check_tag,
    is_residents,
    number_readings,
)

__all__ = [
    "HOUSEHOLD",
    "ISSUES_CODES",
    "LONGEST_REASON",
    "LONGEST_TAG_DAYS",
    "PERSON",
    "TAG_ROLES",
    "birth_day",
    "check_tag",
    "is_residents",
    "may_change",
    "may_grant_tag",
    "may_issue_codes",
    "may_keep_tags",
    "may_move",
    "may_see",
    "may_see_looks",
    "may_take_in",
    "number_readings",
    "sees_files",
    "sees_tag",
]
