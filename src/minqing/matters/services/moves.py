"""Which service makes which move; those of the system alone, and the first, have other arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from minqing.matters.enums import Move
from minqing.matters.models import Matter
from minqing.matters.services.assigning import assign_matter, classify_matter, decide_matter, transfer_matter
from minqing.matters.services.closing import (
    appeal_matter,
    confirm_matter,
    decline_matter,
    follow_up_matter,
    reopen_matter,
    withdraw_matter,
)
from minqing.matters.services.extending import ask_extension, grant_extension, refuse_extension
from minqing.matters.services.handling import accept_matter, add_note, finish_matter, note_progress, send_back_matter
from minqing.matters.services.joint import ask_part, decide_part, drop_part, refuse_part, reply_part
from minqing.matters.services.merging import merge_matter, split_matter
from minqing.matters.services.naming import name_handler, take_matter
from minqing.matters.services.pauses import resume_matter, suspend_matter
from minqing.matters.services.supervising import release_matter, report_on_matter, supervise_matter

# each takes the id of its form, the matter and by whom, and what its own form asks for
Service = Callable[..., Matter]
SERVICES: Final[Mapping[Move, Service]] = {
    Move.CLASSIFY: classify_matter,
    Move.ASSIGN: assign_matter,
    Move.ACCEPT: accept_matter,
    Move.NAME: name_handler,
    Move.TAKE: take_matter,
    Move.ACT: note_progress,
    Move.SEND_BACK: send_back_matter,
    Move.FINISH: finish_matter,
    Move.CONFIRM: confirm_matter,
    Move.FOLLOW_UP: follow_up_matter,
    Move.REOPEN: reopen_matter,
    Move.WITHDRAW: withdraw_matter,
    Move.NOTE: add_note,
    Move.TRANSFER: transfer_matter,
    Move.DECIDE: decide_matter,
    Move.JOIN: ask_part,
    Move.REPLY_PART: reply_part,
    Move.REFUSE_PART: refuse_part,
    Move.DECIDE_PART: decide_part,
    Move.DROP_PART: drop_part,
    Move.ASK_EXTENSION: ask_extension,
    Move.GRANT_EXTENSION: grant_extension,
    Move.REFUSE_EXTENSION: refuse_extension,
    Move.SUSPEND: suspend_matter,
    Move.RESUME: resume_matter,
    Move.DECLINE: decline_matter,
    Move.APPEAL: appeal_matter,
    Move.MERGE: merge_matter,
    Move.SPLIT: split_matter,
    Move.SUPERVISE: supervise_matter,
    Move.REPORT: report_on_matter,
    Move.RELEASE: release_matter,
}
