"""Writes of earning. Each checks the rule, takes its locks, writes, and appends one event: codes, never words."""

from minqing.earning.services.appeals import appeal_claim, grant_appeal, uphold_refusal
from minqing.earning.services.budgets import BudgetTerms, add_budget, change_budget, fill_begun, save_budget
from minqing.earning.services.claims import confirm_claim, correct_claim, refuse_claim, send_claim, thank_for
from minqing.earning.services.following import follow_claims
from minqing.earning.services.functions import add_function, change_function, load_functions
from minqing.earning.services.openings import open_balance
from minqing.earning.services.samples import doubt_thanks, draw_sample, pass_claim
from minqing.earning.services.together import CameAlong, thank_together

__all__ = [
    "BudgetTerms",
    "CameAlong",
    "add_budget",
    "add_function",
    "appeal_claim",
    "change_budget",
    "change_function",
    "confirm_claim",
    "correct_claim",
    "doubt_thanks",
    "draw_sample",
    "fill_begun",
    "follow_claims",
    "grant_appeal",
    "load_functions",
    "open_balance",
    "pass_claim",
    "refuse_claim",
    "save_budget",
    "send_claim",
    "thank_for",
    "thank_together",
    "uphold_refusal",
]
