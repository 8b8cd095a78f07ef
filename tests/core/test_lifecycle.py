"""A table of states and moves answers what is open, and draws itself."""

from __future__ import annotations

from enum import StrEnum

from minqing.core.lifecycle import Lifecycle


class State(StrEnum):
    DRAFT = "draft"
    LIVE = "live"
    OVER = "over"


class Move(StrEnum):
    MAKE = "make"
    NOTE = "note"
    START = "start"
    END = "end"


LETTER = Lifecycle[State, Move](
    {
        (None, Move.MAKE): State.DRAFT,
        (State.DRAFT, Move.START): State.LIVE,
        (State.LIVE, Move.END): State.OVER,
    },
    staying={State.LIVE: (Move.NOTE,)},
    ends=(State.OVER,),
)


def test_a_move_leads_on_or_stays_or_is_not_open() -> None:
    assert LETTER.target(None, Move.MAKE) is State.DRAFT
    assert LETTER.target(State.LIVE, Move.NOTE) is State.LIVE
    assert LETTER.target(State.OVER, Move.START) is None


def test_open_moves_come_in_the_order_of_their_enum() -> None:
    assert LETTER.moves_from(State.LIVE) == [Move.NOTE, Move.END]
    assert LETTER.moves_from(None) == [Move.MAKE]


def test_the_drawing_has_what_changes_the_state_and_the_ends() -> None:
    assert LETTER.diagram().splitlines() == [
        "stateDiagram-v2",
        "    [*] --> draft: make",
        "    draft --> live: start",
        "    live --> over: end",
        "    over --> [*]",
    ]


def test_what_is_made_without_a_move_has_its_first_state_drawn() -> None:
    rules = Lifecycle[State, Move]({(State.DRAFT, Move.START): State.LIVE}, begins=State.DRAFT)
    assert "    [*] --> draft" in rules.diagram().splitlines()
