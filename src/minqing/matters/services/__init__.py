"""Writes of matters. Each takes the id that its form was made with, so that sending twice does it once."""

from minqing.matters.services.asking import DoorWord, hear_at_door
from minqing.matters.services.assigning import (
    assign_matter,
    classify_matter,
    decide_matter,
    transfer_matter,
    unassign_matter,
)
from minqing.matters.services.categories import load_categories
from minqing.matters.services.category_upkeep import (
    Wanted,
    add_category,
    change_category,
    drop_question,
    put_category_aside,
    save_categories,
    set_question,
    take_category_up,
)
from minqing.matters.services.clocks import due_to_assign, end_of_next_day
from minqing.matters.services.closing import (
    appeal_matter,
    confirm_matter,
    decline_matter,
    follow_up_matter,
    reopen_matter,
    withdraw_matter,
)
from minqing.matters.services.days import count_next_days, count_stale_days, rebuild_days, wrong_days
from minqing.matters.services.extending import ask_extension, grant_extension, refuse_extension
from minqing.matters.services.handling import accept_matter, add_note, finish_matter, note_progress, send_back_matter
from minqing.matters.services.joint import ask_part, decide_part, drop_part, refuse_part, reply_part
from minqing.matters.services.looking import look_up_caller, reveal_reporter
from minqing.matters.services.merging import merge_matter, split_matter
from minqing.matters.services.naming import name_handler, take_matter
from minqing.matters.services.outside import Fields, report_again
from minqing.matters.services.pauses import resume_matter, suspend_matter
from minqing.matters.services.periodic import draw_call_backs
from minqing.matters.services.phrases import add_phrase, drop_phrase, save_phrase
from minqing.matters.services.pictures import add_report_picture, drop_unused_pictures
from minqing.matters.services.reporting import report_matter
from minqing.matters.services.supervising import escalate_matter, release_matter, report_on_matter, supervise_matter

__all__ = [
    "DoorWord",
    "Fields",
    "Wanted",
    "accept_matter",
    "add_category",
    "add_note",
    "add_phrase",
    "add_report_picture",
    "appeal_matter",
    "ask_extension",
    "ask_part",
    "assign_matter",
    "change_category",
    "classify_matter",
    "confirm_matter",
    "count_next_days",
    "count_stale_days",
    "decide_matter",
    "decide_part",
    "decline_matter",
    "draw_call_backs",
    "drop_part",
    "drop_phrase",
    "drop_question",
    "drop_unused_pictures",
    "due_to_assign",
    "end_of_next_day",
    "escalate_matter",
    "finish_matter",
    "follow_up_matter",
    "grant_extension",
    "hear_at_door",
    "load_categories",
    "look_up_caller",
    "merge_matter",
    "name_handler",
    "note_progress",
    "put_category_aside",
    "rebuild_days",
    "refuse_extension",
    "refuse_part",
    "release_matter",
    "reopen_matter",
    "reply_part",
    "report_again",
    "report_matter",
    "report_on_matter",
    "resume_matter",
    "reveal_reporter",
    "save_categories",
    "save_phrase",
    "send_back_matter",
    "set_question",
    "split_matter",
    "supervise_matter",
    "suspend_matter",
    "take_category_up",
    "take_matter",
    "transfer_matter",
    "unassign_matter",
    "withdraw_matter",
    "wrong_days",
]
