"""A rule's answer: the boolean for the button, the reason for the tooltip and the refusal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from minqing.core.errors import Refused

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether something is allowed and, if not, why. Truthy when allowed."""

    allowed: bool
    code: str = ""
    reason: StrOrPromise = ""

    @classmethod
    def yes(cls) -> Decision:
        return YES

    @classmethod
    def no(cls, code: str, reason: StrOrPromise) -> Decision:
        return cls(False, code, reason)

    def __bool__(self) -> bool:
        return self.allowed

    def __and__(self, other: Decision) -> Decision:
        """Both must allow; the first refusal is the one that is told."""
        return other if self.allowed else self

    def require(self) -> None:
        """Raise :class:`Refused` with the reason unless allowed."""
        if not self.allowed:
            raise Refused(self.code, self.reason)


YES = Decision(True)
