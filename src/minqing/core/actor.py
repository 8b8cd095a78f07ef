"""Who is acting: made once per request or job, so that rules need neither database nor request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal
from uuid import UUID

from minqing.core.errors import Refused

ActorKind = Literal["user", "resident", "system", "partner"]


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in cadre, a resident behind a household code, another system, or the system itself.

    ``areas`` holds every area id the actor may see (children expanded), ``units`` those it acts for, and ``works_in``
    the unit of its post also where that opens none of the unit's work: nobody judges what the own unit did.
    ``purpose`` is why it looks, where a reason is asked for. ``household`` only for a resident,
    ``scopes`` (what its token opens) only for a partner. ``confidential``: whether its areas open to it also what
    neighbours must not know of one another. ``on_behalf``: it acts for somebody else with that person's paper slip
    at hand, and for nothing else of its own (:meth:`for_another`). ``post`` is the one in which a person acts: what
    was begun or allowed in one post is not carried on in another.
    """

    id: UUID | None
    kind: ActorKind
    name: str
    roles: frozenset[str] = field(default_factory=frozenset)
    areas: frozenset[int] = field(default_factory=frozenset)
    units: frozenset[int] = field(default_factory=frozenset)
    purpose: str = ""
    household: UUID | None = None
    scopes: frozenset[str] = field(default_factory=frozenset)
    confidential: bool = False
    on_behalf: bool = False
    post: UUID | None = None
    works_in: int | None = None

    @classmethod
    def system(cls, name: str, *, areas: Iterable[int] = (), units: Iterable[int] = ()) -> Actor:
        """A job or command called ``name`` (``notify.sweep``)."""
        return cls(id=None, kind="system", name=name, areas=frozenset(areas), units=frozenset(units), confidential=True)

    def for_another(self) -> Actor:
        """The same person with somebody's slip in hand: own areas and roles open nothing, the slip does.

        The units stay, so that nobody speaks for a reporter about the work of the own unit.
        """
        return replace(self, roles=frozenset(), areas=frozenset(), confidential=False, on_behalf=True)

    @property
    def own_units(self) -> frozenset[int]:
        """Those whose work is its own."""
        return self.units if self.works_in is None else self.units | {self.works_in}

    @property
    def ref(self) -> str:
        """How the journal names the actor: an id or a job's name, never a person's name."""
        if self.kind == "user":
            return f"user:{self.id}"
        if self.kind == "resident":
            return f"resident:household:{self.household}" if self.household else "resident:anonymous"
        return f"partner:{self.id}" if self.kind == "partner" else f"system:{self.name}"

    @property
    def person(self) -> UUID:
        """The account of the one who acts; raises Refused for those without one, to whom nothing can belong."""
        if self.id is None or self.kind != "user":
            raise Refused
        return self.id

    def has(self, *roles: str) -> bool:
        """Whether the actor holds at least one of ``roles``."""
        return not self.roles.isdisjoint(roles)
