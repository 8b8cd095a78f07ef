"""Writes of household files: households and people, tags, codes at the door.

Every ``save_…`` may be repeated and tells what it did.
"""

from minqing.households.services.codes import (
    IssuedCode,
    issue_code,
    issue_missing_codes,
    reissue_code,
    revoke_code,
)
from minqing.households.services.duplicates import decide_duplicate, propose_duplicates, undo_duplicate
from minqing.households.services.households import (
    add_household,
    carry_households,
    close_household,
    save_household,
)
from minqing.households.services.moves import move_households, move_resident, undo_move
from minqing.households.services.reference import load_tags
from minqing.households.services.residents import (
    add_resident,
    leave_household,
    reveal_number,
    save_resident,
)
from minqing.households.services.rows import held_household, held_households
from minqing.households.services.tag_upkeep import add_tag, change_tag, put_tag_aside, save_tag, take_tag_up
from minqing.households.services.tags import grant_tag, revoke_tag

__all__ = [
    "IssuedCode",
    "add_household",
    "add_resident",
    "add_tag",
    "carry_households",
    "change_tag",
    "close_household",
    "decide_duplicate",
    "grant_tag",
    "held_household",
    "held_households",
    "issue_code",
    "issue_missing_codes",
    "leave_household",
    "load_tags",
    "move_households",
    "move_resident",
    "propose_duplicates",
    "put_tag_aside",
    "reissue_code",
    "reveal_number",
    "revoke_code",
    "revoke_tag",
    "save_household",
    "save_resident",
    "save_tag",
    "take_tag_up",
    "undo_duplicate",
    "undo_move",
]
