"""How a thing moves through states, as a table: which move leads from which state to which. Pure.

Who may make a move is decided by the rules of the thing's room, apart from what its state allows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Generic, TypeVar

S = TypeVar("S", bound=StrEnum)
M = TypeVar("M", bound=StrEnum)


@dataclass(frozen=True)
class Lifecycle(Generic[S, M]):
    """The states of a thing and the moves between them.

    ``changing`` says where a move leads; from None the thing is made. ``staying`` are moves that leave it in its
    state. ``ends`` are states in which it may stay for good, ``begins`` the state of what is made without a move.
    """

    changing: Mapping[tuple[S | None, M], S]
    staying: Mapping[S, tuple[M, ...]] = field(default_factory=dict)
    ends: tuple[S, ...] = ()
    begins: S | None = None

    @cached_property
    def transitions(self) -> Mapping[tuple[S | None, M], S]:
        """Every open pair of state and move, those that stay too."""
        stay: dict[tuple[S | None, M], S] = {(at, move): at for at, moves in self.staying.items() for move in moves}
        return {**self.changing, **stay}

    def target(self, state: S | None, move: M) -> S | None:
        """Where ``move`` leads from ``state``; None where it is not open."""
        return self.transitions.get((state, move))

    def born(self, move: M) -> S:
        """The state of what ``move`` makes."""
        return self.changing[None, move]

    def moving(self, move: M) -> tuple[list[S], S]:
        """From which states ``move`` leads away, and the one state it leads to."""
        found = [(at, to) for (at, one), to in self.changing.items() if one is move and at is not None]
        (to,) = {to for _at, to in found}
        return [at for at, _to in found], to

    def moves_from(self, state: S | None) -> list[M]:
        """The moves open in ``state``, in the order of their enum."""
        _state, some = next(iter(self.changing))
        return [move for move in type(some) if (state, move) in self.transitions]

    def diagram(self) -> str:
        """The changing moves as a Mermaid state diagram."""
        lines = ["stateDiagram-v2", *([f"    [*] --> {self.begins}"] if self.begins else [])]
        lines += [f"    {state or '[*]'} --> {to}: {move}" for (state, move), to in self.changing.items()]
        return "\n".join([*lines, *(f"    {state} --> [*]" for state in self.ends)]) + "\n"
