"""Writes of the organisation: areas and units, accounts and posts, working days.

Every ``save_…`` finds its row by the county's own key, may be repeated, and tells what it did.
"""

from minqing.org.services.areas import save_area, save_unit
from minqing.org.services.changes import carry_on, merge_areas, undo_change
from minqing.org.services.days import clear_work_day, load_work_days, set_work_day
from minqing.org.services.people import choose_language, end_post, save_account, save_post, set_password, start_password
from minqing.org.services.staff import (
    add_person,
    change_person,
    give_post,
    give_start_passwords,
    left_behind,
    switch_off_account,
    switch_on_account,
)
from minqing.org.services.tree import add_area, close_area, move_area, rename_area, reopen_area
from minqing.org.services.units import add_unit, change_unit, close_unit, reopen_unit
from minqing.org.services.upsert import KEEP, Keep, Outcome

__all__ = [
    "KEEP",
    "Keep",
    "Outcome",
    "add_area",
    "add_person",
    "add_unit",
    "carry_on",
    "change_person",
    "change_unit",
    "choose_language",
    "clear_work_day",
    "close_area",
    "close_unit",
    "end_post",
    "give_post",
    "give_start_passwords",
    "left_behind",
    "load_work_days",
    "merge_areas",
    "move_area",
    "rename_area",
    "reopen_area",
    "reopen_unit",
    "save_account",
    "save_area",
    "save_post",
    "save_unit",
    "set_password",
    "set_work_day",
    "start_password",
    "switch_off_account",
    "switch_on_account",
    "undo_change",
]
